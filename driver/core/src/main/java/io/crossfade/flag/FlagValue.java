package io.crossfade.flag;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a source says of one flag. Immutable. */
public sealed interface FlagValue {

    int PERCENT_MAX = 100;

    /** A share of reads. */
    record Percent(int percent) implements FlagValue {
        public Percent {
            if (percent < 0 || percent > PERCENT_MAX) {
                throw new IllegalArgumentException("a share of reads is 0 to 100 percent; seen " + percent);
            }
        }
    }

    /** The flag is there and leaves the value to us: the control table decides. */
    record Unset() implements FlagValue {}

    /**
     * The value is none that we can use: the last good one holds.
     *
     * @param seen what was seen, for a message
     */
    record Wrong(String seen) implements FlagValue {}

    /** {@code 10} and {@code 10.0} are ten percent, {@code true} is all reads and {@code false} none, null leaves it to us. */
    static FlagValue of(@Nullable Object value) {
        if (value == null) {
            return new Unset();
        }
        if (value instanceof Boolean all) {
            return new Percent(all ? PERCENT_MAX : 0);
        }
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            return number >= 0 && number <= PERCENT_MAX ? new Percent((int) number) : new Wrong("the number " + number);
        }
        if (value instanceof Number number) {
            return ofFraction(number);
        }
        return new Wrong(
                value instanceof Map ? "an object" : value instanceof List ? "a list" : "a " + typeName(value));
    }

    private static FlagValue ofFraction(Number number) {
        double value = number.doubleValue();
        if (value >= 0 && value <= PERCENT_MAX && value == Math.rint(value)) {
            return new Percent((int) value);
        }
        boolean isLong = number instanceof BigInteger || number instanceof BigDecimal;
        return new Wrong(isLong ? "a number out of range" : "the number " + number);
    }

    private static String typeName(Object value) {
        return value instanceof CharSequence ? "text" : value.getClass().getSimpleName();
    }
}
