package io.crossfade.migrator.row;

import io.crossfade.migrator.row.BinaryJson.Value;
import java.math.BigDecimal;

/** Values inside a JSON document that JSON itself does not know, as typed SQL expressions. */
final class JsonOpaque {

    private JsonOpaque() {}

    static String sql(Value.Opaque value) {
        Bytes in = value.data();
        return switch (value.type()) {
            case CellType.DECIMAL -> {
                int precision = in.u8();
                int scale = in.u8();
                BigDecimal number = Decimals.read(in, precision, scale);
                yield "CAST(" + number.toPlainString() + " AS DECIMAL(" + precision + "," + scale + "))";
            }
            case CellType.DATE -> "CAST('" + text(in.little(8)).substring(0, 10) + "' AS DATE)";
            // One that came from a TIMESTAMP column becomes a DATETIME: the same text, and nothing gives the other
            // type.
            case CellType.OLD_DATETIME, CellType.OLD_TIMESTAMP -> "CAST('" + text(in.little(8)) + "' AS DATETIME(6))";
            case CellType.OLD_TIME -> "CAST('" + time(in.little(8)) + "' AS TIME(6))";
            case CellType.VARCHAR -> "_binary " + Literals.hex(in.take(in.left()));
            // What functions give on 5.7; on 8.0 they give the kind above, with the same bytes.
            case CellType.VAR_STRING -> "CONCAT(" + Literals.hex(in.take(in.left())) + ")";
            default ->
                throw new IllegalArgumentException("a JSON document holds a value of the stored type " + value.type()
                        + ", which no SQL expression gives");
        };
    }

    /** Year × 13 + month, day, hour, minute, second, and 24 bits of microseconds. */
    private static String text(long packed) {
        long v = packed >> 24;
        StringBuilder text = new StringBuilder(26);
        Temporals.appendDate(text, (v >> 22) / 13, (v >> 22) % 13, v >> 17 & 31);
        Temporals.appendClock(text.append(' '), v >> 12 & 31, v >> 6 & 63, v & 63);
        Temporals.padded(text.append('.'), packed & 0xff_ffff, 6);
        return text.toString();
    }

    private static String time(long packed) {
        long size = Math.abs(packed);
        long v = size >> 24;
        StringBuilder text = new StringBuilder(17).append(packed < 0 ? "-" : "");
        Temporals.appendClock(text, v >> 12 & 1023, v >> 6 & 63, v & 63);
        Temporals.padded(text.append('.'), size & 0xff_ffff, 6);
        return text.toString();
    }
}
