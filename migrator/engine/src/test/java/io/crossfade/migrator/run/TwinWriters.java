package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * Old code behind the driver: each transaction writes table t, whose columns change, and in the same words its twin, whose do not.
 * Safe for many threads.
 */
final class TwinWriters implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** A pace, not a wait for anything. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final TestDatabase database;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Exception> failures = new ArrayList<>();

    private TwinWriters(TestDatabase database) {
        this.database = database;
    }

    static TwinWriters start(TestDatabase database, int count) {
        TwinWriters writers = new TwinWriters(database);
        for (int i = 0; i < count; i++) {
            int seed = i;
            Thread thread = new Thread(() -> writers.write(seed, count), "application-" + i);
            writers.threads.add(thread);
            thread.start();
        }
        return writers;
    }

    /** Each writer has rows of its own, so that both tables see their writes in one order. */
    private void write(int mine, int count) {
        String url = database.jdbcUrl().replace("jdbc:", "jdbc:crossfade:")
                + "&crossfade.application=shop&crossfade.pollMillis=100&crossfade.leaseMillis=3000";
        SplittableRandom random = new SplittableRandom(mine);
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password())) {
            connection.setAutoCommit(false);
            for (int i = 0; !over.get(); i++) {
                long id = 1 + mine + (long) count * random.nextInt(900);
                String handle = "w" + mine + "-" + random.nextInt(40);
                try {
                    long next = 1_000_000L + (long) i * count + mine;
                    switch (random.nextInt(5)) {
                        case 0 -> both(connection, "UPDATE % SET status = ?, n = n + 1 WHERE id = ?", "s" + i, id);
                        case 1 -> both(connection, "DELETE FROM % WHERE id = ?", id);
                        case 2 ->
                            both(
                                    connection,
                                    "INSERT INTO % (id, handle, status) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE n = n + 1,"
                                            + " status = 'again'",
                                    next,
                                    handle,
                                    "first");
                        case 3 -> both(connection, "INSERT INTO % (id, handle) VALUES (?, ?)", next, "n" + next);
                        default ->
                            both(connection, "UPDATE % SET handle = ? WHERE handle = ?", handle + "m", "n" + next);
                    }
                    connection.commit();
                    done.incrementAndGet();
                } catch (SQLException e) {
                    connection.rollback();
                    // A lease that was late, or a deadlock: every retry loop knows it.
                    if (!"40001".equals(e.getSQLState())) {
                        throw e;
                    }
                }
                LockSupport.parkNanos(REST_NANOS);
            }
        } catch (SQLException e) {
            synchronized (failures) {
                failures.add(e);
            }
        }
    }

    private static void both(Connection connection, String sql, Object... values) throws SQLException {
        for (String table : List.of("t", "twin")) {
            try (PreparedStatement s = connection.prepareStatement(sql.replace("%", table))) {
                for (int i = 0; i < values.length; i++) {
                    s.setObject(i + 1, values[i]);
                }
                s.executeUpdate();
            }
        }
    }

    void awaitMore(int transactions) {
        long until = done.get() + transactions;
        Awaitility.await().atMost(WAIT_MAX).until(() -> isFailed() || done.get() >= until);
        check();
    }

    private boolean isFailed() {
        synchronized (failures) {
            return !failures.isEmpty();
        }
    }

    private void check() {
        synchronized (failures) {
            for (Exception e : failures) {
                throw new AssertionError("an application failed", e);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        check();
        assertThat(done.get()).isPositive();
    }
}
