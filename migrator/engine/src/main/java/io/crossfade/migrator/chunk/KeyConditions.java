package io.crossfade.migrator.chunk;

import io.crossfade.dialect.Dialect;
import java.util.ArrayList;
import java.util.List;

/**
 * How a range of a key is written such that servers read it by the index, from its first row on and no further than its last.
 *
 * <p>It is written as one of several, each exact in the columns before its own: {@code a > 1 OR (a = 1 AND b > 2)}. Of {@code a >= 1 AND
 * (a > 1 OR b > 2)} servers use the first half alone, and read all of a tenant's rows for each of its ranges. But the first form is several
 * intervals of the index, and MySQL 5.7 has been seen to end one of them where another ends. There the index is read by one interval only,
 * and what is too much of it is sorted out row by row.
 *
 * <p>Immutable.
 */
final class KeyConditions {
    private final Dialect dialect;
    private final List<KeyColumn> columns;

    KeyConditions(Dialect dialect, List<KeyColumn> columns) {
        this.dialect = dialect;
        this.columns = columns;
    }

    /** A condition that is true within the range. */
    String within(KeyRange range) {
        if (range.after().isEmpty() && range.upTo().isEmpty()) {
            return "TRUE";
        }
        if (isOneInterval() || dialect.readsIntervals()) {
            return exact(range);
        }
        List<String> terms = new ArrayList<>();
        int same = 0;
        while (same < columns.size() - 1 && isSame(range, same)) {
            terms.add(equal(range.after(), same));
            same++;
        }
        if (columns.get(same).numbers() == 0) {
            if (!range.after().isEmpty()) {
                terms.add(name(same) + " " + than(same, '>') + "= " + literal(range.after(), same));
            }
            if (!range.upTo().isEmpty()) {
                terms.add(name(same) + " " + than(same, '<') + "= " + literal(range.upTo(), same));
            }
        }
        terms.add(unseen(exact(range)));
        return String.join(" AND ", terms);
    }

    /**
     * A part of a range.
     *
     * @param varies the first column in which its rows differ
     */
    record Interval(String where, int varies) {}

    /** The parts of a range, one after the other in the key's order; together they are {@link #within}. */
    List<Interval> intervals(KeyRange range) {
        if (isOneInterval() || range.after().isEmpty() || dialect.readsIntervals()) {
            return List.of(new Interval(within(range), 0));
        }
        List<Interval> intervals = new ArrayList<>();
        String upper = range.upTo().isEmpty() ? "" : " AND " + unseen(compared(range.upTo(), 0, '<', true));
        for (int last = columns.size() - 1; last >= 0; last--) {
            List<String> terms = new ArrayList<>();
            for (int i = 0; i < last; i++) {
                terms.add(equal(range.after(), i));
            }
            KeyColumn column = columns.get(last);
            terms.add(
                    column.numbers() > 0
                            ? unseen(name(last) + " IN (" + beyond(range.after(), last, '>') + ")")
                            : name(last) + " " + than(last, '>') + " " + literal(range.after(), last));
            intervals.add(new Interval(String.join(" AND ", terms) + upper, last));
        }
        return intervals;
    }

    private boolean isOneInterval() {
        return columns.size() == 1 && columns.get(0).numbers() == 0;
    }

    private static boolean isSame(KeyRange range, int column) {
        return !range.after().isEmpty()
                && !range.upTo().isEmpty()
                && range.after().get(column).equals(range.upTo().get(column));
    }

    /** The condition, such that the server does not look for an index by it. */
    private static String unseen(String condition) {
        return "COALESCE(" + condition + ", FALSE)";
    }

    private String exact(KeyRange range) {
        String lower = range.after().isEmpty() ? "" : "(" + compared(range.after(), 0, '>', false) + ")";
        String upper = range.upTo().isEmpty() ? "" : "(" + compared(range.upTo(), 0, '<', true) + ")";
        return lower + (lower.isEmpty() || upper.isEmpty() ? "" : " AND ") + upper;
    }

    /** {@code (a, b) > (1, 2)} → {@code a > 1 OR (a = 1 AND (b > 2))}; where b goes down, {@code b < 2}. */
    private String compared(List<String> values, int i, char beyond, boolean orEqual) {
        if (columns.get(i).numbers() > 0) {
            return listed(values, i, beyond, orEqual);
        }
        String further = name(i) + " " + than(i, beyond);
        if (i == columns.size() - 1) {
            return further + (orEqual ? "= " : " ") + literal(values, i);
        }
        return further + " " + literal(values, i) + " OR (" + equal(values, i) + " AND ("
                + compared(values, i + 1, beyond, orEqual) + "))";
    }

    /** {@code (e, b) > (1, 2)} → {@code (e = 1 AND (b > 2)) OR e IN (2, 3)}. */
    private String listed(List<String> values, int i, char beyond, boolean orEqual) {
        List<String> terms = new ArrayList<>();
        if (i < columns.size() - 1) {
            terms.add("(" + equal(values, i) + " AND (" + compared(values, i + 1, beyond, orEqual) + "))");
        } else if (orEqual) {
            terms.add(equal(values, i));
        }
        terms.add(name(i) + " IN (" + beyond(values, i, beyond) + ")");
        return String.join(" OR ", terms);
    }

    /**
     * The numbers beyond one; NULL, which none of them is, where there are none: without any MySQL takes one of the column's equal ones for no
     * order of it, and sorts all that is left for each range.
     */
    private String beyond(List<String> values, int i, char beyond) {
        String numbers = columns.get(i).beyond(values.get(i), than(i, beyond));
        return numbers.isEmpty() ? "NULL" : numbers;
    }

    private char than(int i, char beyond) {
        if (!columns.get(i).isDown()) {
            return beyond;
        }
        return beyond == '>' ? '<' : '>';
    }

    private String equal(List<String> values, int i) {
        return name(i) + " = " + literal(values, i);
    }

    private String name(int i) {
        return dialect.quote(columns.get(i).name());
    }

    private String literal(List<String> values, int i) {
        return columns.get(i).literal(values.get(i));
    }
}
