package io.crossfade.migrator.lint;

import io.crossfade.model.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an exact number's type holds. Immutable.
 *
 * @param min the least
 * @param max the greatest
 * @param scale digits behind the point
 * @param isInteger whether it is one of the integer types or YEAR
 * @param isExact whether the type is an exact number's at all
 */
record Numbers(BigDecimal min, BigDecimal max, int scale, boolean isInteger, boolean isExact) {

    private static final Map<String, Integer> BITS =
            Map.of("tinyint", 8, "smallint", 16, "mediumint", 24, "int", 32, "bigint", 64);

    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+),(\\d+)\\)");
    private static final Numbers NONE = new Numbers(BigDecimal.ZERO, BigDecimal.ZERO, 0, false, false);

    static Numbers of(Column column) {
        String type = column.type().toLowerCase(java.util.Locale.ROOT);
        boolean isUnsigned = type.contains("unsigned");
        Integer bits = BITS.get(column.baseType());
        if (bits != null) {
            BigInteger half = BigInteger.ONE.shiftLeft(bits - 1);
            BigInteger min = isUnsigned ? BigInteger.ZERO : half.negate();
            BigInteger max = (isUnsigned ? half.shiftLeft(1) : half).subtract(BigInteger.ONE);
            return new Numbers(new BigDecimal(min), new BigDecimal(max), 0, true, true);
        }
        Matcher m = DECIMAL.matcher(type);
        if (m.lookingAt()) {
            int scale = Integer.parseInt(m.group(2));
            BigDecimal max = new BigDecimal(
                    BigInteger.TEN.pow(Integer.parseInt(m.group(1))).subtract(BigInteger.ONE), scale);
            return new Numbers(isUnsigned ? BigDecimal.ZERO : max.negate(), max, scale, false, true);
        }
        if (column.baseType().equals("year")) {
            return new Numbers(BigDecimal.valueOf(1901), BigDecimal.valueOf(2155), 0, true, true);
        }
        return NONE;
    }

    /** Whether the other type has values that this one does not. */
    boolean narrows(Numbers other) {
        return min.compareTo(other.min) > 0 || max.compareTo(other.max) < 0 || scale < other.scale;
    }

    /** SQL that is true where a value would be cut or rounded. */
    String outside(String value) {
        return value + " < " + min.toPlainString() + " OR " + value + " > " + max.toPlainString() + " OR " + value
                + " <> ROUND(" + value + ", " + scale + ")";
    }
}
