package io.crossfade.migrator.alter;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The right of one run to work on a table: a lock of the server's that goes with its session. The session is asked again and
 * again whether it still holds it; where it was lost, and with it perhaps the claim, the run ends, resumable.
 *
 * <p>One thread at a time.
 */
final class Claim implements AutoCloseable {

    /** Long enough for the server to notice that a killed run's connection is gone. */
    private static final int WAIT_SECONDS = 5;

    /** For a statement that a killed run has sent, and that the server still carries out. */
    private static final int MAKING_SECONDS = 60;

    private final Connection connection;
    private final String name;
    private final String table;

    private Claim(Connection connection, String name, String table) {
        this.connection = connection;
        this.name = name;
        this.table = table;
    }

    /**
     * Takes the claim.
     *
     * @param connection the claim's own; it is closed with it
     */
    static Claim take(Connection connection, TableName table) throws SQLException {
        return take(connection, "crossfade:alter:", table, WAIT_SECONDS, "another run of crossfade works on it");
    }

    /**
     * The same for the session that makes the ghost. A statement that was sent before its run was killed is carried out all the same,
     * later than the next run looks; so the lock goes with the session that sends it, and the next run waits for that.
     *
     * @param connection the session's own; it is closed with the claim
     */
    static Claim making(Connection connection, TableName table) throws SQLException {
        return take(
                connection,
                "crossfade:make:",
                table,
                MAKING_SECONDS,
                "an earlier run's statement still makes its ghost");
    }

    private static Claim take(Connection connection, String kind, TableName table, int seconds, String seen)
            throws SQLException {
        // A lock's name has at most 64 characters and is the whole server's.
        boolean tellsCase = Server.of(connection).tellsCase();
        String name = kind + Integer.toHexString((tellsCase ? table.toString() : table.key()).hashCode());
        Claim claim = new Claim(connection, name, table.toString());
        try {
            if (!claim.isTaken(seconds)) {
                throw MigrationException.refused("cannot alter table \"" + table + "\"; " + seen + claim.holder()
                        + "; wait for it, or end it, and run again");
            }
            return claim;
        } catch (SQLException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private boolean isTaken(int seconds) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
            s.setString(1, name);
            s.setInt(2, seconds);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getInt(1) == 1;
            }
        }
    }

    /** Whoever has it, as far as the server shows; a run looks after its claim every second, one that hangs does not. */
    private String holder() {
        try (PreparedStatement s = connection.prepareStatement("SELECT h.id, p.USER, p.HOST, p.TIME FROM"
                + " (SELECT IS_USED_LOCK(?) AS id) h LEFT JOIN information_schema.PROCESSLIST p ON p.ID = h.id")) {
            s.setString(1, name);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                if (r.getString(1) == null) {
                    return "";
                }
                return r.getString(2) == null
                        ? " (connection " + r.getLong(1) + ")"
                        : " (connection " + r.getLong(1) + ", " + r.getString(2) + "@" + r.getString(3)
                                + ", last heard of " + r.getLong(4) + " s ago)";
            }
        } catch (SQLException e) {
            return "";
        }
    }

    /** Ends the run where the claim is lost. */
    void check() {
        try (PreparedStatement s = connection.prepareStatement("SELECT IS_USED_LOCK(?) = CONNECTION_ID()")) {
            s.setString(1, name);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                if (r.getInt(1) == 1) {
                    return;
                }
            }
        } catch (SQLException e) {
            throw lost();
        }
        throw lost();
    }

    private MigrationException lost() {
        return MigrationException.stopped(
                "stopped: change of " + table + "; the session that holds the run's claim on the table"
                        + " was lost; everything up to the last checkpoint is kept; run the same command again");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The session is gone, and its lock with it.
            return;
        }
    }
}
