package io.crossfade.simulator.model;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the SQL that the driver and the migrator send, as far as a simulation meets it: SELECT, INSERT, REPLACE, UPDATE and
 * DELETE of one table, with one LEFT JOIN. Anything else is a failure, never a guess. Confined to one call.
 */
final class SqlReader {
    private static final MySqlDialect DIALECT = MySqlDialect.of("8.0.35");

    private final Tokens tokens;
    private int at;
    private int parameters;

    private SqlReader(String sql) {
        this.tokens = DIALECT.lex(sql, SqlMode.DEFAULT);
    }

    static Sql read(String sql) {
        SqlReader reader = new SqlReader(sql);
        Sql statement = reader.statement();
        reader.takeIf(';');
        if (reader.at != reader.tokens.size()) {
            throw reader.unread();
        }
        return statement;
    }

    private Sql statement() {
        if (takeIf("SELECT")) {
            return select();
        }
        if (takeIf("INSERT")) {
            boolean isIgnoring = takeIf("IGNORE");
            return insert(isIgnoring, false);
        }
        if (takeIf("REPLACE")) {
            return insert(false, true);
        }
        if (takeIf("UPDATE")) {
            String table = table();
            take("SET");
            List<Sql.Assignment> assignments = assignments();
            return new Sql.Update(table, assignments, where());
        }
        if (takeIf("DELETE")) {
            take("FROM");
            return new Sql.Delete(table(), where());
        }
        throw unread();
    }

    private Sql select() {
        List<Sql.Item> items = new ArrayList<>();
        do {
            items.add(item());
        } while (takeIf(','));
        if (!takeIf("FROM")) {
            return new Sql.Select(items, null, "", null, "", null, null, List.of(), null, null, false);
        }
        String table = table();
        String alias = alias();
        String joined = null;
        String joinedAlias = "";
        Expr on = null;
        if (takeIf("LEFT")) {
            take("JOIN");
            joined = table();
            joinedAlias = alias();
            take("ON");
            on = expression();
        }
        Expr where = where();
        List<Sql.Order> orders = new ArrayList<>();
        if (takeIf("ORDER")) {
            take("BY");
            do {
                Expr by = expression();
                boolean isDescending = takeIf("DESC");
                takeIf("ASC");
                orders.add(new Sql.Order(by, isDescending));
            } while (takeIf(','));
        }
        Expr limit = null;
        Expr offset = null;
        if (takeIf("LIMIT")) {
            limit = expression();
            offset = takeIf("OFFSET") ? expression() : null;
        }
        boolean isLocking = false;
        if (takeIf("FOR")) {
            take("UPDATE");
            isLocking = true;
        }
        return new Sql.Select(items, table, alias, joined, joinedAlias, on, where, orders, limit, offset, isLocking);
    }

    private Sql.Item item() {
        if (takeIf('*')) {
            return new Sql.Item(null, "*", Sql.Kind.ALL);
        }
        int start = at;
        if (tokens.isWord(at, "COUNT") && tokens.isSymbol(at + 1, '(') && tokens.isSymbol(at + 2, '*')) {
            at += 4;
            return new Sql.Item(null, label(start), Sql.Kind.COUNT);
        }
        if (tokens.isName(at) && tokens.isSymbol(at + 1, '.') && tokens.isSymbol(at + 2, '*')) {
            at += 3;
            return new Sql.Item(null, "*", Sql.Kind.ALL);
        }
        Expr value = expression();
        String label = label(start);
        return new Sql.Item(value, takeIf("AS") ? name() : label, Sql.Kind.VALUE);
    }

    private String label(int start) {
        boolean isColumn = true;
        for (int i = start; i < at; i++) {
            isColumn &= (i - start) % 2 == 0 ? tokens.isName(i) : tokens.isSymbol(i, '.');
        }
        return isColumn ? tokens.name(at - 1) : tokens.text().substring(tokens.start(start), tokens.end(at - 1));
    }

    private Sql insert(boolean isIgnoring, boolean isReplacing) {
        takeIf("INTO");
        String table = table();
        List<String> columns = new ArrayList<>();
        if (takeIf('(')) {
            do {
                columns.add(column());
            } while (takeIf(','));
            take(')');
        }
        take("VALUES");
        List<List<Expr>> rows = new ArrayList<>();
        do {
            take('(');
            List<Expr> row = new ArrayList<>();
            do {
                row.add(expression());
            } while (takeIf(','));
            take(')');
            rows.add(row);
        } while (takeIf(','));
        List<Sql.Assignment> onDuplicate = List.of();
        if (takeIf("ON")) {
            take("DUPLICATE");
            take("KEY");
            take("UPDATE");
            onDuplicate = assignments();
        }
        return new Sql.Insert(table, columns, rows, onDuplicate, isIgnoring, isReplacing);
    }

    private List<Sql.Assignment> assignments() {
        List<Sql.Assignment> assignments = new ArrayList<>();
        do {
            String column = column();
            take('=');
            assignments.add(new Sql.Assignment(column, expression()));
        } while (takeIf(','));
        return assignments;
    }

    private @Nullable Expr where() {
        return takeIf("WHERE") ? expression() : null;
    }

    private String table() {
        String table = name();
        if (takeIf('.')) {
            table = name();
        }
        if (takeIf("FORCE")) {
            take("INDEX");
            take('(');
            name();
            take(')');
        }
        return table;
    }

    private String alias() {
        boolean isKeyword = tokens.isWord(at, "LEFT")
                || tokens.isWord(at, "WHERE")
                || tokens.isWord(at, "ORDER")
                || tokens.isWord(at, "LIMIT")
                || tokens.isWord(at, "FOR");
        return at < tokens.size() && tokens.isName(at) && !isKeyword ? name() : "";
    }

    private String column() {
        String column = name();
        while (takeIf('.')) {
            column = name();
        }
        return column;
    }

    // --- expressions, the loosest first -----------------------------------------------------------------------------

    private Expr expression() {
        Expr left = and();
        while (takeIf("OR")) {
            Expr one = left;
            Expr two = and();
            left = s -> {
                Object a = one.in(s);
                if (Expr.isTrue(a)) {
                    return 1L;
                }
                Object b = two.in(s);
                return Expr.isTrue(b) ? (Object) 1L : a == null || b == null ? null : (Object) 0L;
            };
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (takeIf("AND")) {
            Expr one = left;
            Expr two = not();
            left = s -> {
                Object a = one.in(s);
                if (a != null && !Expr.isTrue(a)) {
                    return 0L;
                }
                Object b = two.in(s);
                return b != null && !Expr.isTrue(b) ? (Object) 0L : a == null || b == null ? null : (Object) 1L;
            };
        }
        return left;
    }

    private Expr not() {
        if (takeIf("NOT")) {
            Expr inner = not();
            return s -> Expr.not(inner.in(s));
        }
        return comparison();
    }

    private Expr comparison() {
        Expr left = sum();
        while (true) {
            Expr one = left;
            if (takeIf("IS")) {
                boolean isNot = takeIf("NOT");
                take("NULL");
                left = s -> Expr.truth((one.in(s) == null) != isNot);
            } else if (takeIf("IN")) {
                left = in(one);
            } else {
                String operator = operator();
                if (operator.isEmpty()) {
                    return left;
                }
                left = compared(one, operator, sum());
            }
        }
    }

    private Expr in(Expr one) {
        take('(');
        List<Expr> values = new ArrayList<>();
        do {
            values.add(expression());
        } while (takeIf(','));
        take(')');
        return s -> {
            Object a = one.in(s);
            boolean isUnknown = a == null;
            for (Expr value : values) {
                Object b = value.in(s);
                if (a != null && b != null && Expr.compare(a, b) == 0) {
                    return 1L;
                }
                isUnknown |= b == null;
            }
            return isUnknown ? null : (Object) 0L;
        };
    }

    private static Expr compared(Expr one, String operator, Expr two) {
        if (operator.equals("<=>")) {
            return s -> {
                Object a = one.in(s);
                Object b = two.in(s);
                return Expr.truth(a == null || b == null ? a == b : Expr.compare(a, b) == 0);
            };
        }
        return s -> {
            Object a = one.in(s);
            Object b = two.in(s);
            if (a == null || b == null) {
                return null;
            }
            int c = Expr.compare(a, b);
            return Expr.truth(
                    switch (operator) {
                        case "=" -> c == 0;
                        case "<>", "!=" -> c != 0;
                        case "<" -> c < 0;
                        case "<=" -> c <= 0;
                        case ">" -> c > 0;
                        default -> c >= 0;
                    });
        };
    }

    private String operator() {
        StringBuilder operator = new StringBuilder();
        while (tokens.isSymbol(at, '<')
                || tokens.isSymbol(at, '=')
                || tokens.isSymbol(at, '>')
                || tokens.isSymbol(at, '!')) {
            operator.append(tokens.text(at++));
        }
        return operator.toString();
    }

    private Expr sum() {
        Expr left = product();
        while (tokens.isSymbol(at, '+') || tokens.isSymbol(at, '-')) {
            int sign = tokens.isSymbol(at++, '+') ? 1 : -1;
            Expr one = left;
            if (takeIf("INTERVAL")) {
                Expr many = product();
                long unit = micros(word());
                left = s -> plus(one.in(s), many.in(s), sign * unit);
            } else {
                Expr two = product();
                left = s -> plus(one.in(s), two.in(s), sign);
            }
        }
        return left;
    }

    private static @Nullable Object plus(@Nullable Object a, @Nullable Object b, long factor) {
        return a == null || b == null ? null : (Object) (Expr.number(a) + factor * Expr.number(b));
    }

    static long micros(String unit) {
        return switch (unit) {
            case "MICROSECOND" -> 1;
            case "SECOND" -> 1_000_000;
            case "MINUTE" -> 60_000_000;
            case "HOUR" -> 3_600_000_000L;
            case "DAY" -> 86_400_000_000L;
            default -> throw new IllegalStateException("no unit " + unit);
        };
    }

    private Expr product() {
        Expr left = unary();
        while (tokens.isWord(at, "DIV") || tokens.isSymbol(at, '*')) {
            boolean isDivision = tokens.isWord(at++, "DIV");
            Expr one = left;
            Expr two = unary();
            left = s -> {
                Object a = one.in(s);
                Object b = two.in(s);
                return a == null || b == null
                        ? null
                        : (Object) (isDivision ? Expr.number(a) / Expr.number(b) : Expr.number(a) * Expr.number(b));
            };
        }
        return left;
    }

    private Expr unary() {
        if (takeIf('-')) {
            Expr inner = unary();
            return s -> plus(0L, inner.in(s), -1);
        }
        Expr primary = primary();
        while (takeIf("COLLATE")) {
            name();
        }
        return primary;
    }

    private Expr primary() {
        if (at >= tokens.size()) {
            throw unread();
        }
        if (takeIf('(')) {
            Expr inner = expression();
            take(')');
            return inner;
        }
        switch (tokens.kind(at)) {
            case PARAMETER -> {
                at++;
                int i = parameters++;
                return s -> s.parameters[i];
            }
            case NUMBER -> {
                long number = Long.parseLong(tokens.text(at++));
                return s -> number;
            }
            case STRING -> {
                String raw = tokens.text(at++);
                String text = raw.substring(1, raw.length() - 1).replace("''", "'");
                return s -> text;
            }
            case WORD -> {
                if (tokens.isSymbol(at + 1, '(')) {
                    String function = word();
                    at++;
                    return function(function);
                }
                if (takeIf("NULL")) {
                    return s -> null;
                }
                if (takeIf("TRUE")) {
                    return s -> 1L;
                }
                if (takeIf("FALSE")) {
                    return s -> 0L;
                }
                if (takeIf("CASE")) {
                    return cases();
                }
            }
            default -> {
                // A column.
            }
        }
        String qualifier = "";
        String name = name();
        while (takeIf('.')) {
            qualifier = name;
            name = name();
        }
        String of = qualifier;
        String column = name;
        return s -> s.column(of, column);
    }

    private Expr cases() {
        List<Expr> conditions = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (takeIf("WHEN")) {
            conditions.add(expression());
            take("THEN");
            values.add(expression());
        }
        Expr otherwise = takeIf("ELSE") ? expression() : s -> null;
        take("END");
        return s -> {
            for (int i = 0; i < conditions.size(); i++) {
                if (Expr.isTrue(conditions.get(i).in(s))) {
                    return values.get(i).in(s);
                }
            }
            return otherwise.in(s);
        };
    }

    private Expr function(String name) {
        switch (name) {
            case "CAST" -> {
                Expr value = expression();
                take("AS");
                return cast(value);
            }
            case "CONVERT" -> {
                Expr value = expression();
                take("USING");
                name();
                take(')');
                return value;
            }
            case "VALUES" -> {
                String column = column();
                take(')');
                return s -> s.offered(column);
            }
            case "TIMESTAMPDIFF" -> {
                long unit = micros(word());
                take(',');
                List<Expr> two = arguments();
                return s -> {
                    Object difference = plus(two.get(1).in(s), two.get(0).in(s), -1);
                    return difference == null ? null : (Object) ((long) difference / unit);
                };
            }
            default -> {
                return called(name, arguments());
            }
        }
    }

    private List<Expr> arguments() {
        List<Expr> arguments = new ArrayList<>();
        if (!tokens.isSymbol(at, ')')) {
            do {
                arguments.add(expression());
            } while (takeIf(','));
        }
        take(')');
        return arguments;
    }

    private Expr called(String name, List<Expr> args) {
        return switch (name) {
            case "UTC_TIMESTAMP", "NOW" -> s -> s.nowMicros / 1000 * 1000;
            case "CONCAT" ->
                s -> {
                    StringBuilder all = new StringBuilder();
                    for (Expr arg : args) {
                        Object value = arg.in(s);
                        if (value == null) {
                            return null;
                        }
                        all.append(value);
                    }
                    return all.toString();
                };
            case "SUBSTRING" ->
                s -> {
                    Object text = args.get(0).in(s);
                    int from = (int) Expr.number(args.get(1).in(s)) - 1;
                    return text == null
                            ? null
                            : text.toString()
                                    .substring(Math.min(from, text.toString().length()));
                };
            case "UPPER" ->
                s -> {
                    Object text = args.get(0).in(s);
                    return text == null ? null : text.toString().toUpperCase(Locale.ROOT);
                };
            case "LOWER" ->
                s -> {
                    Object text = args.get(0).in(s);
                    return text == null ? null : text.toString().toLowerCase(Locale.ROOT);
                };
            case "COALESCE", "IFNULL" ->
                s -> {
                    for (Expr arg : args) {
                        Object value = arg.in(s);
                        if (value != null) {
                            return value;
                        }
                    }
                    return null;
                };
            case "GREATEST" ->
                s -> {
                    Object most = null;
                    for (Expr arg : args) {
                        Object value = arg.in(s);
                        if (value == null) {
                            return null;
                        }
                        most = most == null || Expr.compare(value, most) > 0 ? value : most;
                    }
                    return most;
                };
            default ->
                throw new IllegalStateException("the model server has no function " + name + ": " + tokens.text());
        };
    }

    private Expr cast(Expr value) {
        String type = word();
        while (!takeIf(')')) {
            if (takeIf('(')) {
                while (!takeIf(')')) {
                    at++;
                }
            } else {
                at++;
            }
        }
        return switch (type) {
            case "CHAR", "BINARY" ->
                s -> {
                    Object text = value.in(s);
                    return text == null ? null : text.toString();
                };
            case "SIGNED", "UNSIGNED" ->
                s -> {
                    Object number = value.in(s);
                    return number == null ? null : (Object) Expr.number(number);
                };
            default -> throw unread();
        };
    }

    // --- tokens -----------------------------------------------------------------------------------------------------

    private boolean takeIf(String word) {
        boolean is = tokens.isWord(at, word);
        at += is ? 1 : 0;
        return is;
    }

    private boolean takeIf(char symbol) {
        boolean is = tokens.isSymbol(at, symbol);
        at += is ? 1 : 0;
        return is;
    }

    private void take(String word) {
        if (!takeIf(word)) {
            throw unread();
        }
    }

    private void take(char symbol) {
        if (!takeIf(symbol)) {
            throw unread();
        }
    }

    private String word() {
        if (at >= tokens.size() || tokens.kind(at) != TokenKind.WORD) {
            throw unread();
        }
        return tokens.text(at++).toUpperCase(Locale.ROOT);
    }

    private String name() {
        if (!tokens.isName(at)) {
            throw unread();
        }
        return tokens.name(at++);
    }

    private IllegalStateException unread() {
        return new IllegalStateException("the model server does not read this at token " + at
                + (at < tokens.size() ? " (" + tokens.text(at) + ")" : "") + ": " + tokens.text());
    }
}
