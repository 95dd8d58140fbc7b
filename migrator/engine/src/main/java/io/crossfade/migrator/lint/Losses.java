package io.crossfade.migrator.lint;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.model.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which values of a column another type does not keep as they are, as conditions that the server counts by.
 *
 * <p>{@code INT} → {@code TINYINT UNSIGNED}: {@code `a` < 0 OR `a` > 255}. Immutable.
 */
final class Losses {

    static final Set<String> TEXTS = Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext");
    static final Set<String> BYTES = Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");

    private static final String FLOAT_MAX = "3.402823466e38";

    private final Dialect dialect;

    Losses(Dialect dialect) {
        this.dialect = dialect;
    }

    /** The questions about one column; none where every value passes. */
    List<Question> of(ColumnPair pair) {
        List<Question> questions = new ArrayList<>();
        Column from = pair.source();
        Column to = pair.ghost();
        String value = dialect.quote(from.name());
        if (from.nullable() && !to.nullable()) {
            questions.add(new Question(
                    value + " IS NULL",
                    "have NULL in \"" + from.name() + "\", which becomes NOT NULL",
                    "put a value into these rows first"));
        }
        if (!pair.isSameType()) {
            condition(value, from, to)
                    .ifPresent(c -> questions.add(new Question(
                            value + " IS NOT NULL AND (" + c + ") IS TRUE",
                            "have a value in \"" + from.name() + "\" that " + shown(to) + " does not keep as it is",
                            "choose a type that holds them, or mend these rows first")));
        }
        return questions;
    }

    private Optional<String> condition(String value, Column from, Column to) {
        Numbers target = Numbers.of(to);
        if (to.baseType().equals("enum")) {
            return Optional.of(notMember(value, from, to));
        }
        if (to.baseType().equals("set")) {
            return Optional.of(
                    from.baseType().equals("enum")
                            ? notMember(value, from, to)
                            : from.isText() ? removed(value, from, to) : "TRUE");
        }
        if (from.baseType().equals("enum") && (target.isExact() || isFloating(to))) {
            // The server puts a member's place in the list, not the number that it spells.
            return Optional.of("CAST(" + value + " AS CHAR) <> CAST(" + value + " + 0 AS CHAR)");
        }
        if (from.baseType().equals("set") && (target.isExact() || isFloating(to))) {
            return Optional.of(value + " <> ''");
        }
        if (from.baseType().equals("double") && to.baseType().equals("float")) {
            return Optional.of("ABS(" + value + ") > " + FLOAT_MAX);
        }
        if (to.baseType().equals("bit")) {
            return Optional.of(Bits.lost(value, from, to));
        }
        if (from.baseType().equals("bit") && target.isExact()) {
            return Optional.of(target.outside(value + " + 0"));
        }
        if (from.baseType().equals("json") && (target.isExact() || isFloating(to) || Times.isOne(to))) {
            return Optional.of(jsonLost(value, target));
        }
        if (Numbers.of(from).isExact() && target.isExact()) {
            return target.narrows(Numbers.of(from)) ? Optional.of(target.outside(value)) : Optional.empty();
        }
        if (isFloating(from) && target.isExact()) {
            return Optional.of(target.outside(value));
        }
        if (TEXTS.contains(to.baseType())) {
            return intoText(value, from, to);
        }
        if (to.baseType().equals("binary") && !from.baseType().equals("binary")) {
            // Shorter ones are filled up with zero bytes.
            return Optional.of("LENGTH(" + value + ") <> " + Texts.bytesMax(to));
        }
        if (BYTES.contains(to.baseType())) {
            return Texts.bytesMax(to) < Texts.bytesMax(from) || !BYTES.contains(from.baseType())
                    ? Optional.of("LENGTH(" + value + ") > " + Texts.bytesMax(to))
                    : Optional.empty();
        }
        if (to.baseType().equals("json")) {
            return Optional.of("NOT JSON_VALID(" + value + ")");
        }
        if (TEXTS.contains(from.baseType()) && target.isExact()) {
            return Optional.of(value + " NOT REGEXP '^[ ]*[-+]?[0-9]+([.][0-9]*)?[ ]*$' OR "
                    + target.outside("CAST(" + value + " AS DECIMAL(65,30))"));
        }
        if (TEXTS.contains(from.baseType()) && isFloating(to)) {
            return Optional.of(value
                    + " NOT REGEXP '^[ ]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[ ]*$'"
                    + (to.baseType().equals("float") ? " OR ABS(" + value + " + 0) > " + FLOAT_MAX : ""));
        }
        return Times.lost(value, from, to);
    }

    /** A document that is a number can be one; all others the server refuses, or makes a number of that nobody meant. */
    private static String jsonLost(String value, Numbers target) {
        return target.isExact()
                ? "JSON_TYPE(" + value + ") NOT IN ('INTEGER', 'UNSIGNED INTEGER', 'DECIMAL', 'DOUBLE') OR "
                        + target.outside("CAST(" + value + " AS DECIMAL(65,30))")
                : "TRUE";
    }

    private static Optional<String> intoText(String value, Column from, Column to) {
        List<String> terms = new ArrayList<>();
        String text = from.isText() ? value : "CAST(" + value + " AS CHAR)";
        if (BYTES.contains(from.baseType())) {
            return Optional.of("NOT (CAST(CONVERT(" + value + " USING " + to.charset() + ") AS BINARY) <=> CAST("
                    + value + " AS BINARY))");
        }
        boolean isShorter = !from.isText() || Texts.charsMax(to) < Texts.charsMax(from);
        if (isShorter && Texts.charsMax(to) < Texts.UNBOUNDED) {
            terms.add("CHAR_LENGTH(" + text + ") > " + Texts.charsMax(to));
        }
        if (to.baseType().equals("char") && !from.baseType().equals("char") && TEXTS.contains(from.baseType())) {
            terms.add(value + " LIKE '% '"); // A CHAR gives its trailing blanks up.
        }
        boolean recodes =
                from.isText() && from.charset() != null && !from.charset().equals(to.charset());
        if (recodes && !Texts.holds(to.charset(), from.charset())) {
            terms.add("CAST(CONVERT(CONVERT(" + value + " USING " + to.charset()
                    + ") USING utf8mb4) AS BINARY) <> CAST(CONVERT(" + value + " USING utf8mb4) AS BINARY)");
        }
        if (Texts.bytesMax(to) < Texts.bytesMax(from) || recodes && Texts.bytesMax(to) < Texts.UNBOUNDED) {
            terms.add("LENGTH(CONVERT(" + text + " USING " + to.charset() + ")) > " + Texts.bytesMax(to));
        }
        return terms.isEmpty() ? Optional.empty() : Optional.of(String.join(" OR ", terms));
    }

    private static String notMember(String value, Column from, Column to) {
        String list = String.join(", ", Members.of(to.type()));
        // The empty text stands for a value that was not valid once; it stays what it is.
        return from.baseType().equals("enum")
                ? value + " + 0 > 0 AND " + value + " NOT IN (" + list + ")"
                : value + " NOT IN (" + list + ")";
    }

    private static String removed(String value, Column from, Column to) {
        List<String> gone = new ArrayList<>(Members.of(from.type()));
        gone.removeAll(Members.of(to.type()));
        if (!from.baseType().equals("set")) {
            return value + " <> ''";
        }
        return gone.isEmpty()
                ? "FALSE"
                : String.join(
                        " OR ",
                        gone.stream()
                                .map(m -> "FIND_IN_SET(" + m + ", " + value + ") > 0")
                                .toList());
    }

    private static boolean isFloating(Column column) {
        return column.baseType().equals("float") || column.baseType().equals("double");
    }

    private static String shown(Column column) {
        return column.type() + (column.charset() == null ? "" : " CHARACTER SET " + column.charset());
    }
}
