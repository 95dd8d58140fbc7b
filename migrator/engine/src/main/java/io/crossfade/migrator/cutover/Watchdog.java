package io.crossfade.migrator.cutover;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Keeps the time that writers are held: when it is over, what the holding sessions do is ended, and soon after the sessions
 * themselves. The server's own lock_wait_timeout knows whole seconds only.
 *
 * <p>Safe for many threads; its own thread ends with {@link #close}.
 */
final class Watchdog implements AutoCloseable {

    /** A kill that falls between two statements ends neither. */
    private static final Duration AGAIN = Duration.ofMillis(10);

    /** Then the session itself is ended: its client may be gone. */
    private static final int QUERIES_MAX = 5;

    private static final int SESSIONS_MAX = 100;

    private final Connection killer;
    private final List<Session> sessions;
    private final long deadlineNanos;
    private final Thread thread;
    private boolean isClosed;
    private boolean hasFired;

    private Watchdog(Connection killer, List<Session> sessions, long deadlineNanos) {
        this.killer = killer;
        this.sessions = List.copyOf(sessions);
        this.deadlineNanos = deadlineNanos;
        this.thread = new Thread(this::watch, "crossfade-cut-over-watchdog");
        this.thread.setDaemon(true);
    }

    /**
     * Watches from now on.
     *
     * @param killer a connection that nobody else uses until this is closed
     */
    static Watchdog over(Connection killer, List<Session> sessions, long deadlineNanos) {
        Watchdog watchdog = new Watchdog(killer, sessions, deadlineNanos);
        watchdog.thread.start();
        return watchdog;
    }

    /** Whether the time was over. */
    synchronized boolean hasFired() {
        return hasFired;
    }

    private void watch() {
        if (!sleepsUntil(deadlineNanos)) {
            return;
        }
        for (int kill = 0; kill < QUERIES_MAX + SESSIONS_MAX; kill++) {
            for (Session session : sessions) {
                kill((kill < QUERIES_MAX ? "KILL QUERY " : "KILL ") + session.mark.id());
            }
            if (!sleepsUntil(System.nanoTime() + AGAIN.toNanos())) {
                return;
            }
        }
    }

    /** False where it was closed meanwhile. */
    private synchronized boolean sleepsUntil(long atNanos) {
        while (!isClosed) {
            long leftNanos = atNanos - System.nanoTime();
            if (leftNanos <= 0) {
                hasFired = true;
                return true;
            }
            try {
                wait(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
            } catch (InterruptedException e) {
                return false;
            }
        }
        return false;
    }

    private void kill(String sql) {
        try (Statement s = killer.createStatement()) {
            s.execute(sql);
        } catch (SQLException gone) {
            // The session has ended already, or this one has: then the server ends the silent ones by itself.
            return;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            notifyAll();
        }
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
                thread.interrupt();
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
