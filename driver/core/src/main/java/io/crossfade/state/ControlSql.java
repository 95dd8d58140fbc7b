package io.crossfade.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the stores speak with the control tables: updates, transactions, rows and times, over a connection that the caller owns.
 *
 * <p>One thread at a time.
 */
final class ControlSql {

    private static final int HASH_BYTES = 16;

    private final Connection connection;

    ControlSql(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** 0 where there are no control tables. */
    long epoch() throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT epoch FROM crossfade_control WHERE id = 1")) {
            return r.next() ? r.getLong(1) : 0;
        } catch (SQLException e) {
            if (e.getErrorCode() == ControlTables.NO_SUCH_TABLE) {
                return 0;
            }
            throw e;
        }
    }

    int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            bind(s, parameters);
            return s.executeUpdate();
        }
    }

    long inTransaction(Work work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            long result = work.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    interface Work {
        long run() throws SQLException;
    }

    /** Gives the parameters of a row, in their order. */
    @FunctionalInterface
    interface Parameters<T> {
        @Nullable
        Object[] of(T row);
    }

    /**
     * Sends a statement for each of some rows, in one batch.
     *
     * @return false where the control tables are of an older migrator, which has no such table
     */
    <T> boolean addAll(String sql, List<T> rows, Parameters<T> parameters) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            for (T row : rows) {
                bind(s, parameters.of(row));
                s.addBatch();
            }
            s.executeBatch();
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == ControlTables.NO_SUCH_TABLE) {
                return false;
            }
            throw e;
        }
    }

    /** Reads one row. */
    @FunctionalInterface
    interface Reading<T> {
        T read(ResultSet r) throws SQLException;
    }

    /** The rows that are kept of a change; none where the control tables are of an older migrator, which has no such table. */
    <T> List<T> ofChange(String changeId, String sql, Reading<T> reading) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, changeId);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.add(reading.read(r));
                }
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != ControlTables.NO_SUCH_TABLE) {
                throw e;
            }
        }
        return rows;
    }

    static void bind(PreparedStatement s, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            s.setObject(i + 1, parameters[i]);
        }
    }

    /** Stands for several texts in a key, which would be longer than an index may be. */
    static String hash(String... texts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\u0000", texts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    static @Nullable Instant instant(ResultSet r, int column) throws SQLException {
        LocalDateTime at = r.getObject(column, LocalDateTime.class);
        return at == null ? null : at.toInstant(ZoneOffset.UTC);
    }

    static Instant required(@Nullable Instant at) {
        if (at == null) {
            throw new IllegalStateException("a time in the control tables is NULL that must not be");
        }
        return at;
    }
}
