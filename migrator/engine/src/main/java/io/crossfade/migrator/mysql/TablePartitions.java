package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a table is divided, as the catalog shows it. Immutable.
 *
 * @param method such as {@code RANGE COLUMNS}; empty where it is not divided
 * @param expression what decides, as the server prints it
 * @param bounds of each partition, in its order, as SQL
 */
public record TablePartitions(String method, String expression, List<String> bounds) {

    /** MariaDB's partition for the rest of a list, whose bound its catalog gives as 0. */
    private static final Pattern REST = Pattern.compile("(?i)PARTITION (?:`(?:[^`]|``)+`|\\S+) DEFAULT\\b");

    private static final String DEFAULT = "DEFAULT";

    public TablePartitions {
        bounds = List.copyOf(bounds);
    }

    /** Reads them. */
    public static TablePartitions of(Connection connection, Dialect dialect, TableName table) throws SQLException {
        String method = "";
        String expression = "";
        List<String> bounds = new ArrayList<>();
        // Subpartitions are listed one by one.
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT DISTINCT PARTITION_ORDINAL_POSITION, PARTITION_METHOD, PARTITION_EXPRESSION,"
                        + " PARTITION_DESCRIPTION FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ?"
                        + " AND TABLE_NAME = ? AND PARTITION_METHOD IS NOT NULL ORDER BY PARTITION_ORDINAL_POSITION")) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    method = r.getString(2).toUpperCase(Locale.ROOT);
                    expression = text(r, 3);
                    bounds.add(text(r, 4));
                }
            }
        }
        if (method.startsWith("LIST") && hasRest(connection, dialect, table)) {
            bounds.add(DEFAULT);
        }
        return new TablePartitions(method, expression, bounds);
    }

    /** How many files hold a table's rows: one for each partition or part of one. */
    public static int files(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT COUNT(*) FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return Math.max(1, r.getInt(1));
            }
        }
    }

    /** Whether there is a partition for every value. */
    public boolean takeAll() {
        boolean isBound = method.startsWith("RANGE") || method.startsWith("LIST");
        return !isBound || bounds.stream().anyMatch(b -> b.startsWith("MAXVALUE") || b.equals(DEFAULT));
    }

    private static boolean hasRest(Connection connection, Dialect dialect, TableName table) throws SQLException {
        String sql = "SHOW CREATE TABLE " + dialect.quote(table.schema()) + "." + dialect.quote(table.table());
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            return r.next() && REST.matcher(r.getString(2)).find();
        }
    }

    private static String text(ResultSet row, int column) throws SQLException {
        @Nullable String text = row.getString(column);
        return text == null ? "" : text;
    }
}
