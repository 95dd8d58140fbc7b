package io.crossfade.migrator.session;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One session of a run, opened when it is first needed and again when it was lost: a server that is restarted costs a pause, not
 * the run. What is carried out on it must be such that it can be carried out twice, since a lost connection does not tell
 * whether the server did it.
 *
 * <p>One thread at a time, but for {@link #close}: a lane that is closed under a thread at work stays closed.
 */
public final class Lane implements AutoCloseable {

    /** The first pause before a server that is gone is called again; it grows by this each time. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /** Within a pause the operator is heard so often. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** With the pauses about five minutes: a restart with recovery; after that somebody has to look. */
    private static final int ATTEMPTS_MAX = 64;

    private final String purpose;
    private final Source source;
    private final Cancel cancel;
    private final Cancel operator;
    private volatile @Nullable Connection connection;
    private volatile boolean isClosed;
    private volatile @Nullable Thread atWork;

    /** Opens a session and sets it up. */
    @FunctionalInterface
    public interface Source {
        Connection open() throws SQLException;
    }

    /** Something done on a session. */
    @FunctionalInterface
    public interface Work<T> {

        /**
         * Does it.
         *
         * @param isAgain whether an attempt before this one may have been carried out
         */
        T on(Connection connection, boolean isAgain) throws SQLException;
    }

    /**
     * @param purpose what the session is for, for messages: {@code the copy}
     */
    public Lane(String purpose, Source source, Cancel cancel) {
        this(purpose, source, cancel, cancel);
    }

    /**
     * @param cancel the end of the run, after which nothing is begun
     * @param operator the operator's wish, which ends the wait for a server that is gone: the run's own thread may be the one that waits
     */
    public Lane(String purpose, Source source, Cancel cancel, Cancel operator) {
        this.purpose = purpose;
        this.source = source;
        this.cancel = cancel;
        this.operator = operator;
    }

    /** Does the work, again on a new session where the old one was lost. */
    public <T> T run(Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            cancel.check();
            try {
                Connection open = connection();
                atWork = Thread.currentThread();
                return work.on(open, attempt > 1);
            } catch (SQLException e) {
                if (!SqlFailure.isLostConnection(e)) {
                    throw e;
                }
                drop();
                if (attempt == ATTEMPTS_MAX) {
                    throw MigrationException.stopped(
                            "stopped: " + purpose + "; the server was lost and did not come back in "
                                    + ATTEMPTS_MAX + " attempts (error " + e.getErrorCode() + ", state "
                                    + e.getSQLState()
                                    + "); everything up to the last checkpoint is kept; run the same command again when it is back");
                }
                Duration pause = PAUSE.multipliedBy(attempt);
                rest(pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX);
            } finally {
                atWork = null;
            }
        }
    }

    private void rest(Duration pause) {
        for (Duration left = pause; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
            operator.check();
            cancel.pause(left.compareTo(LOOK) < 0 ? left : LOOK);
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            requireOpen();
            open = source.open();
            connection = open;
            if (isClosed) {
                drop();
                requireOpen();
            }
        }
        return open;
    }

    private void requireOpen() {
        if (isClosed) {
            throw MigrationException.stopped("stopped: " + purpose
                    + "; the run has ended and its sessions are closed; run the same command again to go on");
        }
    }

    /** Gives up the present session, if any; the next work opens another. */
    public void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            Thread other = atWork;
            try {
                if (other == null || other == Thread.currentThread()) {
                    open.close();
                } else {
                    // Closing would wait for the other's statement, whose server may be gone. One that is there carries
                    // it out to its end, as after a kill of the run.
                    open.abort(Runnable::run);
                }
            } catch (SQLException e) {
                // It was lost anyway, and the next one is opened afresh.
                return;
            }
        }
    }

    /** Closes the session for good; from any thread. */
    @Override
    public void close() {
        isClosed = true;
        drop();
    }
}
