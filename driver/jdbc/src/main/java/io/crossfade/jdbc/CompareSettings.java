package io.crossfade.jdbc;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Which reads compare the two sides of the rows that they give, and how much may differ. Immutable.
 *
 * @param readsPerMillion how many of a million reads compare; by chance
 * @param differingPer10000Max how many of 10,000 compared rows may differ before reads go back to old
 */
record CompareSettings(int readsPerMillion, int differingPer10000Max) {

    static final int MILLION = 1_000_000;

    /** The rows that a threshold is about. */
    static final int ROWS = 10_000;

    private static final int PERCENT_IN_MILLION = 10_000;

    static CompareSettings of(Properties given) throws SQLException {
        BigDecimal percent =
                number(given, DriverProperty.COMPARE_PERCENT, 100, "percent from 0 to 100, down to 0.0001");
        BigDecimal perMillion = percent.multiply(BigDecimal.valueOf(PERCENT_IN_MILLION));
        BigDecimal differing = number(
                given, DriverProperty.DIFFERING_PER_10000_MAX, ROWS, "rows of 10,000 compared ones, from 0 to 10000");
        return new CompareSettings(perMillion.intValue(), differing.intValue());
    }

    private static BigDecimal number(Properties given, DriverProperty property, int max, String unit)
            throws SQLException {
        String value = given.getProperty(property.key(), property.defaultValue().orElse(""));
        try {
            BigDecimal number = new BigDecimal(value.trim());
            boolean isWhole = property != DriverProperty.DIFFERING_PER_10000_MAX
                    || number.stripTrailingZeros().scale() <= 0;
            if (number.signum() >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0 && isWhole) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the error below, which says what is taken.
        }
        throw CrossfadeError.configuration(
                "cannot connect: " + property.key() + " is \"" + value + "\"; use a number of " + unit);
    }
}
