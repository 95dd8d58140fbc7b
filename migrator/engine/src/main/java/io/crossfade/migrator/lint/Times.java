package io.crossfade.migrator.lint;

import io.crossfade.model.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which values a column of dates or times, or one that was such a column, does not keep. */
final class Times {

    private static final Set<String> TEXTS = Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext");

    private static final Set<String> WITH_DAY = Set.of("date", "datetime", "timestamp");

    /** The greatest that a TIMESTAMP of 32 bits holds; later servers hold more, which only makes the count too careful. */
    private static final long TIMESTAMP_SECONDS_MAX = 2_147_483_647L;

    private Times() {}

    /** Whether it holds a day or a time; a YEAR is a number. */
    static boolean isOne(Column column) {
        return WITH_DAY.contains(column.baseType()) || column.baseType().equals("time");
    }

    static Optional<String> lost(String value, Column from, Column to) {
        Numbers target = Numbers.of(to);
        if (isOne(from) && to.baseType().equals("year")) {
            return Optional.of("TRUE");
        }
        if (isOne(from) && target.isExact()) {
            return Optional.of(target.outside("(" + value + " + 0)"));
        }
        if (!isOne(to)) {
            return Optional.empty();
        }
        boolean isNumber = Numbers.of(from).isExact()
                || from.baseType().equals("float")
                || from.baseType().equals("double");
        if (isNumber) {
            return Optional.of(ofNumber("(" + value + " + 0)", to));
        }
        if (isOne(from)) {
            return ofTime(value, from, to);
        }
        if (TEXTS.contains(from.baseType())) {
            return ofText(value, to);
        }
        // Of a BIT and of a member the server takes the number; of bytes the text.
        return Set.of("bit", "enum", "set").contains(from.baseType())
                ? Optional.of("TRUE")
                : ofText("CONVERT(" + value + " USING utf8mb4)", to);
    }

    /** The server reads a number's digits, and fills a short one up with a century or a zero: 301 becomes the first of March 2000. */
    private static String ofNumber(String value, Column to) {
        String digits = to.baseType().equals("time")
                ? "CAST(" + value + " AS TIME) + 0 <=> " + value
                : to.baseType().equals("date")
                        ? "CAST(" + value + " AS DATE) + 0 <=> " + value
                        : "CAST(" + value + " AS DATETIME) + 0 <=> " + value + " OR CAST(" + value
                                + " AS DATE) + 0 <=> " + value;
        return "NOT (" + digits + ")"
                + (to.baseType().equals("timestamp") ? " OR " + String.join(" OR ", beyond(value)) : "");
    }

    private static Optional<String> ofText(String value, Column to) {
        List<String> terms = new ArrayList<>();
        if (to.baseType().equals("time")) {
            terms.add(value + " NOT REGEXP '^-?[0-9]{1,3}:[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]*)?)?$'");
            terms.add("ABS(SUBSTRING_INDEX(" + value + ", ':', 1)) > 838");
            terms.add("CAST(" + value + " AS TIME) IS NULL");
        } else {
            if (to.baseType().equals("timestamp")) {
                terms.addAll(beyond(value));
            }
            terms.add(
                    value
                            + " NOT REGEXP '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]*)?)?)?$'");
            terms.add("CAST(" + value + " AS DATETIME) IS NULL");
        }
        return Optional.of(String.join(" OR ", terms));
    }

    private static Optional<String> ofTime(String value, Column from, Column to) {
        List<String> terms = new ArrayList<>();
        boolean hadDay = WITH_DAY.contains(from.baseType());
        if (hadDay != WITH_DAY.contains(to.baseType())) {
            // The day is lost, or is that of the copy: rows that are written an hour later get another one.
            return Optional.of("TRUE");
        }
        if (to.baseType().equals("timestamp") && !from.baseType().equals("timestamp")) {
            terms.addAll(beyond(value));
            terms.add("MONTH(" + value + ") * DAY(" + value + ") = 0 AND " + value + " <> 0");
        }
        if (to.baseType().equals("date") && !from.baseType().equals("date")) {
            terms.add("TIME(" + value + ") <> 0");
        }
        if (!to.baseType().equals("date") && !from.baseType().equals("date") && digits(to) < digits(from)) {
            terms.add("MICROSECOND(" + value + ") MOD " + (long) Math.pow(10, 6 - digits(to)) + " <> 0");
        }
        return terms.isEmpty() ? Optional.empty() : Optional.of(String.join(" OR ", terms));
    }

    /** Outside of what a TIMESTAMP holds. */
    private static List<String> beyond(String value) {
        return List.of(
                "CAST(" + value + " AS DATETIME) > FROM_UNIXTIME(" + TIMESTAMP_SECONDS_MAX + ")",
                "CAST(" + value + " AS DATETIME) <= FROM_UNIXTIME(0) AND " + value + " <> 0");
    }

    private static int digits(Column column) {
        int open = column.type().indexOf('(');
        boolean hasDigits = Set.of("datetime", "timestamp", "time").contains(column.baseType());
        return hasDigits && open > 0 ? column.type().charAt(open + 1) - '0' : 0;
    }
}
