package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.SeededRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Several writers at once, from before a run until after it. */
final class StressWriters implements AutoCloseable {
    private static final Duration MORE_MAX = Duration.ofSeconds(60);
    private static final int BACKLOG_MAX = 200;
    private static final int PAUSE_MILLIS_MAX = 12;
    private static final int LOCK_WAIT = 1205;
    private static final int DEADLOCK = 1213;

    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong yielded = new AtomicLong();
    private final LongSupplier backlog;
    private final CountDownLatch over = new CountDownLatch(1);

    /** Opens sessions. */
    @FunctionalInterface
    interface Source {
        Connection open() throws SQLException;
    }

    /**
     * @param backlog how far the run is behind; writers that outrun it wait, or it would never come to its end
     */
    StressWriters(int sessions, long seed, StressTable table, Source source, LongSupplier backlog) {
        this.backlog = backlog;
        for (int i = 0; i < sessions; i++) {
            long own = seed * 31 + i;
            Thread thread = new Thread(() -> write(new SeededRandom(own), table, source), "stress-writer-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void write(SeededRandom random, StressTable table, Source source) {
        try (Connection connection = source.open()) {
            StressWriter writer = new StressWriter(random, table, connection);
            // Some pause, so that two processors also get to changing the table.
            while (!over.await(random.nextInt(PAUSE_MILLIS_MAX), TimeUnit.MILLISECONDS)) {
                if (backlog.getAsLong() > BACKLOG_MAX) {
                    continue;
                }
                try {
                    if (writer.transaction()) {
                        counted();
                    }
                } catch (SQLException e) {
                    if (e.getErrorCode() != DEADLOCK && e.getErrorCode() != LOCK_WAIT) {
                        throw e;
                    }
                    connection.rollback();
                    yielded.incrementAndGet();
                }
            }
        } catch (SQLException | RuntimeException | InterruptedException e) {
            failed(e);
        }
    }

    private synchronized void failed(Throwable e) {
        errors.add(e);
        notifyAll();
    }

    private synchronized void counted() {
        committed.incrementAndGet();
        notifyAll();
    }

    long committed() {
        return committed.get();
    }

    /** Transactions that gave way to another's lock. */
    long yielded() {
        return yielded.get();
    }

    /** Waits until so many more transactions were committed. */
    synchronized void awaitMore(int transactions) throws InterruptedException {
        long wanted = committed.get() + transactions;
        long deadlineNanos = System.nanoTime() + MORE_MAX.toNanos();
        while (committed.get() < wanted && errors.isEmpty()) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            assertThat(leftMillis).describedAs("writers got stuck").isPositive();
            wait(leftMillis);
        }
    }

    /** Ends them; an error of any of them is the test's. */
    void end() throws InterruptedException {
        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable first = errors.poll();
        if (first != null) {
            throw new AssertionError("a writer failed: " + first.getMessage(), first);
        }
    }

    @Override
    public void close() throws InterruptedException {
        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
