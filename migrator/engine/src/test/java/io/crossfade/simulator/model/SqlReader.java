package io.crossfade.simulator.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the statements that the driver and the migrator send, as far as a simulation meets them: SELECT, INSERT, REPLACE, UPDATE and
 * DELETE of one table, with one LEFT JOIN. Anything else is a failure, never a guess. Confined to one call.
 */
final class SqlReader {
    private final Cursor in;
    private final ExpressionReader expressions;

    private SqlReader(Cursor in) {
        this.in = in;
        this.expressions = new ExpressionReader(in);
    }

    static Sql read(String sql) {
        Cursor in = new Cursor(sql);
        Sql statement = new SqlReader(in).statement();
        in.takeIf(';');
        if (!in.isAtEnd()) {
            throw in.unread();
        }
        return statement;
    }

    private Sql statement() {
        if (in.takeIf("SELECT")) {
            return select();
        }
        if (in.takeIf("INSERT")) {
            boolean isIgnoring = in.takeIf("IGNORE");
            return insert(isIgnoring, false);
        }
        if (in.takeIf("REPLACE")) {
            return insert(false, true);
        }
        if (in.takeIf("UPDATE")) {
            String table = table();
            in.take("SET");
            List<Sql.Assignment> assignments = assignments();
            return new Sql.Update(table, assignments, where());
        }
        if (in.takeIf("DELETE")) {
            in.take("FROM");
            return new Sql.Delete(table(), where());
        }
        throw in.unread();
    }

    private Sql select() {
        List<Sql.Item> items = new ArrayList<>();
        do {
            items.add(item());
        } while (in.takeIf(','));
        if (!in.takeIf("FROM")) {
            return new Sql.Select(items, null, "", null, "", null, null, List.of(), null, null, false, false);
        }
        String table = table();
        String alias = alias();
        String joined = null;
        String joinedAlias = "";
        Expr on = null;
        if (in.takeIf("LEFT")) {
            in.take("JOIN");
            joined = table();
            joinedAlias = alias();
            in.take("ON");
            on = expressions.read();
        }
        Expr where = where();
        List<Sql.Order> orders = new ArrayList<>();
        if (in.takeIf("ORDER")) {
            in.take("BY");
            do {
                Expr by = expressions.read();
                boolean isDescending = in.takeIf("DESC");
                in.takeIf("ASC");
                orders.add(new Sql.Order(by, isDescending));
            } while (in.takeIf(','));
        }
        Expr limit = null;
        Expr offset = null;
        if (in.takeIf("LIMIT")) {
            limit = expressions.read();
            offset = in.takeIf("OFFSET") ? expressions.read() : null;
        }
        boolean isLocking = false;
        if (in.takeIf("FOR")) {
            in.take("UPDATE");
            isLocking = true;
        }
        boolean skipsLocked = in.takeIf("SKIP");
        if (skipsLocked) {
            in.take("LOCKED");
        }
        return new Sql.Select(
                items, table, alias, joined, joinedAlias, on, where, orders, limit, offset, isLocking, skipsLocked);
    }

    private Sql.Item item() {
        if (in.takeIf('*')) {
            return new Sql.Item(null, "*", Sql.Kind.ALL);
        }
        int start = in.at();
        if (in.isWord("COUNT") && in.isSymbol(1, '(') && in.isSymbol(2, '*')) {
            in.skip(4);
            return new Sql.Item(null, in.label(start), Sql.Kind.COUNT);
        }
        if (in.isName() && in.isSymbol(1, '.') && in.isSymbol(2, '*')) {
            in.skip(3);
            return new Sql.Item(null, "*", Sql.Kind.ALL);
        }
        Expr value = expressions.read();
        String label = in.label(start);
        return new Sql.Item(value, in.takeIf("AS") ? in.name() : label, Sql.Kind.VALUE);
    }

    private Sql insert(boolean isIgnoring, boolean isReplacing) {
        in.takeIf("INTO");
        String table = table();
        List<String> columns = new ArrayList<>();
        if (in.takeIf('(')) {
            do {
                columns.add(expressions.column());
            } while (in.takeIf(','));
            in.take(')');
        }
        in.take("VALUES");
        List<List<Expr>> rows = new ArrayList<>();
        do {
            in.take('(');
            List<Expr> row = new ArrayList<>();
            do {
                row.add(expressions.read());
            } while (in.takeIf(','));
            in.take(')');
            rows.add(row);
        } while (in.takeIf(','));
        List<Sql.Assignment> onDuplicate = List.of();
        if (in.takeIf("ON")) {
            in.take("DUPLICATE");
            in.take("KEY");
            in.take("UPDATE");
            onDuplicate = assignments();
        }
        return new Sql.Insert(table, columns, rows, onDuplicate, isIgnoring, isReplacing);
    }

    private List<Sql.Assignment> assignments() {
        List<Sql.Assignment> assignments = new ArrayList<>();
        do {
            String column = expressions.column();
            in.take('=');
            assignments.add(new Sql.Assignment(column, expressions.read()));
        } while (in.takeIf(','));
        return assignments;
    }

    private @Nullable Expr where() {
        return in.takeIf("WHERE") ? expressions.read() : null;
    }

    private String table() {
        String table = in.name();
        if (in.takeIf('.')) {
            table = in.name();
        }
        if (in.takeIf("FORCE")) {
            in.take("INDEX");
            in.take('(');
            in.name();
            in.take(')');
        }
        return table;
    }

    private String alias() {
        boolean isKeyword =
                in.isWord("LEFT") || in.isWord("WHERE") || in.isWord("ORDER") || in.isWord("LIMIT") || in.isWord("FOR");
        return in.isName() && !isKeyword ? in.name() : "";
    }
}
