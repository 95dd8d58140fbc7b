package io.crossfade.migrator.row;

import io.crossfade.model.Column;
import java.math.BigDecimal;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Values of a {@link Row} as SQL literals. Inserted into a column of the same definition, in a session with {@code time_zone =
 * '+00:00'}, a strict sql_mode without NO_ZERO_DATE and NO_ZERO_IN_DATE, and {@code NAMES utf8mb4}, each stores exactly the
 * same value.
 *
 * <p>Text goes as hexadecimal digits behind its character set, so no value needs quoting and none passes through a conversion:
 * {@code _latin1 X'e9'}.
 */
public final class Literals {

    private Literals() {}

    /**
     * The literal of a value.
     *
     * @param column the column that the value comes from
     * @throws IllegalArgumentException where there is none: a JSON value with a part that no SQL expression gives
     */
    public static String of(Column column, @Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof byte[] bytes) {
            return bytes(column, bytes);
        }
        if (value instanceof String text) {
            return "'" + text + "'";
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Float number) {
            return real(number.doubleValue());
        }
        if (value instanceof Double number) {
            return real(number);
        }
        return value.toString();
    }

    /** With an exponent, which makes it a DOUBLE: without one it would be a DECIMAL, of which FLOAT takes another way. */
    static String real(double number) {
        String text = Double.toString(number);
        return text.indexOf('E') >= 0 ? text : text + "E0";
    }

    static String hex(byte[] bytes) {
        return "X'" + HexFormat.of().formatHex(bytes) + "'";
    }

    private static String bytes(Column column, byte[] bytes) {
        if (column.baseType().equals("json")) {
            return JsonSql.of(bytes);
        }
        return column.charset() == null ? hex(bytes) : "_" + column.charset() + " " + hex(bytes);
    }
}
