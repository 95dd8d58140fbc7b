package io.crossfade.migrator.chunk;

import io.crossfade.model.Column;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One column of a primary key, and how its values travel: as plain ASCII text that a checkpoint can hold, and back as a
 * literal that the server compares by the column's own rules.
 *
 * <p>Text {@code 'ä'} in latin1 → {@code E4} → {@code _latin1 X'E4'}. Immutable.
 *
 * @param name the column
 * @param form how its values are written
 * @param charset the character set of a text column, else empty
 * @param numbers how many numbers an ENUM or SET knows, from 0 on; 0 for other types, and where there are too many to list
 * @param isDown whether the walk goes down in it: in {@code b} of an index on {@code (a, b DESC)}
 */
public record KeyColumn(String name, Form form, String charset, int numbers, boolean isDown) {

    /** As many are listed in a condition. Judged, not measured. */
    private static final int NUMBERS_MAX = 1_025;

    private static final Pattern MEMBER = Pattern.compile("'(?:[^']|'')*'");

    /** How a value is written. */
    public enum Form {
        /** Digits, as they are. */
        NUMBER(Pattern.compile("-?[0-9]+(\\.[0-9]+)?")),
        /** The same of a column that is shown with noughts before them, which the change log knows nothing of. */
        FILLED(Pattern.compile("[0-9]+(\\.[0-9]+)?")),
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

    /** One in which the walk goes up. */
    public KeyColumn(String name, Form form, String charset, int numbers) {
        this(name, form, charset, numbers, false);
    }

    /** The same column in this direction. */
    public KeyColumn towards(boolean down) {
        return new KeyColumn(name, form, charset, numbers, down);
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
                new KeyColumn(
                        column.name(),
                        column.type().toLowerCase(Locale.ROOT).contains("zerofill") ? Form.FILLED : Form.NUMBER,
                        "",
                        0);
            case "enum", "set" -> new KeyColumn(column.name(), Form.ORDINAL, "", numbers(column));
            case "bit" -> new KeyColumn(column.name(), Form.ORDINAL, "", 0);
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                new KeyColumn(column.name(), Form.TEXT, charset, 0);
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                new KeyColumn(column.name(), Form.BYTES, "", 0);
            case "date", "datetime", "timestamp", "time", "uuid", "inet4", "inet6" ->
                new KeyColumn(column.name(), Form.PRINTED, "", 0);
            default ->
                throw new IllegalArgumentException("a primary key of type "
                        + column.type().toUpperCase(Locale.ROOT) + " cannot be cut into ranges");
        };
    }

    private static int numbers(Column column) {
        long members = MEMBER.matcher(column.type()).results().count();
        long numbers = column.baseType().equals("enum") ? members + 1 : 1L << Math.min(members, Integer.SIZE);
        return numbers <= NUMBERS_MAX ? (int) numbers : 0;
    }

    /**
     * The numbers beyond one, as a list: the servers read an index for {@code IN} and {@code =} of an ENUM or SET, and none for
     * {@code >} and {@code <}.
     */
    String beyond(String value, char than) {
        int number = Integer.parseInt(value);
        IntStream numbers = than == '>' ? IntStream.range(number + 1, this.numbers) : IntStream.range(0, number);
        return numbers.mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }

    /** SQL that gives a value of this column as text. */
    String read(String quoted) {
        return switch (form) {
            case NUMBER, PRINTED -> "CAST(" + quoted + " AS CHAR)";
            case FILLED, ORDINAL -> "CAST(" + quoted + " + 0 AS CHAR)";
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
            case NUMBER, FILLED, ORDINAL -> value;
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
