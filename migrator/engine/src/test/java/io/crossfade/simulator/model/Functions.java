package io.crossfade.simulator.model;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The SQL functions and the arithmetic that a simulation meets. Immutable. */
final class Functions {
    private Functions() {}

    /** @param statement where it was called, for the failure */
    static Expr called(String name, List<Expr> args, String statement) {
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
            default -> throw new IllegalStateException("the model server has no function " + name + ": " + statement);
        };
    }

    /** A number, or a time in microseconds, that so many times another is added to. */
    static @Nullable Object plus(@Nullable Object a, @Nullable Object b, long factor) {
        return a == null || b == null ? null : (Object) (Expr.number(a) + factor * Expr.number(b));
    }

    /** The microseconds of a unit of time. */
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
}
