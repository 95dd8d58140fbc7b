package io.crossfade.migrator.alter;

import io.crossfade.migrator.mysql.NamedLock;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.session.Presence;
import io.crossfade.migrator.session.Silence;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * The right of one run to work on a table: a lock of the server's that goes with its session. The session is asked again and
 * again whether it still holds it; where it was lost, and with it perhaps the claim, the run ends, resumable.
 *
 * <p>The server ends a session from which it has heard nothing for half a minute: the claim of a run whose host is gone, of which the
 * server would not hear for hours, is free for the next one. So the claim speaks by itself.
 *
 * <p>Safe for many threads.
 */
final class Claim implements AutoCloseable {

    /** Long enough for the server to notice that a killed run's connection is gone. */
    private static final int WAIT_SECONDS = 5;

    /** For a statement that a killed run has sent, and that the server still carries out. */
    private static final int MAKING_SECONDS = 60;

    private static final String RUN = "crossfade:alter";

    /** Its word is the question whether it is held. */
    private static final Duration EVERY = Presence.every(Silence.IN_TRANSACTION_MAX);

    private final NamedLock lock;
    private final String table;
    private final Cancel end = new Cancel();

    private Claim(NamedLock lock, String table) {
        this.lock = lock;
        this.table = table;
    }

    /**
     * Takes the claim.
     *
     * @param connection the claim's own; it is closed with it
     */
    static Claim take(Connection connection, TableName table) throws SQLException {
        Claim claim = take(connection, RUN, table, WAIT_SECONDS, "another run of crossfade works on it");
        Thread thread = new Thread(claim::speak, "crossfade-claim");
        thread.setDaemon(true);
        thread.start();
        return claim;
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
                "crossfade:make",
                table,
                MAKING_SECONDS,
                "an earlier run's statement still makes its ghost");
    }

    /** What the lock of {@link #take} is called on this server. */
    static String name(Connection connection, TableName table) throws SQLException {
        return lockOf(connection, RUN, table).name();
    }

    private static NamedLock lockOf(Connection connection, String kind, TableName table) throws SQLException {
        return NamedLock.of(connection, kind, Server.of(connection).tellsCase() ? table.toString() : table.key());
    }

    private static Claim take(Connection connection, String kind, TableName table, int seconds, String seen)
            throws SQLException {
        Claim claim = new Claim(lockOf(connection, kind, table), table.toString());
        try {
            if (!claim.lock.take(seconds)) {
                // A run looks after its claim every second, one that hangs does not.
                NamedLock.Holder holder = claim.lock.holder();
                throw MigrationException.refused("cannot alter table \"" + table + "\"; " + seen + holder
                        + "; wait for it, half a minute where its host is gone, or end it by " + holder.kill()
                        + ", and run again");
            }
            try (Statement s = connection.createStatement()) {
                s.execute("SET SESSION wait_timeout = " + Silence.IN_TRANSACTION_MAX.toSeconds());
            }
            return claim;
        } catch (SQLException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private void speak() {
        try {
            while (isHeld()) {
                end.pause(EVERY);
            }
        } catch (SQLException | MigrationException e) {
            // Closed, or lost, which the next check tells.
            return;
        }
    }

    private synchronized boolean isHeld() throws SQLException {
        return lock.isHeld();
    }

    /** Ends the run where the claim is lost. */
    void check() {
        try {
            if (isHeld()) {
                return;
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
        end.request();
        try {
            lock.connection().close();
        } catch (SQLException e) {
            // The session is gone, and its lock with it.
            return;
        }
    }
}
