package io.crossfade.migrator.cutover;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what became of a rename whose answer was not heard, by asking the server on a fresh connection.
 *
 * <p>The names tell it: RENAME is one statement, and the ghost's name is free after it and only after it. This holds on every
 * server; creation times and table ids do not (the one changes with a rename on 5.7, the other needs a privilege). It holds
 * only once no session can still be carrying the statement out, so these are ended first.
 *
 * <p>One thread at a time.
 */
final class Judge {

    /** With the pauses about a minute: a server that restarts is back by then. */
    private static final int ATTEMPTS_MAX = 40;

    /** A host that refuses nobody and answers nobody is not asked for so long: each attempt waits for its own bound. */
    private static final Duration SILENT_MAX = Duration.ofSeconds(15);

    /** Sooner where only sessions are to be ended, which the server does by itself. */
    private static final Duration SILENT_END_MAX = Duration.ofSeconds(5);

    /** A catalog that waits for somebody's rename (MariaDB) is asked again. */
    private static final int LOCK_WAIT_SECONDS = 5;

    private static final String RENAME = "RENAME TABLE ";

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private final Connections connections;
    private final Statements statements;

    Judge(Connections connections, MySqlDialect dialect) {
        this.connections = connections;
        this.statements = new Statements(dialect);
    }

    /**
     * The outcome, or {@link Outcome#UNKNOWN} where the server did not answer within the bound.
     *
     * @param attempt what is known of it
     * @param rename the statement, which a session may still be carrying out
     * @param dead the sessions that took part
     */
    Attempt ask(Attempt attempt, List<Swap> swaps, String rename, Collection<Session.Mark> dead) {
        Duration pause = PAUSE;
        long silentNanos = 0;
        for (int i = 0; i < ATTEMPTS_MAX && silentNanos < SILENT_MAX.toNanos(); i++) {
            long beganNanos = System.nanoTime();
            try (Connection connection = connections.open()) {
                waitShortly(connection);
                if (isOver(connection, rename, dead)) {
                    return look(connection, swaps)
                            ? Attempt.done(attempt.writersHeld())
                            : Attempt.notDone(attempt.writersHeld(), attempt.reason());
                }
            } catch (SQLException notYet) {
                // The bounds decide.
                silentNanos += silence(notYet, beganNanos);
            }
            if (!rests(pause)) {
                return attempt;
            }
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        }
        return attempt;
    }

    /** Frees what sessions hold and ends them, by their own word or, where they do not answer, by the server's. */
    void end(Collection<Session> sessions) {
        Set<Session.Mark> silent = new HashSet<>();
        for (Session session : sessions) {
            if (session.isEnded) {
                continue;
            }
            session.isEnded = true;
            try {
                if (!session.connection.getAutoCommit()) {
                    session.connection.rollback();
                }
                session.execute("UNLOCK TABLES");
                session.close();
            } catch (SQLException e) {
                silent.add(session.mark);
                close(session);
            }
        }
        Duration pause = PAUSE;
        long silentNanos = 0;
        for (int i = 0; !silent.isEmpty() && i < ATTEMPTS_MAX && silentNanos < SILENT_END_MAX.toNanos(); i++) {
            long beganNanos = System.nanoTime();
            try (Connection connection = connections.open()) {
                if (isOver(connection, "", silent)) {
                    return;
                }
            } catch (SQLException notYet) {
                // The bounds decide; the server ends a silent session by itself after its wait_timeout.
                silentNanos += silence(notYet, beganNanos);
            }
            if (!rests(pause)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        }
    }

    /** How long a server that cannot be reached let us wait for it. */
    private static long silence(SQLException e, long beganNanos) {
        return String.valueOf(e.getSQLState()).startsWith("08") ? System.nanoTime() - beganNanos : 0;
    }

    /** Whether none of these sessions lives any more, nor any that carries the rename out; ends the ones that do. */
    private static boolean isOver(Connection connection, String rename, Collection<Session.Mark> dead)
            throws SQLException {
        Set<Long> living = new HashSet<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT ID, HOST, INFO FROM information_schema.PROCESSLIST")) {
            while (r.next()) {
                Session.Mark mark = new Session.Mark(r.getLong(1), r.getString(2));
                boolean isRenaming = !rename.isEmpty() && isCarriedOut(rename, r.getString(3));
                if (dead.contains(mark) || isRenaming) {
                    living.add(mark.id());
                }
            }
        }
        for (long id : living) {
            kill(connection, id);
        }
        return living.isEmpty();
    }

    private static void waitShortly(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS);
        }
    }

    /** The rename that waits behind the locks has the guard's clause before these. */
    private static boolean isCarriedOut(String rename, @Nullable String statement) {
        return statement != null
                && statement.startsWith(RENAME)
                && statement.endsWith(rename.substring(RENAME.length()));
    }

    /** The next look shows whether it has ended. */
    private static void kill(Connection connection, long id) {
        try (Statement s = connection.createStatement()) {
            s.execute("KILL " + id);
        } catch (SQLException gone) {
            return;
        }
    }

    /** Whether the tables have exchanged their names. */
    private boolean look(Connection connection, List<Swap> swaps) throws SQLException {
        int done = 0;
        StringBuilder halves = new StringBuilder();
        for (Swap swap : swaps) {
            boolean hasTable = exists(connection, swap.table());
            boolean hasIncoming = exists(connection, swap.incoming());
            boolean hasOutgoing = exists(connection, swap.outgoing());
            if (hasTable && !hasIncoming && hasOutgoing) {
                done++;
            } else if (!hasTable && hasIncoming && hasOutgoing) {
                halves.append(halves.isEmpty() ? "" : ", ").append(statements.to(swap.outgoing(), swap.table()));
            }
        }
        if (done == 0 && !halves.isEmpty()) {
            // A server before atomic DDL went down within the statement: the application misses its table.
            try (Statement s = connection.createStatement()) {
                s.execute("RENAME TABLE " + halves);
            }
        }
        if (done > 0 && done < swaps.size()) {
            throw MigrationException.failed(
                    "the cut-over was cut in two by the server: " + swaps + "; " + done + " of " + swaps.size()
                            + " tables have exchanged their names; look at each, and rename by hand",
                    new IllegalStateException("half renamed"));
        }
        return done == swaps.size();
    }

    static boolean exists(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        }
    }

    /** Not by the run's own wish to stop: whoever stops now would not know how it stands. */
    private static boolean rests(Duration pause) {
        try {
            new Cancel().pause(pause);
            return true;
        } catch (MigrationException interrupted) {
            return false;
        }
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            return;
        }
    }
}
