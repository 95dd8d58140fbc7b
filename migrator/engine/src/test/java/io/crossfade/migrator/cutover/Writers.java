package io.crossfade.migrator.cutover;

import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sessions of an application that insert rows all the time, and know which ones the server has taken. */
final class Writers implements AutoCloseable {
    /** Else the log of one test fills the disk. */
    private static final long PACE_NANOS = 500_000;

    private final List<Thread> threads = new ArrayList<>();
    private final Set<Long> written = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextId;
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean isOver;
    private volatile @Nullable SQLException error;

    private Writers(long firstId) {
        this.nextId = new AtomicLong(firstId);
    }

    static Writers of(TestDatabase database, int sessions, String... tables) {
        Writers writers = new Writers(1_000_000);
        for (int i = 0; i < sessions; i++) {
            String table = tables[i % tables.length];
            Thread thread = new Thread(() -> writers.write(database, table), "writer-" + i);
            writers.threads.add(thread);
            thread.start();
        }
        return writers;
    }

    private void write(TestDatabase database, String table) {
        try (Connection connection = database.connect();
                PreparedStatement s = connection.prepareStatement("INSERT INTO " + table + " (id, v) VALUES (?, 1)")) {
            while (!isOver) {
                long id = nextId.getAndIncrement();
                s.setLong(1, id);
                long beganNanos = System.nanoTime();
                s.executeUpdate();
                longestNanos.accumulateAndGet(System.nanoTime() - beganNanos, Math::max);
                written.add(id);
                LockSupport.parkNanos(PACE_NANOS);
            }
        } catch (SQLException e) {
            error = e;
        }
    }

    /** Waits until they have written this many more. */
    void awaitMore(int rows) {
        int wanted = written.size() + rows;
        long deadlineNanos = System.nanoTime() + 20_000_000_000L;
        while (written.size() < wanted) {
            if (error != null || System.nanoTime() > deadlineNanos) {
                throw new AssertionError("the writers stand still at " + written.size() + " rows", error);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    long longestMillis() {
        return longestNanos.get() / 1_000_000;
    }

    /** The rows that the server has taken by now. */
    Set<Long> soFar() {
        return Set.copyOf(written);
    }

    /** Ends them and gives the rows that the server has taken. */
    Set<Long> end() throws SQLException {
        isOver = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        SQLException seen = error;
        if (seen != null) {
            throw seen;
        }
        return written;
    }

    @Override
    public void close() throws SQLException {
        end();
    }
}
