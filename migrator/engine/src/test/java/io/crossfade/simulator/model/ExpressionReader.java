package io.crossfade.simulator.model;

import java.util.ArrayList;
import java.util.List;

/** Reads expressions into what can be evaluated, the loosest binding first. Confined to one call. */
final class ExpressionReader {
    private final Cursor in;
    private int parameters;

    ExpressionReader(Cursor in) {
        this.in = in;
    }

    /** Reads one, the loosest binding first. */
    Expr read() {
        Expr left = and();
        while (in.takeIf("OR")) {
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
        while (in.takeIf("AND")) {
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
        if (in.takeIf("NOT")) {
            Expr inner = not();
            return s -> Expr.not(inner.in(s));
        }
        return comparison();
    }

    private Expr comparison() {
        Expr left = sum();
        while (true) {
            Expr one = left;
            if (in.takeIf("IS")) {
                boolean isNot = in.takeIf("NOT");
                in.take("NULL");
                left = s -> Expr.truth((one.in(s) == null) != isNot);
            } else if (in.takeIf("IN")) {
                left = among(one);
            } else {
                String operator = operator();
                if (operator.isEmpty()) {
                    return left;
                }
                left = Comparison.of(one, operator, sum());
            }
        }
    }

    private Expr among(Expr one) {
        in.take('(');
        List<Expr> values = new ArrayList<>();
        do {
            values.add(read());
        } while (in.takeIf(','));
        in.take(')');
        return Comparison.among(one, values);
    }

    private String operator() {
        StringBuilder operator = new StringBuilder();
        while (in.isSymbol('<') || in.isSymbol('=') || in.isSymbol('>') || in.isSymbol('!')) {
            operator.append(in.take());
        }
        return operator.toString();
    }

    private Expr sum() {
        Expr left = product();
        while (in.isSymbol('+') || in.isSymbol('-')) {
            int sign = in.take().equals("+") ? 1 : -1;
            Expr one = left;
            if (in.takeIf("INTERVAL")) {
                Expr many = product();
                long unit = Functions.micros(in.word());
                left = s -> Functions.plus(one.in(s), many.in(s), sign * unit);
            } else {
                Expr two = product();
                left = s -> Functions.plus(one.in(s), two.in(s), sign);
            }
        }
        return left;
    }

    private Expr product() {
        Expr left = unary();
        while (in.isWord("DIV") || in.isSymbol('*')) {
            boolean isDivision = in.take().equalsIgnoreCase("DIV");
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
        if (in.takeIf('-')) {
            Expr inner = unary();
            return s -> Functions.plus(0L, inner.in(s), -1);
        }
        Expr primary = primary();
        while (in.takeIf("COLLATE")) {
            in.name();
        }
        return primary;
    }

    private Expr primary() {
        if (in.isAtEnd()) {
            throw in.unread();
        }
        if (in.takeIf('(')) {
            Expr inner = read();
            in.take(')');
            return inner;
        }
        switch (in.kind()) {
            case PARAMETER -> {
                in.skip(1);
                int i = parameters++;
                return s -> s.parameters[i];
            }
            case NUMBER -> {
                long number = Long.parseLong(in.take());
                return s -> number;
            }
            case STRING -> {
                String raw = in.take();
                String text = raw.substring(1, raw.length() - 1).replace("''", "'");
                return s -> text;
            }
            case WORD -> {
                if (in.isSymbol(1, '(')) {
                    String function = in.word();
                    in.skip(1);
                    return function(function);
                }
                if (in.takeIf("NULL")) {
                    return s -> null;
                }
                if (in.takeIf("TRUE")) {
                    return s -> 1L;
                }
                if (in.takeIf("FALSE")) {
                    return s -> 0L;
                }
                if (in.takeIf("CASE")) {
                    return cases();
                }
            }
            default -> {
                // A column.
            }
        }
        String qualifier = "";
        String name = in.name();
        while (in.takeIf('.')) {
            qualifier = name;
            name = in.name();
        }
        String of = qualifier;
        String column = name;
        return s -> s.column(of, column);
    }

    private Expr cases() {
        List<Expr> conditions = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (in.takeIf("WHEN")) {
            conditions.add(read());
            in.take("THEN");
            values.add(read());
        }
        Expr otherwise = in.takeIf("ELSE") ? read() : s -> null;
        in.take("END");
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
                Expr value = read();
                in.take("AS");
                return cast(value);
            }
            case "CONVERT" -> {
                Expr value = read();
                in.take("USING");
                in.name();
                in.take(')');
                return value;
            }
            case "VALUES" -> {
                String column = column();
                in.take(')');
                return s -> s.offered(column);
            }
            case "TIMESTAMPDIFF" -> {
                long unit = Functions.micros(in.word());
                in.take(',');
                List<Expr> two = arguments();
                return s -> {
                    Object difference =
                            Functions.plus(two.get(1).in(s), two.get(0).in(s), -1);
                    return difference == null ? null : (Object) ((long) difference / unit);
                };
            }
            default -> {
                return Functions.called(name, arguments(), in.text());
            }
        }
    }

    private Expr cast(Expr value) {
        String type = in.word();
        while (!in.takeIf(')')) {
            if (in.takeIf('(')) {
                while (!in.takeIf(')')) {
                    in.skip(1);
                }
            } else {
                in.skip(1);
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
            default -> throw in.unread();
        };
    }

    private List<Expr> arguments() {
        List<Expr> arguments = new ArrayList<>();
        if (!in.isSymbol(')')) {
            do {
                arguments.add(read());
            } while (in.takeIf(','));
        }
        in.take(')');
        return arguments;
    }

    /** A column without what it is qualified by. */
    String column() {
        String column = in.name();
        while (in.takeIf('.')) {
            column = in.name();
        }
        return column;
    }
}
