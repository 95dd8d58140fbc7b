package io.crossfade.migrator.cutover;

import io.crossfade.migrator.mysql.Connections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A connection of a cut-over, and how the server's list of sessions shows it. One thread at a time. */
final class Session implements AutoCloseable {

    /**
     * Over the time that writers may be held: so long the server keeps a silent session, and the client waits for an answer. A
     * session that nobody can reach any more gives its locks up by itself then.
     */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    final Connection connection;
    final Mark mark;

    /**
     * A session as the server's list shows it.
     *
     * @param id the connection's id, which another session may get after a restart
     * @param client the client's address and port, which tells the two apart
     */
    record Mark(long id, String client) {}

    private Session(Connection connection, Mark mark) {
        this.connection = connection;
        this.mark = mark;
    }

    /** Opens one in autocommit mode that outlives a low wait_timeout, and waits for metadata locks as shortly as it can. */
    static Session open(Connections connections, Duration writersHeldMax) throws SQLException {
        Connection connection = connections.open();
        try (Statement s = connection.createStatement()) {
            Duration silence = writersHeldMax.plus(SILENCE);
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(silence.toMillis()));
            s.execute("SET SESSION wait_timeout = " + silence.toSeconds() + ", lock_wait_timeout = "
                    + (writersHeldMax.toSeconds() + 1));
            try (ResultSet r =
                    s.executeQuery("SELECT ID, HOST FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()")) {
                r.next();
                return new Session(connection, new Mark(r.getLong(1), r.getString(2)));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    /** Whether an error says no more than that this attempt failed: a lock not had in time, a kill, a lost connection. */
    static boolean isPassing(SQLException e) {
        String state = e.getSQLState();
        return (state != null && state.startsWith("08"))
                || switch (e.getErrorCode()) {
                    // lock wait, deadlock, query killed, shutting down, connection killed (MariaDB), idle too long, too
                    // many
                    case 1205, 1213, 1317, 1053, 1927, 4031, 1040 -> true;
                    default -> false;
                };
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
