package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.verify.Differences;
import io.crossfade.migrator.walk.Pacing;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/**
 * Where a lock of the migrator and locks of an application's transaction wait for each other, the server fails a statement of the one that has
 * done less: the application's. So the migrator never waits for a lock that somebody holds who may wait for one of its own.
 */
class VictimsTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** The log is not followed here, so the verification alone finds them. */
    private static final String DIFFER = "UPDATE t SET order_status = 'lost' WHERE id % 5 = 0 OR id IN (1, 64)";

    private final List<Progress> seen = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** Between its two statements an ALTER asks for the table's metadata lock. */
    @ServerTest
    void aTransactionThatReadsATableAndThenWritesItIsNoVictimOfAnAlter(TestDatabase database) throws Exception {
        create(database);
        Trial trial = trial(database);
        try (Connection application = connect(database);
                Statement s = application.createStatement()) {
            at(trial, "add the new columns", () -> s.executeQuery("SELECT status FROM t WHERE id = 1")
                    .close());
            Future<ChangeRow> start = start(trial);
            // Where nobody keeps it from that, the ALTER waits for this transaction, and whoever comes to the table
            // waits behind it.
            await().atMost(WAIT_MAX).until(() -> isWaiting() || isAlterWaiting(database));
            goOn(application, s, start);
        }
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE NOT (status <=> order_status)"))
                .isZero();
    }

    /** Nobody can ask it to stay away; it was seen before the ALTER was sent. */
    @ServerTest
    void aTransactionWithoutTheDriverThatIsOpenForLongIsNoVictimOfAnAlter(TestDatabase database) throws Exception {
        create(database);
        Trial trial = trial(database);
        try (Connection application = database.connect();
                Statement s = application.createStatement()) {
            application.setAutoCommit(false);
            s.executeQuery("SELECT status FROM t WHERE id = 1").close();
            await().atMost(WAIT_MAX)
                    .until(() -> database.queryLong("SELECT COUNT(*) FROM information_schema.INNODB_TRX"
                                    + " WHERE trx_started <= NOW() - INTERVAL 2 SECOND")
                            > 0);
            Future<ChangeRow> start = start(trial);
            await().atMost(WAIT_MAX).until(() -> isWaiting() || isAlterWaiting(database));
            goOn(application, s, start);
        }
    }

    /** The application comes to the row that may be the migrator's by now; nothing fails, and the change arrives. */
    private static void goOn(Connection application, Statement s, Future<ChangeRow> start) throws Exception {
        write(s, 1);
        application.commit();
        assertThat(start.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS).state().stage())
                .isEqualTo(Stage.SHADOW);
    }

    private static boolean isAlterWaiting(TestDatabase database) throws SQLException {
        return database.queryLong("SELECT COUNT(*) FROM information_schema.PROCESSLIST"
                        + " WHERE STATE LIKE 'Waiting for table metadata lock%'")
                > 0;
    }

    /** It has the last row of the backfill's chunk, and comes to the first one. */
    @ServerTest
    void aTransactionThatWritesRowsOfAChunkIsNoVictimOfTheBackfill(TestDatabase database) throws Exception {
        create(database);
        Trial trial = trial(database);
        trial.settings =
                trial.settings.withPacing(Pacing.DEFAULT.withRows(100, 100).withBreatherRatio(0));
        try (Connection application = connect(database);
                Statement s = application.createStatement()) {
            at(trial, "backfill", () -> write(s, 64));
            Future<ChangeRow> start = start(trial);
            await().atMost(WAIT_MAX).until(() -> isFilledUpTo(database, 63) || isRowAwaited(database));
            goOn(application, s, start);
        }
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE NOT (status <=> order_status)"))
                .isZero();
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE order_status = 'paid'"))
                .isEqualTo(2);
    }

    /** Rows that differ are found behind the backfill: it has the last of them, and comes to the first one. */
    @ServerTest
    void aTransactionThatWritesRowsThatDifferIsNoVictimOfTheVerificationThatMends(TestDatabase database)
            throws Exception {
        create(database);
        widen(database);
        Trial trial = trial(database);
        trial.settings =
                trial.settings.withPacing(Pacing.DEFAULT.withRows(100, 100).withBreatherRatio(0));
        try (Connection application = connect(database);
                Statement s = application.createStatement()) {
            at(trial, "verify", () -> {
                database.execute(DIFFER);
                write(s, 64);
            });
            Future<ChangeRow> start = start(trial);
            await().atMost(WAIT_MAX).until(() -> isFilledUpTo(database, 63) && isVerifying() || isRowAwaited(database));
            goOn(application, s, start);
        }
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE NOT (status <=> order_status)"))
                .isZero();
    }

    /** What changes nothing waits for nobody. */
    @ServerTest
    void aTransactionThatWritesRowsThatDifferIsNoVictimOfAVerification(TestDatabase database) throws Exception {
        create(database);
        widen(database);
        Trial trial = trial(database);
        trial.settings =
                trial.settings.withPacing(Pacing.DEFAULT.withRows(100, 100).withBreatherRatio(0));
        start(trial).get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        database.execute(DIFFER);
        try (Connection application = connect(database);
                Statement s = application.createStatement()) {
            write(s, 64);
            Future<Differences> verified = threads.submit(() -> trial.with(m -> m.verify("c")));
            await().atMost(WAIT_MAX).until(() -> verified.isDone() || isRowAwaited(database));
            write(s, 1);
            application.commit();
            Differences found = verified.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
            assertThat(found.rowsDiffering()).isEqualTo(14);
            assertThat(found.keys()).hasSize(14).contains("id=1", "id=64");
        }
    }

    private boolean isVerifying() {
        return seen.stream()
                .anyMatch(p -> p instanceof Progress.Began began && began.step().equals("verify"));
    }

    /** Rows on many pages: who has locks on more of them has done more, and is not the victim. */
    private static void widen(TestDatabase database) throws SQLException {
        database.execute(
                "ALTER TABLE t ADD COLUMN pad VARCHAR(3000) CHARACTER SET latin1 NOT NULL DEFAULT ''",
                "UPDATE t SET pad = REPEAT('x', 3000)");
    }

    private static boolean isFilledUpTo(TestDatabase database, int id) throws SQLException {
        return database.queryLong("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                                + " AND TABLE_NAME = 't' AND COLUMN_NAME = 'order_status'")
                        > 0
                && database.queryLong("SELECT COUNT(*) FROM t WHERE id <= " + id + " AND status <=> order_status")
                        == id;
    }

    private static boolean isRowAwaited(TestDatabase database) throws SQLException {
        return database.queryLong("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")
                > 0;
    }

    private static void write(Statement s, int id) throws SQLException {
        assertThat(s.executeUpdate("UPDATE t SET status = 'paid' WHERE id = " + id))
                .isOne();
    }

    private interface Doing {
        void run() throws SQLException;
    }

    /** Something that the application does when this step begins. */
    private void at(Trial trial, String step, Doing doing) {
        trial.listener = progress -> {
            if (progress instanceof Progress.Began began && began.step().equals(step)) {
                try {
                    doing.run();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
            seen.add(progress);
        };
    }

    private Future<ChangeRow> start(Trial trial) {
        return threads.submit(() -> trial.with(m -> m.start(trial.change("rename: {from: status, to: order_status}"))));
    }

    private boolean isWaiting() {
        return seen.stream()
                .anyMatch(p -> p instanceof Progress.Waiting w && w.forWhom().startsWith("the table's metadata lock"));
    }

    private Trial trial(TestDatabase database) {
        Trial trial = new Trial(database);
        // The control tables are made by this very start, so MariaDB shows its clients only when they have looked.
        trial.settings = trial.settings.withDiscovery(Duration.ofMillis(600));
        trial.listener = seen::add;
        return trial;
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        String url = database.jdbcUrl().replace("jdbc:", "jdbc:crossfade:") + "&crossfade.pollMillis=100";
        Connection connection = DriverManager.getConnection(url, database.user(), database.password());
        connection.setAutoCommit(false);
        return connection;
    }

    private static void create(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20) NOT NULL) ENGINE=InnoDB",
                "INSERT INTO t VALUES (1, 'new')");
        for (int i = 1; i < 64; i *= 2) {
            database.execute("INSERT INTO t SELECT id + " + i + ", status FROM t");
        }
    }
}
