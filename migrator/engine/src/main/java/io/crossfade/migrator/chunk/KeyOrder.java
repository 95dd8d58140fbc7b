package io.crossfade.migrator.chunk;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The order of a key's values, for places where the server cannot be asked row by row. Numbers, bytes and dates are ordered here;
 * text is ordered by the weights that the server itself gives for its collation, asked for in batches. A column that goes down
 * is ordered the other way round.
 *
 * <p>Immutable.
 */
public final class KeyOrder {

    /** A result set has at most 4096 columns. */
    private static final int WEIGHTS_MAX = 1000;

    private final List<KeyColumn> columns;
    private final List<String> weighed;

    /**
     * @param columns the key's
     * @param weighed SQL for each column's weight with {@code %s} for the literal; empty where it needs none
     */
    private KeyOrder(List<KeyColumn> columns, List<String> weighed) {
        this.columns = List.copyOf(columns);
        this.weighed = List.copyOf(weighed);
    }

    /**
     * The order of a key.
     *
     * @param collations the collation of each text column, else an empty text
     * @param lengths the length in characters that each text column is padded to for comparing; 0 where its collation does not pad
     */
    public static KeyOrder of(Key key, List<String> collations, List<Integer> lengths) {
        List<String> weighed = new ArrayList<>();
        for (int i = 0; i < key.columns().size(); i++) {
            KeyColumn column = key.columns().get(i);
            if (column.form() != KeyColumn.Form.TEXT) {
                weighed.add("");
                continue;
            }
            String padded = lengths.get(i) > 0 ? " AS CHAR(" + lengths.get(i) + ")" : "";
            weighed.add("HEX(WEIGHT_STRING(%s COLLATE " + collations.get(i) + padded + "))");
        }
        return new KeyOrder(key.columns(), weighed);
    }

    /** Whether {@link #points} asks the server. */
    public boolean asksServer() {
        return weighed.stream().anyMatch(w -> !w.isEmpty());
    }

    /** The points of these keys, in their order. */
    public List<KeyPoint> points(Connection connection, List<List<String>> keys) throws SQLException {
        List<String> questions = new ArrayList<>();
        for (List<String> key : keys) {
            for (int i = 0; i < columns.size(); i++) {
                if (!weighed.get(i).isEmpty()) {
                    questions.add(weighed.get(i).replace("%s", columns.get(i).literal(key.get(i))));
                }
            }
        }
        List<String> answers = asked(connection, questions);
        List<KeyPoint> points = new ArrayList<>();
        int answer = 0;
        for (List<String> key : keys) {
            List<Comparable<?>> ranks = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                KeyColumn column = columns.get(i);
                ranks.add(
                        directed(column, weighed.get(i).isEmpty() ? rank(column, key.get(i)) : answers.get(answer++)));
            }
            points.add(new KeyPoint(key, ranks));
        }
        return points;
    }

    /** The points of these keys where the server need not be asked. */
    public List<KeyPoint> points(List<List<String>> keys) {
        List<KeyPoint> points = new ArrayList<>();
        for (List<String> key : keys) {
            List<Comparable<?>> ranks = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                ranks.add(directed(columns.get(i), rank(columns.get(i), key.get(i))));
            }
            points.add(new KeyPoint(key, ranks));
        }
        return points;
    }

    private static List<String> asked(Connection connection, List<String> questions) throws SQLException {
        List<String> answers = new ArrayList<>();
        for (int from = 0; from < questions.size(); from += WEIGHTS_MAX) {
            List<String> part = questions.subList(from, Math.min(questions.size(), from + WEIGHTS_MAX));
            try (Statement s = connection.createStatement();
                    ResultSet r = s.executeQuery(part.stream().collect(Collectors.joining(", ", "SELECT ", "")))) {
                r.next();
                for (int i = 1; i <= part.size(); i++) {
                    answers.add(r.getString(i));
                }
            }
        }
        return answers;
    }

    private static Comparable<?> directed(KeyColumn column, Comparable<?> rank) {
        return column.isDown() ? new Down(rank) : rank;
    }

    /** The rank of a column that goes down. */
    private record Down(Comparable<?> up) implements Comparable<Down> {

        @Override
        @SuppressWarnings("unchecked")
        public int compareTo(Down other) {
            return ((Comparable<Object>) other.up).compareTo(up);
        }
    }

    private static Comparable<?> rank(KeyColumn column, String value) {
        return switch (column.form()) {
            case NUMBER, FILLED, ORDINAL -> new BigDecimal(value);
            // Upper-case hexadecimal digits are in the order of the bytes.
            case TEXT, BYTES -> value;
            case PRINTED -> value.indexOf(':') > 0 && value.indexOf('-', 1) < 0 ? time(value) : value;
        };
    }

    /** {@code -838:59:59.5} in seconds; a date or a time stamp is in order as it is printed. */
    private static Comparable<?> time(String value) {
        boolean isNegative = value.startsWith("-");
        String[] parts = (isNegative ? value.substring(1) : value).split(":", -1);
        if (parts.length != 3) {
            return value;
        }
        BigDecimal seconds = new BigDecimal(parts[2])
                .add(BigDecimal.valueOf(Long.parseLong(parts[0]) * 3600 + Long.parseLong(parts[1]) * 60));
        return isNegative ? seconds.negate() : seconds;
    }
}
