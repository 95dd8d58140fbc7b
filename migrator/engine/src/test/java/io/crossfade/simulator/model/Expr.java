package io.crossfade.simulator.model;

import org.jspecify.annotations.Nullable;

/** An SQL expression. Values are Long, String and null; truth is 1, 0 and null. Immutable. */
@FunctionalInterface
interface Expr {
    @Nullable
    Object in(Scope scope);

    static boolean isTrue(@Nullable Object value) {
        return value instanceof Long number && number != 0;
    }

    static Long truth(boolean value) {
        return value ? 1L : 0L;
    }

    static @Nullable Object not(@Nullable Object value) {
        return value == null ? null : truth(!isTrue(value));
    }

    /** Text is compared as bytes: the model has no collations. */
    static int compare(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        return Long.compare(number(a), number(b));
    }

    static long number(Object value) {
        return value instanceof Long number ? number : Long.parseLong((String) value);
    }
}
