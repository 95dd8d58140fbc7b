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
     * Over the time that writers may be held: so long the server keeps a silent session that holds nothing, and the client waits for an
     * answer.
     */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** The same where tables are locked, and an application stands still: nobody pauses for so long between two statements then. */
    private static final Duration SILENCE_LOCKED = Duration.ofSeconds(2);

    final Connection connection;
    final Mark mark;

    /** Whether it was asked to let go, or is to be ended by others: nobody does so twice. */
    boolean isEnded;

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

    /**
     * From now on the server keeps this session for little longer than writers may be held when nothing more is heard of it. To be
     * said right before the locks: the sessions of one attempt are opened one after the other, over a line that may be slow.
     */
    void hush(Duration writersHeldMax) throws SQLException {
        execute("SET SESSION wait_timeout = " + silenceMax(writersHeldMax).toSeconds());
    }

    /** After so long without a word the server ends a session that holds the tables; in whole seconds. */
    static Duration silenceMax(Duration writersHeldMax) {
        return Duration.ofSeconds(writersHeldMax.plus(SILENCE_LOCKED).toSeconds());
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

    /** An error's words in one line: the driver adds to those of a lost connection when it last heard of the server. */
    static String said(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
