package io.crossfade.simulator.model;

import java.util.List;

/** Comparisons of two values and of one with several, NULL and all. Immutable. */
final class Comparison {
    private Comparison() {}

    static Expr of(Expr one, String operator, Expr two) {
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

    /** {@code one IN (values)}. */
    static Expr among(Expr one, List<Expr> values) {
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
}
