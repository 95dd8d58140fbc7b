package io.crossfade.migrator.chunk;

import io.crossfade.model.Column;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One column of a primary key, and how its values travel: as plain ASCII text that a checkpoint can hold, and back as a
 * literal that the server compares by the column's own rules.
 *
 * <p>Text {@code 'ä'} in latin1 → {@code E4} → {@code _latin1 X'E4'}. Immutable.
 *
 * @param name the column
 * @param form how its values are written
 * @param charset the character set of a text column, else empty
 */
public record KeyColumn(String name, Form form, String charset) {

    /** How a value is written. */
    public enum Form {
        /** Digits, as they are. */
        NUMBER(Pattern.compile("-?[0-9]+(\\.[0-9]+)?")),
        /** A number that the server keeps behind a word: ENUM, SET, BIT. */
        ORDINAL(Pattern.compile("[0-9]+")),
        /** Hexadecimal bytes in the column's character set. */
        TEXT(Pattern.compile("([0-9A-F]{2})*")),
        /** Hexadecimal bytes. */
        BYTES(Pattern.compile("([0-9A-F]{2})*")),
        /** Dates, times, UUIDs and addresses: what the server prints. */
        PRINTED(Pattern.compile("[-0-9A-Fa-f:. ]+"));

        private final Pattern pattern;

        Form(Pattern pattern) {
            this.pattern = pattern;
        }
    }

    /**
     * A key column for a column of the table.
     *
     * @throws IllegalArgumentException for a type that cannot be cut into ranges, such as FLOAT
     */
    public static KeyColumn of(Column column) {
        String charset = column.charset() == null ? "" : column.charset();
        return switch (column.baseType()) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" ->
                new KeyColumn(column.name(), Form.NUMBER, "");
            case "enum", "set", "bit" -> new KeyColumn(column.name(), Form.ORDINAL, "");
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                new KeyColumn(column.name(), Form.TEXT, charset);
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                new KeyColumn(column.name(), Form.BYTES, "");
            case "date", "datetime", "timestamp", "time", "uuid", "inet4", "inet6" ->
                new KeyColumn(column.name(), Form.PRINTED, "");
            default ->
                throw new IllegalArgumentException("a primary key of type "
                        + column.type().toUpperCase(Locale.ROOT) + " cannot be cut into ranges");
        };
    }

    /** SQL that gives a value of this column as text. */
    String read(String quoted) {
        return switch (form) {
            case NUMBER, PRINTED -> "CAST(" + quoted + " AS CHAR)";
            case ORDINAL -> "CAST(" + quoted + " + 0 AS CHAR)";
            case TEXT -> "HEX(CONVERT(" + quoted + " USING " + charset + "))";
            case BYTES -> "HEX(" + quoted + ")";
        };
    }

    /** The literal for a value that {@link #read} gave. */
    String literal(String value) {
        if (!form.pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("\"" + value + "\" is not a value of key column " + name);
        }
        return switch (form) {
            case NUMBER, ORDINAL -> value;
            case TEXT -> "_" + charset + " X'" + value + "'";
            case BYTES -> "X'" + value + "'";
            case PRINTED -> "'" + value + "'";
        };
    }

    /** A value for the operator's eyes: text where it is plain, else hexadecimal. */
    String shown(String value) {
        if (form != Form.TEXT) {
            return form == Form.BYTES ? "0x" + value : value;
        }
        String text = new String(HexFormat.of().parseHex(value), StandardCharsets.UTF_8);
        boolean isPlain = text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        return isPlain ? "'" + text + "'" : "0x" + value;
    }
}
