package io.crossfade.migrator.row;

import io.crossfade.migrator.row.BinaryJson.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A JSON document as an SQL expression that gives the identical document again.
 *
 * <p>What survives its text goes as text, in one piece: {@code CAST(_utf8mb4 X'7b7d' AS JSON)}. The rest is built from typed
 * parts, and only there: {@code JSON_ARRAY(CAST(5 AS UNSIGNED), CAST('2020-01-01' AS DATE))}. Text loses whether a small integer
 * was unsigned, every value that JSON does not know, and the last digits of long doubles, which the server's parser of JSON
 * rounds otherwise than its parser of SQL.
 */
final class JsonSql {

    /** Up to here an integer is a double without rounding, and ten to this power too: then text is read exactly. */
    private static final long EXACT_DIGITS_MAX = 1L << 53;

    private static final int EXACT_EXPONENT_MAX = 22;

    private JsonSql() {}

    static String of(byte[] document) {
        Value value = BinaryJson.read(document);
        if (survivesText(value) || value instanceof Value.Items || value instanceof Value.Members) {
            return expression(value);
        }
        // CAST(… AS JSON) of text and bytes would parse them.
        return "JSON_EXTRACT(JSON_ARRAY(" + expression(value) + "), '$[0]')";
    }

    private static boolean survivesText(Value value) {
        if (value instanceof Value.Items items) {
            return items.values().stream().allMatch(JsonSql::survivesText);
        }
        if (value instanceof Value.Members members) {
            return members.values().stream().allMatch(JsonSql::survivesText);
        }
        if (value instanceof Value.Unsigned number) {
            return number.bits() < 0;
        }
        if (value instanceof Value.Real real) {
            return survivesText(real.number());
        }
        return !(value instanceof Value.Opaque);
    }

    private static boolean survivesText(double number) {
        if (number == 0) {
            return Double.doubleToRawLongBits(number) == 0;
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        return decimal.unscaledValue().abs().bitLength() <= 53
                && decimal.unscaledValue().abs().longValue() < EXACT_DIGITS_MAX
                && Math.abs(decimal.scale()) <= EXACT_EXPONENT_MAX;
    }

    private static String expression(Value value) {
        StringBuilder sql = new StringBuilder();
        append(sql, value);
        return sql.toString();
    }

    private static void append(StringBuilder sql, Value value) {
        if (survivesText(value)) {
            StringBuilder text = new StringBuilder();
            appendText(text, value);
            sql.append("CAST(").append(utf8mb4(text.toString())).append(" AS JSON)");
        } else if (value instanceof Value.Items items) {
            appendCall(sql, "JSON_ARRAY", List.of(), items.values());
        } else if (value instanceof Value.Members members) {
            appendCall(sql, "JSON_OBJECT", members.keys(), members.values());
        } else if (value instanceof Value.Unsigned number) {
            sql.append("CAST(").append(Long.toUnsignedString(number.bits())).append(" AS UNSIGNED)");
        } else if (value instanceof Value.Real real) {
            sql.append(Literals.real(real.number()));
        } else if (value instanceof Value.Opaque opaque) {
            sql.append(JsonOpaque.sql(opaque));
        } else {
            throw new IllegalStateException("JSON of an unforeseen kind: " + value.getClass());
        }
    }

    private static void appendCall(StringBuilder sql, String function, List<String> keys, List<Value> values) {
        sql.append(function).append('(');
        for (int i = 0; i < values.size(); i++) {
            sql.append(i > 0 ? ", " : "");
            if (!keys.isEmpty()) {
                sql.append(utf8mb4(keys.get(i))).append(", ");
            }
            append(sql, values.get(i));
        }
        sql.append(')');
    }

    private static void appendText(StringBuilder text, Value value) {
        if (value instanceof Value.Items items) {
            text.append('[');
            for (int i = 0; i < items.values().size(); i++) {
                text.append(i > 0 ? "," : "");
                appendText(text, items.values().get(i));
            }
            text.append(']');
        } else if (value instanceof Value.Members members) {
            text.append('{');
            for (int i = 0; i < members.keys().size(); i++) {
                text.append(i > 0 ? "," : "");
                appendQuoted(text, members.keys().get(i));
                appendText(text.append(':'), members.values().get(i));
            }
            text.append('}');
        } else if (value instanceof Value.Word word) {
            text.append(word.word());
        } else if (value instanceof Value.Signed number) {
            text.append(number.number());
        } else if (value instanceof Value.Unsigned number) {
            text.append(Long.toUnsignedString(number.bits()));
        } else if (value instanceof Value.Real real) {
            text.append(real.number());
        } else if (value instanceof Value.Text string) {
            appendQuoted(text, string.text());
        }
    }

    private static void appendQuoted(StringBuilder text, String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    private static String utf8mb4(String text) {
        return "_utf8mb4 " + Literals.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
