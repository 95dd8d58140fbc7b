package io.crossfade.migrator.chunk;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A unique key of a table, mostly the primary one, and the questions about its order. The order is always the server's own: boundaries are read with
 * ORDER BY, never computed here, so that every collation and type is right.
 *
 * <p>Immutable.
 */
public final class Key {
    private final Dialect dialect;
    private final TableName table;
    private final String index;
    private final List<KeyColumn> columns;
    private final KeyConditions conditions;

    /**
     * @param index the name of the unique index that holds it
     * @param columns its columns in the index's order
     */
    public Key(Dialect dialect, TableName table, String index, List<KeyColumn> columns) {
        this.dialect = dialect;
        this.table = table;
        this.index = index;
        this.columns = List.copyOf(columns);
        this.conditions = new KeyConditions(dialect, this.columns);
    }

    public String index() {
        return index;
    }

    public List<KeyColumn> columns() {
        return columns;
    }

    /** The table in quotes, with its schema. */
    public String quotedTable() {
        return dialect.quote(table.schema()) + "." + dialect.quote(table.table());
    }

    /** The greatest key of the table; empty where it has no rows. */
    public Optional<List<String>> last(Connection connection) throws SQLException {
        return one(connection, "SELECT " + selected() + from() + " ORDER BY " + ordered(0, true) + " LIMIT 1");
    }

    /**
     * The next range of this many rows.
     *
     * @param after the last key of the range before; empty at the beginning
     * @param end the last key of all
     * @return a range that ends at {@code end} where fewer rows are left
     */
    public KeyRange next(Connection connection, List<String> after, List<String> end, int rows) throws SQLException {
        return new KeyRange(
                after, end(connection, new KeyRange(after, end), rows).orElse(end));
    }

    /** How many rows a range holds just now. */
    public long count(Connection connection, KeyRange range) throws SQLException {
        return count(connection, where(range));
    }

    private long count(Connection connection, String where) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT COUNT(*)" + from() + " WHERE " + where)) {
            r.next();
            return r.getLong(1);
        }
    }

    /** The table as it stands in FROM or UPDATE, read by this key. */
    public String indexed() {
        return quotedTable() + " FORCE INDEX (" + dialect.quote(index) + ")";
    }

    /** The key's columns as text, for a select list. */
    public String selected() {
        return columns.stream().map(c -> c.read(quoted(c))).collect(Collectors.joining(", "));
    }

    /** A condition that is true within the range, and by which servers read it by the index from its first row on. */
    public String where(KeyRange range) {
        return conditions.within(range);
    }

    /** A condition that is true for each of these keys; none of them means none of the rows. */
    public String in(Collection<List<String>> keys) {
        if (keys.isEmpty()) {
            return "FALSE";
        }
        // MySQL takes the number behind a word for a text when it compares rows, and finds none of several.
        if (columns.size() > 1 && columns.stream().anyMatch(c -> c.form() == KeyColumn.Form.ORDINAL)) {
            return keys.stream().map(k -> "(" + is(k) + ")").collect(Collectors.joining(" OR ", "(", ")"));
        }
        String names = columns.stream().map(this::quoted).collect(Collectors.joining(", "));
        String values = keys.stream()
                .map(k -> IntStream.range(0, columns.size())
                        .mapToObj(i -> columns.get(i).literal(k.get(i)))
                        .collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
        return (columns.size() == 1 ? names : "(" + names + ")") + " IN (" + values + ")";
    }

    /**
     * The range of this many rows after a key, whatever is added meanwhile.
     *
     * @return a range without an end where no more rows are left
     */
    public KeyRange open(Connection connection, List<String> after, int rows) throws SQLException {
        return new KeyRange(
                after, end(connection, new KeyRange(after, List.of()), rows).orElse(List.of()));
    }

    /** The key of the row that is the last of this many in a range; empty where it has fewer. */
    private Optional<List<String>> end(Connection connection, KeyRange rest, int rows) throws SQLException {
        int left = rows;
        for (KeyConditions.Interval interval : conditions.intervals(rest)) {
            Optional<List<String>> found = one(
                    connection,
                    "SELECT " + selected() + from() + " WHERE " + interval.where() + " ORDER BY "
                            + ordered(interval.varies(), false) + " LIMIT 1 OFFSET " + (left - 1));
            if (found.isPresent()) {
                return found;
            }
            // Whatever was added between the two statements is for the next range.
            left = (int) Math.max(1, left - count(connection, interval.where()));
        }
        return Optional.empty();
    }

    /** Whether it is one column of numbers, so that the number of keys between two of them has a bound. */
    boolean isNumber() {
        return columns.size() == 1 && columns.get(0).form() == KeyColumn.Form.NUMBER;
    }

    /** A condition that is true for exactly this key. */
    public String is(List<String> values) {
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            terms.add(quoted(columns.get(i)) + " = " + columns.get(i).literal(values.get(i)));
        }
        return String.join(" AND ", terms);
    }

    private String from() {
        return " FROM " + indexed();
    }

    /** The key in its order, for ORDER BY. */
    public String ordered() {
        return ordered(0, false);
    }

    private String ordered(int from, boolean isBackwards) {
        return columns.stream()
                .skip(from)
                .map(c -> quoted(c) + (c.isDown() == isBackwards ? "" : " DESC"))
                .collect(Collectors.joining(", "));
    }

    private String quoted(KeyColumn column) {
        return quoted(column.name());
    }

    /** One of its columns in quotes. */
    public String quoted(String column) {
        return dialect.quote(column);
    }

    private Optional<List<String>> one(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            return r.next() ? Optional.of(read(r)) : Optional.empty();
        }
    }

    /** The key at the head of a row that was selected with {@link #selected}. */
    public List<String> read(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
            values.add(row.getString(i));
        }
        return values;
    }

    /** A key for the operator's eyes: {@code id=7, day=2024-01-01}. Text and bytes as far as they are short. */
    public String shown(List<String> values) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parts.add(columns.get(i).name() + "=" + columns.get(i).shown(values.get(i)));
        }
        return String.join(", ", parts);
    }
}
