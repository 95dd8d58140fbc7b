package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Hard cases 4, 5 and 16: what the change log tells in part, or again. Case 1 is in {@link HardCasesVisibilityTest}. */
class HardCasesLogTest {

    private static final String SUM = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, v)))) FROM ";

    private static Scene table(TestServer server, TestDatabase database, int rows) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(60) NOT NULL) ENGINE=InnoDB");
        scene.fill("t", "id, v", "n, CONCAT('row ', n)", rows);
        scene.trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
        return scene;
    }

    private static void both(AlterTrial trial, String... statements) throws Exception {
        for (String table : new String[] {"t", "twin"}) {
            try (Connection connection = trial.connect();
                    Statement s = connection.createStatement()) {
                for (String statement : statements) {
                    s.execute(statement.replace("<t>", table));
                }
            }
        }
    }

    private static void requireSame(Scene scene) throws Exception {
        assertThat(scene.trial.one(SUM + "t")).isEqualTo(scene.trial.one(SUM + "twin"));
        assertThat(scene.repaired()).as("%s", scene.trial.said()).isZero();
    }

    /** Case 4. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aCopyThatFailsIsNotTakenForOneThatIsComplete(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(60) NULL) ENGINE=InnoDB");
            scene.fill("t", "id, v", "n, IF(n = 777, NULL, 'x')", 1000);

            Throwable end =
                    scene.open().start("t", "MODIFY v VARCHAR(60) NOT NULL").end();

            assertThat(end)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("does not fit")
                    .hasMessageContaining("\"v\"");
            assertThat(trial.progress).doesNotContain(new Progress.Reached(Milestone.ROW_COPY_COMPLETE));
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', COUNT(v)) FROM t"))
                    .isEqualTo("1000 999");

            trial.execute("UPDATE t SET v = 'mended' WHERE id = 777");
            trial.alter("t", "MODIFY v VARCHAR(60) NOT NULL");
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', COUNT(v)) FROM t"))
                    .isEqualTo("1000 1000");
        }
    }

    /** Case 5. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRunThatIsEndedGoesOnWithoutLosingWhatWasWrittenMeanwhile(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene first = table(server, database, 1500)) {
            AlterTrial trial = first.trial;
            first.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            writeInEveryWay(trial, server.kind(), 0);
            first.close();
            assertThat(first.end()).hasMessageContaining("run the same command again");
            writeInEveryWay(trial, server.kind(), 300);

            try (Scene second = new Scene(server, database)) {
                second.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
                writeInEveryWay(trial, server.kind(), 600);
                second.open().finish();
                requireSame(second);
                assertThat(second.trial.said()).anyMatch(said -> said.contains("going on from the checkpoint"));
            }
        }
    }

    /** Case 5: a change that is read and not in the ghost yet when checkpoints are written. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aCheckpointIsNeverAheadOfWhatIsApplied(TestServer server, TestDatabase database) throws Exception {
        String note = "ADD COLUMN note INT NOT NULL DEFAULT 1";
        AtomicInteger saves = new AtomicInteger();
        try (Scene first = table(server, database, 1500);
                Connection holder = first.trial.connect();
                Statement s = holder.createStatement()) {
            first.trial.source = new WatchedSource(first.trial::connect, new WatchedSource.Watch() {
                @Override
                public void after(Connection session, String sql) {
                    saves.addAndGet(sql.contains("_t_ghk") ? 1 : 0);
                }
            });
            first.start("t", note).untilHalf();
            holder.setAutoCommit(false);
            s.executeQuery("SELECT * FROM _t_gho WHERE id <= 10 FOR UPDATE").close();
            both(first.trial, "UPDATE <t> SET v = 'late' WHERE id <= 10");
            first.until("the change is read", () -> first.status().backlog() >= 10);
            int before = saves.get();
            first.until("two checkpoints more", () -> saves.get() >= before + 2);
            first.close();
            assertThat(first.end()).isInstanceOf(MigrationException.class);
            holder.rollback();

            try (Scene second = new Scene(server, database)) {
                second.open().start("t", note).finish();
                requireSame(second);
            }
        }
    }

    /** Savepoints, half and whole rollbacks, XA; on MariaDB also beside tables that cannot be rolled back. */
    private static void writeInEveryWay(AlterTrial trial, ServerKind kind, int from) throws Exception {
        trial.execute("CREATE TABLE IF NOT EXISTS plain (id INT) ENGINE=MyISAM");
        // With enforce_gtid_consistency MySQL refuses these within a transaction.
        String beside = kind.isMariaDb() ? "INSERT INTO plain VALUES (1)" : "DO 1";
        for (int id = from + 1; id < from + 300; id += 40) {
            both(
                    trial,
                    "BEGIN",
                    "UPDATE <t> SET v = 'kept " + id + "' WHERE id = " + id,
                    "SAVEPOINT s",
                    beside,
                    "UPDATE <t> SET v = 'taken back' WHERE id BETWEEN " + id + " AND " + (id + 3),
                    "DELETE FROM <t> WHERE id = " + (id + 4),
                    "ROLLBACK TO s",
                    "UPDATE <t> SET v = 'after' WHERE id = " + (id + 5),
                    "COMMIT",
                    "BEGIN",
                    "UPDATE <t> SET v = 'rolled back' WHERE id = " + (id + 6),
                    beside,
                    "ROLLBACK",
                    "XA START 'x" + id + "<t>'",
                    "UPDATE <t> SET v = 'xa' WHERE id = " + (id + 7),
                    "INSERT INTO <t> VALUES (" + (id + 50_000) + ", 'xa')",
                    "XA END 'x" + id + "<t>'",
                    "XA PREPARE 'x" + id + "<t>'",
                    (id % 80 == 1 ? "XA COMMIT" : "XA ROLLBACK") + " 'x" + id + "<t>'",
                    "XA START 'y" + id + "<t>'",
                    "UPDATE <t> SET id = id + 70000 WHERE id = " + (id + 8),
                    "XA END 'y" + id + "<t>'",
                    "XA COMMIT 'y" + id + "<t>' ONE PHASE");
        }
    }

    /** Case 5: rows that stand in the log and were taken back, since something beside them could not be. */
    @ServerTest(ServerKind.MARIADB_114)
    void rowsThatTheLogTakesBackAreNotInTheGhost(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 1000)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE plain (id INT) ENGINE=MyISAM");
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            for (int id : new int[] {10, 900}) {
                both(
                        trial,
                        "SET SESSION binlog_format = 'MIXED'",
                        "BEGIN",
                        "UPDATE <t> SET v = CONCAT(LEFT(UUID(), 0), 'kept') WHERE id = " + id,
                        "SAVEPOINT s",
                        "UPDATE <t> SET v = UUID() WHERE id = " + (id + 1),
                        "DELETE FROM <t> WHERE id = " + (id + 2) + " AND UUID() <> ''",
                        "INSERT INTO <t> SELECT " + (id + 5000) + ", UUID()",
                        "INSERT INTO plain VALUES (LENGTH(UUID()))",
                        "CREATE TEMPORARY TABLE crossfade_tmp_<t> (id INT) ENGINE=InnoDB",
                        "ROLLBACK TO s",
                        "UPDATE <t> SET v = CONCAT(LEFT(UUID(), 0), 'end') WHERE id = " + (id + 3),
                        "COMMIT",
                        "BEGIN",
                        "UPDATE <t> SET v = UUID() WHERE id = " + (id + 4),
                        "DROP TEMPORARY TABLE crossfade_tmp_<t>",
                        "ROLLBACK");
            }
            scene.open().finish();
            requireSame(scene);
        }
    }

    /** Case 5: more row changes than fit into memory at once, written while no run was there. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aRunGoesOnWithMoreChangesBehindItThanItHolds(TestServer server, TestDatabase database) throws Exception {
        try (Scene first = table(server, database, 20_000)) {
            AlterTrial trial = first.trial;
            first.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            first.close();
            assertThat(first.end()).isInstanceOf(MigrationException.class);
            both(
                    trial,
                    "UPDATE <t> SET v = CONCAT(v, 'a')",
                    "UPDATE <t> SET v = CONCAT(v, 'b')",
                    "UPDATE <t> SET v = CONCAT(v, 'c')",
                    "UPDATE <t> SET v = CONCAT(v, 'd') WHERE id > 10",
                    "DELETE FROM <t> WHERE id % 5 = 0");

            try (Scene second = new Scene(server, database)) {
                second.open()
                        .start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1")
                        .finish();
                requireSame(second);
            }
        }
    }

    /** Case 16. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rowImagesThatOneSessionCutsShortStopTheRun(TestServer server, TestDatabase database) throws Exception {
        for (String image : List.of("MINIMAL", "NOBLOB")) {
            try (Scene scene = new Scene(server, database)) {
                AlterTrial trial = scene.trial;
                trial.execute(
                        "DROP TABLE IF EXISTS t, _t_gho, _t_ghc, _t_ghk",
                        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(60) NOT NULL, b TEXT) ENGINE=InnoDB");
                scene.fill("t", "id, v, b", "n, CONCAT('row ', n), 'text'", 1000);
                scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
                try (Connection connection = trial.connect();
                        Statement s = connection.createStatement()) {
                    s.execute("SET SESSION binlog_row_image = '" + image + "'");
                    s.executeUpdate("UPDATE t SET v = 'new' WHERE id IN (7, 900)");
                }
                Throwable end = scene.open().end();

                assertThat(end)
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining("binlog_row_image")
                        .hasMessageContaining("FULL");
                assertThat(trial.one("SELECT COUNT(*) FROM t WHERE v = 'new' AND b = 'text'"))
                        .isEqualTo("2");
                assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
            }
        }
    }

    /** Case 16. */
    @ServerTest(ServerKind.MYSQL_80)
    void documentsThatOneSessionLogsInPartStopTheRun(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v JSON) ENGINE=InnoDB");
            scene.fill("t", "id, v", "n, JSON_OBJECT('a', n, 'b', REPEAT('x', 100))", 1000);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            trial.execute(
                    "SET SESSION binlog_row_value_options = 'PARTIAL_JSON'",
                    "UPDATE t SET v = JSON_SET(v, '$.a', 7) WHERE id IN (7, 900)");
            Throwable end = scene.open().end();
            assertThat(end).isInstanceOf(MigrationException.class).hasMessageContaining("PARTIAL_JSON");
        }
    }

    /** Case 16: a session that logs statements. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void statementsThatOneSessionLogsInsteadOfRowsStopTheRun(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene scene = table(server, database, 1000)) {
            AlterTrial trial = scene.trial;
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            trial.execute("SET SESSION binlog_format = 'STATEMENT'", "UPDATE t SET v = 'new' WHERE id IN (7, 900)");
            Throwable end = scene.open().end();
            assertThat(end).isInstanceOf(MigrationException.class).hasMessageContaining("binlog_format");
        }
    }
}
