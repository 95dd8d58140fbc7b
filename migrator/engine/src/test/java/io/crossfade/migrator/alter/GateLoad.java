package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.jdbc.CrossfadeDataSource;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * An application behind the driver and a pool, which writes table t and in the same transactions its twin: autocommit, transactions,
 * prepared statements (the server's too) and batches. It takes note of how long its statements take. Safe for many threads.
 */
final class GateLoad implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);
    private static final int ROWS = 400;

    /** A pace, not a wait for anything. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** What was faster is no pause. */
    private static final long NOTED_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong statements = new AtomicLong();
    private final Queue<Took> slow = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    final HikariDataSource pool;
    private final HikariDataSource prepared;

    /** A statement that was not quick. */
    private record Took(long beganNanos, long endedNanos) {}

    private GateLoad(TestDatabase database, int connections) {
        pool = pool(database, "", connections);
        prepared = pool(database, "&useServerPrepStmts=true&cachePrepStmts=true", connections);
    }

    /** The tables t and twin, of the same rows. */
    static void createTables(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v INT NOT NULL, w VARCHAR(40) NOT NULL DEFAULT '')",
                "CREATE TABLE twin LIKE t");
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            rows.append(i == 0 ? "" : ", ").append('(').append(i).append(", 0)");
        }
        database.execute("INSERT INTO t (id, v) VALUES " + rows, "INSERT INTO twin (id, v) VALUES " + rows);
    }

    static GateLoad start(TestDatabase database, int workers) {
        GateLoad load = new GateLoad(database, workers);
        for (int i = 0; i < workers; i++) {
            int mine = i;
            Thread thread = new Thread(() -> load.work(mine, workers), "application-" + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    static HikariDataSource pool(TestDatabase database, String parameters, int connections) {
        CrossfadeDataSource driver = new CrossfadeDataSource();
        driver.setUrl(database.jdbcUrl().replace("jdbc:", "jdbc:crossfade:") + parameters);
        driver.setUser(database.user());
        driver.setPassword(database.password());
        Properties properties = new Properties();
        properties.setProperty("crossfade.application", "shop");
        properties.setProperty("crossfade.pollMillis", "200");
        driver.setProperties(properties);
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    private void work(int mine, int workers) {
        SplittableRandom random = new SplittableRandom(mine);
        while (!over.get()) {
            // Half of them let the server prepare.
            try (Connection connection = (mine % 2 == 0 ? pool : prepared).getConnection()) {
                for (int i = 0; i < 20 && !over.get(); i++) {
                    // Rows of its own, so that both tables see their writes in one order.
                    int id = mine + workers * random.nextInt(ROWS / workers);
                    int value = random.nextInt(1_000_000);
                    switch (random.nextInt(4)) {
                        case 0 -> autocommit(connection, id, value);
                        case 1 -> transaction(connection, id, value);
                        case 2 -> preparedStatements(connection, id, value);
                        default -> batch(connection, id, value);
                    }
                    LockSupport.parkNanos(REST_NANOS + random.nextLong(REST_NANOS));
                }
            } catch (SQLException | RuntimeException e) {
                failures.add(e);
            }
        }
    }

    private void autocommit(Connection connection, int id, int value) throws SQLException {
        try (Statement s = connection.createStatement()) {
            timed(() -> s.executeUpdate("UPDATE t JOIN twin ON twin.id = t.id SET t.v = " + value + ", twin.v = "
                    + value + " WHERE t.id = " + id));
            timed(() -> read(s, "SELECT v FROM t WHERE id = " + id));
        }
    }

    private void transaction(Connection connection, int id, int value) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement s = connection.createStatement()) {
            // One of two transactions has begun before it comes to the table.
            for (String table : value % 2 == 0 ? List.of("t", "twin") : List.of("twin", "t")) {
                timed(() -> s.executeUpdate("UPDATE " + table + " SET v = " + value + " WHERE id = " + id));
                timed(() -> read(s, "SELECT v FROM " + table + " WHERE id = " + id));
            }
            timed(() -> {
                connection.commit();
                return 0;
            });
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void preparedStatements(Connection connection, int id, int value) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                        "UPDATE t JOIN twin ON twin.id = t.id SET t.w = ?, twin.w = ? WHERE t.id = ?");
                PreparedStatement read = connection.prepareStatement("SELECT w FROM t WHERE id = ?")) {
            for (int i = 0; i < 3; i++) {
                update.setString(1, "w" + (value + i));
                update.setString(2, "w" + (value + i));
                update.setInt(3, id);
                timed(update::executeUpdate);
                read.setInt(1, id);
                timed(() -> {
                    try (ResultSet r = read.executeQuery()) {
                        r.next();
                        return r.getString(1).length();
                    }
                });
            }
        }
    }

    private void batch(Connection connection, int id, int value) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (String table : List.of("t", "twin")) {
                try (PreparedStatement s = connection.prepareStatement(
                        "INSERT INTO " + table + " (id, v) VALUES (?, ?) ON DUPLICATE KEY UPDATE v = VALUES(v)")) {
                    for (int i = 0; i < 3; i++) {
                        s.setInt(1, id + (i << 20));
                        s.setInt(2, value);
                        s.addBatch();
                    }
                    timed(() -> s.executeBatch().length);
                }
            }
            timed(() -> {
                connection.commit();
                return 0;
            });
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static int read(Statement s, String sql) throws SQLException {
        try (ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getInt(1);
        }
    }

    private interface Sent {
        int run() throws SQLException;
    }

    private void timed(Sent sent) throws SQLException {
        long beganNanos = System.nanoTime();
        sent.run();
        long endedNanos = System.nanoTime();
        statements.incrementAndGet();
        if (endedNanos - beganNanos > NOTED_NANOS) {
            slow.add(new Took(beganNanos, endedNanos));
        }
    }

    long statements() {
        return statements.get();
    }

    /** Waits until so many more statements were carried out. */
    void awaitStatements(long more) {
        long until = statements.get() + more;
        Awaitility.await().atMost(WAIT_MAX).until(() -> statements.get() >= until || !failures.isEmpty());
    }

    /** The longest statement of those that overlap with this time, in milliseconds. */
    double longestMillis(long fromNanos, long toNanos) {
        long longest = 0;
        for (Took took : slow) {
            if (took.endedNanos - fromNanos > 0 && took.beganNanos - toNanos < 0) {
                longest = Math.max(longest, took.endedNanos - took.beganNanos);
            }
        }
        return longest / 1e6;
    }

    /** Ends the load; nothing failed, and the tables have the same rows. */
    void assertWell(TestDatabase database) throws SQLException {
        over.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(WAIT_MAX.toMillis());
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
            assertThat(thread.isAlive()).as("the load ends").isFalse();
        }
        assertThat(failures).isEmpty();
        assertThat(database.queryLong(
                        "SELECT COUNT(*) FROM (SELECT id, v, w FROM t UNION ALL SELECT id, v, w FROM twin) both_"
                                + " WHERE (id, v, w) NOT IN (SELECT t.id, t.v, t.w FROM t JOIN twin ON twin.id = t.id"
                                + " AND twin.v = t.v AND twin.w = t.w)"))
                .as("differing rows")
                .isZero();
    }

    @Override
    public void close() {
        over.set(true);
        pool.close();
        prepared.close();
    }
}
