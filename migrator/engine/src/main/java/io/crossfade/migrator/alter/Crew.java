package io.crossfade.migrator.alter;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one run. The first failure of any of them ends the run: it is kept, everybody is asked to stop, and
 * {@link #check} throws it on the run's own thread.
 *
 * <p>Safe for many threads.
 */
final class Crew implements AutoCloseable {

    /** After the wish to stop a statement under way is still waited for; the longest is one chunk. */
    private static final Duration END_MAX = Duration.ofSeconds(30);

    /** The claims are looked at every second, and the log is milliseconds behind. */
    private static final Duration REASON_MAX = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Cancel cancel;
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable Throwable failure;
    private boolean isEnding;

    /**
     * @param cancel of the crew alone; the operator's wish to stop is another
     */
    Crew(Cancel cancel) {
        this.cancel = cancel;
    }

    /** What a thread does. */
    @FunctionalInterface
    interface Job {
        void run() throws Exception;
    }

    /** Starts a thread that runs until its job ends. */
    Thread start(String name, Job job) {
        Thread thread = new Thread(
                () -> {
                    try {
                        job.run();
                    } catch (Exception | Error e) {
                        failed(e);
                    }
                },
                "crossfade-" + name);
        thread.setDaemon(true);
        synchronized (this) {
            threads.add(thread);
        }
        thread.start();
        return thread;
    }

    private synchronized void failed(Throwable e) {
        boolean isClearer = e instanceof MigrationException && failure instanceof SQLException;
        if (!isEnding && (failure == null || isClearer)) {
            failure = e;
        }
        notifyAll();
    }

    boolean isEnding() {
        return cancel.isRequested();
    }

    /** Throws what ended one of the threads. */
    void check() throws SQLException {
        Throwable e;
        synchronized (this) {
            e = failure;
        }
        if (e instanceof SQLException sql) {
            throw sql;
        }
        if (e instanceof MigrationException migration) {
            throw MigrationException.again(migration);
        }
        if (e != null) {
            throw new IllegalStateException("a thread of the run failed", e);
        }
    }

    /**
     * Waits a moment for a clearer reason than an error of the server, and throws it: a statement fails on a table that is gone, and
     * a little later the log tells who took it away.
     */
    synchronized void explain() {
        long deadlineNanos = System.nanoTime() + REASON_MAX.toNanos();
        while (!(failure instanceof MigrationException)) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        throw MigrationException.again((MigrationException) failure);
    }

    /** Waits for threads to end, or for the first failure. */
    void await(List<Thread> awaited, Runnable check) throws SQLException {
        for (Thread thread : awaited) {
            while (thread.isAlive()) {
                check();
                check.run();
                join(thread, LOOK);
            }
        }
        check();
    }

    /** Asks everybody to stop and waits for them. */
    @Override
    public void close() {
        List<Thread> all;
        synchronized (this) {
            isEnding = true;
            all = List.copyOf(threads);
        }
        cancel.request();
        long deadlineNanos = System.nanoTime() + END_MAX.toNanos();
        for (Thread thread : all) {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos > 0 && thread != Thread.currentThread()) {
                join(thread, Duration.ofNanos(leftNanos));
            }
        }
    }

    private static void join(Thread thread, Duration atMost) {
        try {
            thread.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
