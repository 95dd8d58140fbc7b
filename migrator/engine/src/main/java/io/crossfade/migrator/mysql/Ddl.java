package io.crossfade.migrator.mysql;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Carries out statements that change the schema. Each waits for its metadata lock only shortly: while it waits, every
 * statement of the application on that table waits behind it.
 *
 * <p>One thread at a time.
 */
public final class Ddl {

    /** Longer than a usual transaction, shorter than what users notice. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(2);

    /** With the pauses about five minutes; then the long transaction is somebody's decision. */
    private static final int ATTEMPTS_MAX = 30;

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;
    private static final int INTERRUPTED = 1317;

    private final Connection connection;
    private final Cancel cancel;
    private final Listener listener;

    /**
     * @param connection in autocommit mode
     */
    public Ddl(Connection connection, Cancel cancel, Listener listener) {
        this.connection = connection;
        this.cancel = cancel;
        this.listener = listener;
    }

    /** Carries out one statement, again and again while its lock is held by others. */
    public void run(String sql) throws SQLException {
        long beganNanos = System.nanoTime();
        Duration pause = PAUSE;
        for (int attempt = 1; ; attempt++) {
            cancel.check();
            try {
                execute(sql);
                listener.on(new Progress.Executed(sql, since(beganNanos)));
                return;
            } catch (SQLException e) {
                if (e.getErrorCode() == INTERRUPTED) {
                    cancel.check();
                }
                if (e.getErrorCode() != LOCK_WAIT_TIMEOUT && e.getErrorCode() != DEADLOCK) {
                    throw e;
                }
                String holders = LockHolders.shown(connection);
                if (attempt == ATTEMPTS_MAX) {
                    throw MigrationException.stopped("stopped: " + sql + "; its lock was not free in " + ATTEMPTS_MAX
                            + " attempts" + holders + "; end the long transaction and run the same command again");
                }
                listener.on(new Progress.Waiting("the table's metadata lock" + holders, since(beganNanos), bound()));
                cancel.pause(pause);
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION lock_wait_timeout = " + LOCK_WAIT.toSeconds());
            s.execute(sql);
        }
    }

    private static Duration bound() {
        return LOCK_WAIT.plus(PAUSE_MAX).multipliedBy(ATTEMPTS_MAX);
    }

    private static Duration since(long beganNanos) {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }
}
