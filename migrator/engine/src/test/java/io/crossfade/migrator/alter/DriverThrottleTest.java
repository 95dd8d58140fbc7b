package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.DriverMeasure;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

/** A table change that holds back for what the drivers measure, with a real driver on a real server. */
class DriverThrottleTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** Holds the run until the drivers' first bad word, since a small table is copied before it comes. */
    private static final class FromFirstReason implements Throttle {
        private final Throttle measure;
        private volatile boolean hasHeld;

        private FromFirstReason(Throttle measure) {
            this.measure = measure;
        }

        @Override
        public Optional<String> reason() throws SQLException {
            Optional<String> reason = measure.reason();
            hasHeld |= reason.isPresent();
            return hasHeld ? reason : Optional.of("the test waits for the drivers");
        }

        @Override
        public void release() {
            measure.release();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void theRunHoldsBackWhileStatementsAreSlowAndGoesOnAfterwards(TestServer server, TestDatabase database)
            throws Exception {
        String lock = "'" + database.name() + "'";
        GateLoad.createTables(database);
        AlterTrial trial = new AlterTrial(server, database);
        AtomicLong limitMillis = new AtomicLong(100);
        FromFirstReason throttle = new FromFirstReason(
                new DriverMeasure(database::connect, List.of(trial.table("t")), limitMillis::get, text -> {}));
        trial.throttles.add(throttle);
        try (HikariDataSource pool = GateLoad.pool(database, "", 2);
                Connection held = database.connect()) {
            execute(held, "SELECT GET_LOCK(" + lock + ", 0)");
            Future<?> slow = threads.submit(() -> {
                try (Connection connection = pool.getConnection()) {
                    // Before the tables are watched, and again as long as it did not count.
                    execute(connection, "SELECT COUNT(*) FROM t");
                    await().atMost(WAIT_MAX)
                            .until(() -> database.queryLong(
                                            "SELECT COUNT(*) FROM information_schema.TABLES" + " WHERE TABLE_SCHEMA = "
                                                    + lock + " AND TABLE_NAME = 'crossfade_watch_client'")
                                    == 1);
                    await().atMost(WAIT_MAX)
                            .until(() -> database.queryLong("SELECT COUNT(*) FROM crossfade_watch_client") == 1);
                    execute(connection, "SELECT GET_LOCK(" + lock + ", 60), COUNT(*) FROM t");
                }
                return null;
            });
            Future<?> altering = threads.submit(() -> {
                trial.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 7");
                return null;
            });
            await().atMost(WAIT_MAX).until(() -> throttle.hasHeld || altering.isDone());
            await().atMost(WAIT_MAX).until(() -> isThrottledByDrivers(trial) || altering.isDone());
            assertThat(altering.isDone()).isFalse();
            assertThat(database.queryLong("SELECT COUNT(*) FROM _t_gho")).isZero();

            execute(held, "SELECT RELEASE_LOCK(" + lock + ")");
            slow.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
            altering.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE note = 7")).isEqualTo(400);
        assertThat(trial.said()).as("the gate is another thing").anyMatch(t -> t.startsWith("gate of "));
        limitMillis.set(0);
        await().atMost(WAIT_MAX)
                .until(() -> database.query("SELECT * FROM crossfade_watch").isEmpty());
        // A client that was just telling may leave its word behind, which the next watch takes away.
        assertThat(database.queryLong("SELECT COUNT(*) FROM crossfade_watch_client"))
                .isLessThanOrEqualTo(1);
        assertThat(database.query("SELECT gates FROM crossfade_control")).hasToString("[[0]]");
    }

    private static boolean isThrottledByDrivers(AlterTrial trial) {
        synchronized (trial.progress) {
            return trial.progress.stream()
                    .anyMatch(p -> p instanceof Progress.Throttled t
                            && t.reason().contains("of the drivers' statements took longer than 100 ms")
                            && t.reason().contains("shop on "));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
