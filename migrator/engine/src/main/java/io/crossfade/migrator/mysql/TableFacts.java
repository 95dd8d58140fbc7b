package io.crossfade.migrator.mysql;

import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * What the catalog says of a table as a whole. Immutable.
 *
 * @param rows the server's estimate
 * @param dataBytes its clustered index
 * @param indexBytes its other indexes
 * @param freeBytes what is free in its file, or in the one that it shares
 * @param rowFormat such as {@code dynamic}, lower case
 * @param engine such as {@code innodb}, lower case
 * @param type {@code base table} or {@code view}, lower case
 */
public record TableFacts(
        TableName name,
        long rows,
        long dataBytes,
        long indexBytes,
        long freeBytes,
        String rowFormat,
        String engine,
        String type) {

    /** Reads them; empty where there is no such table. */
    public static Optional<TableFacts> of(Connection connection, TableName name) throws SQLException {
        // MySQL 8.0 and later would tell what was so a day ago; others pass over the hint.
        String sql =
                "SELECT /*+ SET_VAR(information_schema_stats_expiry = 0) */ TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH, DATA_FREE, ROW_FORMAT, ENGINE, TABLE_TYPE"
                        + " FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, name.schema());
            s.setString(2, name.table());
            try (ResultSet r = s.executeQuery()) {
                return r.next()
                        ? Optional.of(new TableFacts(
                                new TableName(r.getString(1), r.getString(2)),
                                r.getLong(3),
                                r.getLong(4),
                                r.getLong(5),
                                r.getLong(6),
                                lower(r.getString(7)),
                                lower(r.getString(8)),
                                lower(r.getString(9))))
                        : Optional.empty();
            }
        }
    }

    /** The same, with what the statistics do not know yet of a table that was filled just now, as far as its file shows it. */
    public TableFacts withFile(Connection connection) throws SQLException {
        long used = FileSize.bytes(connection, name) - freeBytes;
        return new TableFacts(
                name, rows, Math.max(dataBytes, used - indexBytes), indexBytes, freeBytes, rowFormat, engine, type);
    }

    /** Whether what is written to it can be undone. */
    public boolean hasTransactions(Connection connection) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT COUNT(*) FROM information_schema.ENGINES WHERE ENGINE = ? AND TRANSACTIONS = 'YES'")) {
            s.setString(1, engine);
            try (ResultSet r = s.executeQuery()) {
                return r.next() && r.getLong(1) > 0;
            }
        }
    }

    private static String lower(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
