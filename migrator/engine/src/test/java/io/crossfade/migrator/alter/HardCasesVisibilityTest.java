package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hard case 1: what the change log tells before it can be seen. A commit is held where it is in the log and not in the table: on
 * MariaDB by semi-synchronous replication without a replica, for as long as the test wants; on MySQL, whose binaries here lack that,
 * by the delay of its group commit, for a second.
 */
class HardCasesVisibilityTest {
    private static final String SUM = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, v)))) FROM ";

    /** A second may be over before the copy has come by. */
    private static final int ATTEMPTS_MAX = 20;

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void anEventThatComesLongBeforeItsRowIsVisibleIsNotLost(ServerKind kind) throws Exception {
        try (EmbeddedServer own =
                EmbeddedServer.of(kind).bufferPoolMebibytes(16).start()) {
            boolean hasMet = false;
            for (int attempt = 1; !hasMet; attempt++) {
                assertThat(attempt).as("the copy came too late each time").isLessThanOrEqualTo(ATTEMPTS_MAX);
                try (TestDatabase database = TestDatabase.create(own.server())) {
                    hasMet = meets(own.server(), database);
                }
            }
        }
    }

    /**
     * Has the copy come by while a change of its rows is in the log and not in the table.
     *
     * <pre>
     * log     marker, change, marker ─────────────────────────────
     * table   marker ·································· change ────
     * copy                            its snapshot ───────────────
     * </pre>
     *
     * <p>The first marker is confirmed to the run behind the change, and says nothing of it; the second comes down the log behind it,
     * and is not confirmed.
     *
     * @return whether it has: the row that it copied was the old one, and so was the table's afterwards
     */
    private static boolean meets(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(60) NOT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, v", "n, CONCAT('row ', n)", 400);
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
            // Nothing is written but by those who are looked at.
            trial.bounds = Scene.bounds(1, Duration.ofMinutes(10));
            HeldAnswers markers = new HeldAnswers("_t_ghc", "VALUES");
            trial.source = new WatchedSource(trial::connect, markers);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            markers.hold();
            scene.until("a marker is committed and not confirmed", markers::isOneHeld);
            String end = logEnd(trial);
            scene.until("it is read", () -> scene.status().position().equals(end));

            long id = scene.status().rowsCopied() + 5;
            List<Throwable> failures = new ArrayList<>();
            Thread writer = new Thread(() -> {
                try {
                    write(trial, id);
                } catch (SQLException e) {
                    failures.add(e);
                }
            });
            holdCommits(trial, server.kind(), true);
            boolean hasMet;
            try {
                writer.start();
                scene.until(
                        "the change is read", () -> !scene.status().position().equals(end));
                String changed = scene.status().position();
                markers.release();
                scene.until(
                        "a marker behind it is read",
                        () -> !scene.status().position().equals(changed));
                scene.open();
                hasMet = isCopiedAsItWas(scene, id);
            } finally {
                holdCommits(trial, server.kind(), false);
                markers.release();
                writer.join();
            }
            scene.finish();
            assertThat(failures).isEmpty();
            assertThat(trial.one(SUM + "t")).isEqualTo(trial.one(SUM + "twin"));
            assertThat(scene.repaired()).as("%s", trial.said()).isZero();
            return hasMet;
        }
    }

    private static void write(AlterTrial trial, long id) throws SQLException {
        String rows = " WHERE id BETWEEN " + id + " AND " + (id + 5);
        trial.execute(
                "BEGIN",
                "UPDATE t SET v = CONCAT('new ', v)" + rows,
                "UPDATE twin SET v = CONCAT('new ', v)" + rows,
                "COMMIT");
    }

    /** Waits until the copy has read this row, which is seen before it is committed; whether it was the old one, as in the table. */
    private static boolean isCopiedAsItWas(Scene scene, long id) throws Exception {
        try (Connection onlooker = scene.trial.connect();
                Statement s = onlooker.createStatement()) {
            onlooker.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            List<String> copied = new ArrayList<>();
            scene.until("the copy has read the row", () -> {
                try (ResultSet r = s.executeQuery("SELECT v FROM _t_gho WHERE id = " + id)) {
                    return r.next() && copied.add(r.getString(1));
                }
            });
            return copied.get(0).startsWith("row")
                    && scene.trial.one("SELECT v FROM t WHERE id = " + id).startsWith("row");
        }
    }

    private static void holdCommits(AlterTrial trial, ServerKind kind, boolean isHeld) throws SQLException {
        if (kind.isMariaDb()) {
            trial.execute(
                    "SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC",
                    "SET GLOBAL rpl_semi_sync_master_timeout = 600000",
                    "SET GLOBAL rpl_semi_sync_master_enabled = " + (isHeld ? "ON" : "OFF"));
        } else {
            trial.execute("SET GLOBAL binlog_group_commit_sync_delay = " + (isHeld ? 1_000_000 : 0));
        }
    }

    private static String logEnd(AlterTrial trial) throws SQLException {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW MASTER STATUS")) {
            r.next();
            return r.getString(1) + ":" + r.getString(2);
        }
    }
}
