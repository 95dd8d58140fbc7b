package io.crossfade.migrator.mysql;

import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Carries out statements that change the schema. Each waits for its metadata lock only shortly: while it waits, every
 * statement of the application on that table waits behind it.
 *
 * <p>One thread at a time.
 */
public final class Ddl {

    /** The shortest that MySQL knows: whoever comes while the statement waits for its lock waits behind it. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

    /** With the pauses about five minutes; then the long transaction is somebody's decision. */
    private static final int ATTEMPTS_MAX = 30;

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

    /** The gate has a bound of its own. */
    private static final Duration WHOLE_BOUND = Duration.ofSeconds(10);

    /**
     * So often the statement is sent only where nobody seems to hold the table; some two and a half minutes. Then it stands in the queue for its lock
     * like any other: a table may be in use by somebody at any time.
     */
    private static final int GENTLE_MAX = 20;

    /** What takes long is done so; a statement that touches the server's books alone is done at once. */
    private static final String IN_PLACE = "ALGORITHM=INPLACE";

    /** Nobody is before it at the lock. Half of what clients are held for at most, as a rule. Judged. */
    private static final Duration BEGINS_WITHIN = Duration.ofMillis(100);

    private static final String LOCK_WAIT_TIMEOUT_SET = "SET SESSION lock_wait_timeout = ";
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;
    private static final int INTERRUPTED = 1317;

    /**
     * While a table is rebuilt or indexed in place, the server logs the application's writes and applies them at the end. A row
     * that was passing through a unique key, as every INSERT … ON DUPLICATE KEY UPDATE of a key that is taken, can meet itself
     * there (1062); and the log has a bound (1799). Both undo the statement whole, and the next attempt may pass.
     */
    private static final int DUPLICATE = 1062;

    private static final int ONLINE_LOG_FULL = 1799;

    /** Each attempt costs a whole rebuild; a duplicate that is in the data itself comes back every time. */
    private static final int ONLINE_ATTEMPTS_MAX = 12;

    private final Connection connection;
    private final boolean isInUse;
    private final boolean isOperators;
    private final Supplier<Gate> gates;
    private final Cancel cancel;
    private final Listener listener;

    /**
     * For a table that no application uses.
     *
     * @param connection in autocommit mode
     */
    public Ddl(Connection connection, Cancel cancel, Listener listener) {
        this(connection, false, false, () -> Gate.NONE, cancel, listener);
    }

    /**
     * For a table in use.
     *
     * @param connection in autocommit mode
     * @param gates keep applications away while a statement waits for its lock: for a transaction that has read the table and goes on to
     *     write it, the server would resolve that wait as a deadlock, and fail the application's statement
     */
    public Ddl(Connection connection, Supplier<Gate> gates, Cancel cancel, Listener listener) {
        this(connection, true, false, gates, cancel, listener);
    }

    private Ddl(
            Connection connection,
            boolean isInUse,
            boolean isOperators,
            Supplier<Gate> gates,
            Cancel cancel,
            Listener listener) {
        this.connection = connection;
        this.isInUse = isInUse;
        this.isOperators = isOperators;
        this.gates = gates;
        this.cancel = cancel;
        this.listener = listener;
    }

    /** The same for statements in the operator's words, as {@link TextMode} reads them. */
    public Ddl ofOperator() {
        return new Ddl(connection, isInUse, true, gates, cancel, listener);
    }

    /** Carries out one statement, again and again while its lock is held by others. */
    public void run(String sql) throws SQLException {
        if (!attempt(sql, ONLINE_ATTEMPTS_MAX)) {
            throw MigrationException.stopped("stopped: " + sql + "; " + ONLINE_ATTEMPTS_MAX
                    + " attempts were undone by the server over what was written meanwhile, error " + DUPLICATE
                    + " (a duplicate key: either the data has one, which `crossfade plan` shows, or the application inserts"
                    + " taken keys faster than the rebuild ends) or " + ONLINE_LOG_FULL
                    + " (a full online log: raise innodb_online_alter_log_max_size); run the same command again at a quieter"
                    + " time");
        }
    }

    /**
     * The same; gives up where the server has undone it too often.
     *
     * @param onlineAttemptsMax after so many attempts
     * @return whether it was carried out
     */
    public boolean attempt(String sql, int onlineAttemptsMax) throws SQLException {
        try (Gate gate = gates.get()) {
            return attempt(sql, gate, onlineAttemptsMax);
        }
    }

    private boolean attempt(String sql, Gate gate, int onlineAttemptsMax) throws SQLException {
        long beganNanos = System.nanoTime();
        Duration pause = PAUSE;
        int online = 0;
        for (int attempt = 1; ; attempt++) {
            cancel.check();
            boolean isGentle = isInUse && attempt <= GENTLE_MAX;
            String holders;
            try {
                Optional<String> inTheWay = isGentle ? LockHolders.inTheWay(connection, sql) : Optional.empty();
                if (inTheWay.isEmpty()) {
                    gate.approach();
                    inTheWay = gate.hold(WHOLE_BOUND).map(who -> "; " + who);
                }
                if (inTheWay.isEmpty()) {
                    execute(sql, gate, isGentle);
                    listener.on(new Progress.Executed(sql, since(beganNanos)));
                    return true;
                }
                holders = inTheWay.get();
            } catch (SQLException e) {
                if (e.getErrorCode() == INTERRUPTED) {
                    cancel.check();
                }
                if (e.getErrorCode() == DUPLICATE || e.getErrorCode() == ONLINE_LOG_FULL) {
                    online++;
                    if (online == onlineAttemptsMax) {
                        return false;
                    }
                    listener.on(new Progress.Note("undone by the server, error " + e.getErrorCode()
                            + " while applying what was written meanwhile; attempt " + (online + 1) + " of "
                            + onlineAttemptsMax));
                    cancel.pause(PAUSE);
                    continue;
                }
                if (e.getErrorCode() != LOCK_WAIT_TIMEOUT && e.getErrorCode() != DEADLOCK) {
                    throw e;
                }
                holders = LockHolders.shown(connection, sql);
            }
            if (attempt >= ATTEMPTS_MAX) {
                throw MigrationException.stopped(
                        "stopped: " + sql + "; " + ATTEMPTS_MAX + " attempts did not get its lock" + holders
                                + "; end the long transaction and run the same command again");
            }
            listener.on(new Progress.Waiting("the table's metadata lock" + holders, since(beganNanos), bound()));
            cancel.pause(pause);
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        }
    }

    private void execute(String sql, Gate gate, boolean isGentle) throws SQLException {
        boolean isLong = sql.contains(IN_PLACE);
        try (Statement s = connection.createStatement()) {
            // MariaDB can ask without waiting; but what a build in place asks for at its end is worth a wait.
            boolean asksOnly = isGentle && !isLong && Server.of(connection).isMariaDb();
            s.execute(LOCK_WAIT_TIMEOUT_SET + (asksOnly ? 0 : LOCK_WAIT.toSeconds()));
            try {
                if (isOperators) {
                    TextMode.during(connection, () -> execute(s, sql, gate, isLong));
                } else {
                    execute(s, sql, gate, isLong);
                }
            } finally {
                if (asksOnly) {
                    s.execute(LOCK_WAIT_TIMEOUT_SET + LOCK_WAIT.toSeconds());
                }
            }
        } finally {
            gate.open();
        }
    }

    private static void execute(Statement s, String sql, Gate gate, boolean isLong) throws SQLException {
        if (isLong) {
            executeLong(s, sql, gate);
        } else {
            s.execute(sql);
        }
    }

    /** It has the table to itself as it begins, and then works beside everybody. The gate is nobody else's meanwhile. */
    private static void executeLong(Statement s, String sql, Gate gate) throws SQLException {
        CompletableFuture<Void> opened = CompletableFuture.runAsync(
                gate::close, CompletableFuture.delayedExecutor(BEGINS_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
        SQLException failed = null;
        try {
            s.execute(sql);
        } catch (SQLException e) {
            failed = e;
        }
        try {
            opened.join();
        } catch (CompletionException e) {
            if (failed == null) {
                throw e;
            }
            failed.addSuppressed(e);
        }
        if (failed != null) {
            throw failed;
        }
    }

    private static Duration bound() {
        return LOCK_WAIT.plus(PAUSE_MAX).multipliedBy(ATTEMPTS_MAX);
    }

    private static Duration since(long beganNanos) {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }
}
