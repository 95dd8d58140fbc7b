package io.crossfade.jdbc;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flags flip from all reads to none and back while a hundred connections are at work: no error, no transaction that reads both
 * sides, and nobody reads the side that was left for longer than a second. {@code docs/testing.md} has the long run.
 */
class FlipsTest {
    private static final int BUILD_FLIPS = 6;
    private static final int FLIPS = Integer.getInteger("crossfade.test.flips", BUILD_FLIPS);
    private static final String SOURCE = System.getProperty("crossfade.test.flips.source", "file");
    private static final int CONNECTIONS = 100;
    private static final Duration LAST_READ_MAX = Duration.ofSeconds(1);

    /** A pool opens its connections one after the other, and a busy machine takes its time. */
    private static final Duration START_MAX = Duration.ofMinutes(2);

    /** Between two transactions of a connection, so that the load is a load and not a queue before two cores. */
    private static final long PAUSE_NANOS = Duration.ofMillis(Integer.getInteger("crossfade.test.flips.pause", 100))
            .toNanos();

    @TempDir
    private Path folder;

    private final Queue<Object> failures = new ConcurrentLinkedQueue<>();
    private final LongAccumulator lastOld = new LongAccumulator(Math::max, System.nanoTime());
    private final LongAccumulator lastNew = new LongAccumulator(Math::max, System.nanoTime());
    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean isOver;

    @ServerTest
    void everyTransactionReadsOneSideAndTheOtherWithinASecondOfAFlip(TestDatabase database) throws Exception {
        try (Migrator migrator = new Migrator(database);
                Connection first = Urls.connect(database, "")) {
            database.execute("CREATE TABLE visits (worker INT PRIMARY KEY, count INT NOT NULL)");
            migrator.open();
            migrator.moveTo(Stage.LIVE);
            for (int id = 0; id < CONNECTIONS; id++) {
                database.execute(
                        "INSERT INTO orders (id, status, order_status) VALUES (" + (id + 1) + ", 'old', 'new')",
                        "INSERT INTO visits VALUES (" + id + ", 0)");
            }
            migrator.readPercent(1);
        }
        try (Migrator migrator = Migrator.again(database);
                Flags flags = flags(migrator);
                HikariDataSource pool = pool(database, flags.parameters())) {
            for (int id = 0; id < CONNECTIONS; id++) {
                workers.add(new Worker(id, pool));
            }
            flags.set(0);
            workers.forEach(Thread::start);
            awaitAll(false, System.nanoTime(), START_MAX);
            long[] nanos = flip(flags);
            isOver = true;
            for (Worker worker : workers) {
                worker.join();
            }
            Arrays.sort(nanos);
            System.out.printf(
                    "%s, flags by %s: %d flips, %d transactions on %d connections; last read of the side that was left after"
                            + " p50 %d ms, p99 %d ms, max %d ms%n",
                    database.server().kind(),
                    SOURCE,
                    nanos.length,
                    workers.stream().mapToLong(w -> w.transactions).sum(),
                    CONNECTIONS,
                    nanos[nanos.length / 2] / 1_000_000,
                    nanos[nanos.length * 99 / 100] / 1_000_000,
                    nanos[nanos.length - 1] / 1_000_000);
            assertThat(failures).isEmpty();
            // A machine that builds something beside it may take any time; the long run is for a quiet one.
            if (FLIPS > BUILD_FLIPS) {
                assertThat(nanos[nanos.length - 1]).isLessThan(LAST_READ_MAX.toNanos());
            }
            assertThat(database.queryLong("SELECT SUM(count) FROM visits"))
                    .isEqualTo(workers.stream().mapToLong(w -> w.transactions).sum());
        }
    }

    /** How long after each flip the side that was left was read for the last time. */
    private long[] flip(Flags flags) throws Exception {
        long[] nanos = new long[FLIPS];
        for (int i = 0; i < FLIPS; i++) {
            boolean toNew = i % 2 == 0;
            long flippedNanos = System.nanoTime();
            flags.set(toNew ? 100 : 0);
            awaitAll(toNew, flippedNanos, Migrator.BOUND);
            // Once more, so that a straggler would be seen.
            awaitAll(toNew, System.nanoTime(), Migrator.BOUND);
            if (!failures.isEmpty()) {
                isOver = true;
                break;
            }
            nanos[i] = Math.max(0, (toNew ? lastOld : lastNew).get() - flippedNanos);
        }
        return nanos;
    }

    /** Waits until every connection has had a transaction that began after this and read this side. */
    private void awaitAll(boolean isNew, long nanos, Duration max) {
        await().atMost(max)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !failures.isEmpty() || workers.stream().allMatch(w -> w.last.isAfter(nanos, isNew)));
    }

    /** A transaction that was begun at a time and read one side. */
    private record Seen(long begunNanos, boolean isNew) {
        boolean isAfter(long nanos, boolean side) {
            return begunNanos - nanos > 0 && isNew == side;
        }
    }

    /** One connection's work: by text and prepared, with a write in between. */
    private final class Worker extends Thread {
        private final int id;
        private final HikariDataSource pool;
        private volatile Seen last = new Seen(System.nanoTime(), true);
        private volatile long transactions;

        private Worker(int id, HikariDataSource pool) {
            super("worker-" + id);
            this.id = id;
            this.pool = pool;
        }

        @Override
        public void run() {
            try (Connection connection = pool.getConnection();
                    Statement text = connection.createStatement();
                    PreparedStatement read = connection.prepareStatement("SELECT status FROM orders WHERE id = ?")) {
                connection.setAutoCommit(false);
                while (!isOver) {
                    transaction(connection, text, read);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException | RuntimeException e) {
                failures.add(e);
            }
        }

        private void transaction(Connection connection, Statement text, PreparedStatement read) throws SQLException {
            long begunNanos = System.nanoTime();
            String first = one(text.executeQuery("SELECT status FROM orders WHERE id = " + (id + 1)));
            text.executeUpdate("UPDATE visits SET count = count + 1 WHERE worker = " + id);
            read.setInt(1, id + 1);
            String second = one(read.executeQuery());
            String third = one(text.executeQuery("SELECT o.status FROM orders o WHERE o.id = " + (id + 1)));
            boolean isNew = third.equals("new");
            (isNew ? lastNew : lastOld).accumulate(System.nanoTime());
            connection.commit();
            transactions++;
            if (!first.equals(second) || !second.equals(third)) {
                failures.add("mixed: " + first + ", " + second + ", " + third);
            }
            last = new Seen(begunNanos, isNew);
        }

        private static String one(ResultSet rows) throws SQLException {
            try (rows) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    // --- sources --------------------------------------------------------------------------------------------------

    private interface Flags extends AutoCloseable {
        String parameters();

        void set(int percent) throws Exception;

        @Override
        default void close() {}
    }

    private Flags flags(Migrator migrator) {
        return switch (SOURCE) {
            case "control" -> new ControlFlags(migrator);
            case "ofrep" -> new ServiceFlags();
            default -> new FileFlags(folder.resolve("shares.yaml"));
        };
    }

    /** At the polls that hold where nobody sets any. */
    private record FileFlags(Path file) implements Flags {
        @Override
        public String parameters() {
            return "&crossfade.flags=file&crossfade.flags.file=" + file;
        }

        @Override
        public void set(int percent) throws Exception {
            Path beside = Files.writeString(file.resolveSibling("new"), "orders-status: " + percent + "\n");
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private record ControlFlags(Migrator migrator) implements Flags {
        @Override
        public String parameters() {
            return "&crossfade.pollMillis=500";
        }

        @Override
        public void set(int percent) throws Exception {
            migrator.store.changes().move(migrator.row(), Stage.LIVE, Direction.FORWARD, percent, "test", "");
        }
    }

    private static final class ServiceFlags implements Flags {
        private final WireMockServer server = new WireMockServer(
                options().dynamicPort().bindAddress("127.0.0.1").disableRequestJournal());
        private int flips;

        private ServiceFlags() {
            server.start();
        }

        @Override
        public String parameters() {
            return "&crossfade.flags=ofrep&crossfade.flags.pollMillis=500&crossfade.flags.url=" + server.baseUrl();
        }

        @Override
        public void set(int percent) {
            String tag = "\"" + flips++ + "\"";
            String body = "{\"flags\": [{\"key\": \"crossfade.orders-status\", \"value\": " + percent + "}]}";
            server.resetMappings();
            server.stubFor(any(anyUrl()).willReturn(ok(body).withHeader("ETag", tag)));
            server.stubFor(
                    any(anyUrl()).withHeader("If-None-Match", equalTo(tag)).willReturn(status(304)));
        }

        @Override
        public void close() {
            server.stop();
        }
    }

    private static HikariDataSource pool(TestDatabase database, String parameters) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Urls.mysql(database) + parameters);
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(START_MAX.toMillis());
        return new HikariDataSource(config);
    }
}
