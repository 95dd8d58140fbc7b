package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An index as the catalog shows it. Immutable.
 *
 * @param type BTREE, HASH, FULLTEXT or SPATIAL
 * @param isVisible whether statements may use it; MariaDB says IGNORED of one that they may not
 */
public record Index(String name, boolean isUnique, String type, List<Part> parts, boolean isVisible) {

    /** The name that the server gives to every primary key. */
    public static final String PRIMARY = "PRIMARY";

    /**
     * One part of an index.
     *
     * @param column the column; empty for an expression
     * @param expression as the server prints it; empty for a column
     * @param prefixChars how much of it is indexed; 0 for all
     */
    public record Part(String column, String expression, int prefixChars, boolean isDescending) {

        /** One of a column. */
        public Part(String column, int prefixChars, boolean isDescending) {
            this(column, "", prefixChars, isDescending);
        }

        /** The column, or the expression. */
        public String shown() {
            return column.isEmpty() ? expression : column;
        }
    }

    public Index {
        parts = List.copyOf(parts);
    }

    /** An index that statements may use. */
    public Index(String name, boolean isUnique, String type, List<Part> parts) {
        this(name, isUnique, type, parts, true);
    }

    /** All indexes of a table, the primary key among them. */
    public static List<Index> of(Connection connection, TableName table) throws SQLException {
        Map<String, Index> indexes = new LinkedHashMap<>();
        String sql = "SELECT INDEX_NAME, NON_UNIQUE, INDEX_TYPE, COLUMN_NAME, SUB_PART, COLLATION, s.*"
                + " FROM information_schema.STATISTICS s WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                + " ORDER BY INDEX_NAME, SEQ_IN_INDEX";
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    @Nullable String column = r.getString(4);
                    @Nullable String expression = optional(r, "EXPRESSION");
                    Part part = new Part(
                            column == null ? "" : column,
                            expression == null ? "" : expression,
                            r.getInt(5),
                            "D".equals(r.getString(6)));
                    Index one =
                            new Index(r.getString(1), r.getInt(2) == 0, r.getString(3), List.of(part), isVisible(r));
                    indexes.merge(one.name(), one, Index::and);
                }
            }
        }
        return List.copyOf(indexes.values());
    }

    private Index and(Index next) {
        List<Part> all = new ArrayList<>(parts);
        all.addAll(next.parts);
        return new Index(name, isUnique, type, all, isVisible);
    }

    /** MySQL 8.0 and MariaDB 10.6 know indexes that are kept and not used, each in a column of its own. */
    private static boolean isVisible(ResultSet row) throws SQLException {
        return !"NO".equals(optional(row, "IS_VISIBLE")) && !"YES".equals(optional(row, "IGNORED"));
    }

    /** What not every server's catalog has. */
    private static @Nullable String optional(ResultSet row, String column) throws SQLException {
        for (int i = 7; i <= row.getMetaData().getColumnCount(); i++) {
            if (row.getMetaData().getColumnName(i).equalsIgnoreCase(column)) {
                return row.getString(i);
            }
        }
        return null;
    }

    public boolean isPrimary() {
        return name.equals(PRIMARY);
    }

    /**
     * Whether a walk along this index goes down in a part of it: {@code b} of {@code (a, b DESC)}. One whose parts all go down is
     * walked upwards, which servers do as well; of mixed ones MySQL 8.0 reads a range's rows from the table's end where it is walked
     * against its order.
     */
    public boolean goesDown(Part part) {
        return part.isDescending() && !parts.stream().allMatch(Part::isDescending);
    }

    public boolean names(String column) {
        return parts.stream().anyMatch(p -> p.column().equalsIgnoreCase(column));
    }

    /** The same index with a name that is not too long. */
    Index shortened() {
        return new Index(Mirror.shortened(name), isUnique, type, parts, isVisible);
    }

    /** Whether it holds one row per value of the same columns in the same order. */
    public boolean isLike(Index other) {
        return isUnique == other.isUnique && parts.equals(other.parts);
    }

    /** {@code UNIQUE INDEX `name` (`a`, `b`(10) DESC)}, for CREATE and ADD. */
    public String definition(Dialect dialect) {
        String columns = parts.stream()
                .map(p -> dialect.quote(p.column())
                        + (p.prefixChars() > 0 ? "(" + p.prefixChars() + ")" : "")
                        + (p.isDescending() ? " DESC" : ""))
                .collect(Collectors.joining(", "));
        return (isUnique ? "UNIQUE INDEX " : "INDEX ") + dialect.quote(name) + " (" + columns + ")";
    }
}
