package io.crossfade.migrator.row;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row image of the change log: a value for every column of the table, in the table's order, generated and invisible
 * columns included.
 *
 * <p>What a value is, by the column's type:
 *
 * <ul>
 *   <li>integers, YEAR, BIT, ENUM (its index), SET (its mask): {@link Long}, or {@link java.math.BigInteger} above Long.MAX_VALUE
 *   <li>DECIMAL: {@link java.math.BigDecimal} with the column's scale; FLOAT: {@link Float}; DOUBLE: {@link Double}
 *   <li>DATE, DATETIME, TIMESTAMP (in UTC), TIME: {@link String} as the server prints it, with the column's fraction digits
 *   <li>text: {@code byte[]} in the column's character set; BINARY padded to its length; blobs and geometry: {@code byte[]}
 *   <li>JSON: {@code byte[]}, in the server's binary form on MySQL, as UTF-8 text on MariaDB
 *   <li>MariaDB's UUID, INET4, INET6: {@link String} as the server prints it
 * </ul>
 *
 * <p>Immutable, as long as nobody writes into its arrays.
 */
public final class Row {

    /** The object, its array, and the head of one value; a number is no larger. */
    private static final int ROW_BYTES = 40;

    private static final int VALUE_BYTES = 28;

    private final @Nullable Object[] values;

    public Row(@Nullable Object[] values) {
        this.values = values.clone();
    }

    public int size() {
        return values.length;
    }

    /** The value of a column, by its place from 0; null for NULL. */
    public @Nullable Object value(int column) {
        return values[column];
    }

    /** About the memory that it takes. */
    public long bytes() {
        long bytes = ROW_BYTES;
        for (Object value : values) {
            bytes += VALUE_BYTES;
            if (value instanceof byte[] array) {
                bytes += array.length;
            } else if (value instanceof CharSequence text) {
                bytes += text.length();
            } else if (value instanceof Number number && !(number instanceof Long)) {
                bytes += VALUE_BYTES;
            }
        }
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row && Arrays.deepEquals(values, row.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }

    /** Without the values, which nobody may log. */
    @Override
    public String toString() {
        return "Row[" + values.length + " columns]";
    }
}
