package io.crossfade.migrator.alter;

import static io.crossfade.migrator.alter.Faults.NOTE;
import static io.crossfade.migrator.alter.Faults.failure;
import static io.crossfade.migrator.alter.Faults.requireClear;
import static io.crossfade.migrator.alter.Faults.requireUntouched;
import static io.crossfade.migrator.alter.Faults.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What somebody else does to the table, the ghost and the sessions in the middle of a run: one clear message, and another run possible. */
class MeddlingTest {
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aTableThatSomebodyElseTakesAwayEndsTheRun(TestServer server, TestDatabase database) throws Exception {
        for (String statement : List.of(
                "DROP TABLE t",
                "RENAME TABLE t TO elsewhere",
                "TRUNCATE TABLE t",
                "ALTER TABLE t ADD COLUMN theirs INT NOT NULL DEFAULT 9",
                "ALTER TABLE t DROP COLUMN v",
                "CREATE INDEX theirs ON t (v)",
                "ALTER TABLE t RENAME elsewhere")) {
            try (Scene scene = table(server, database)) {
                AlterTrial trial = scene.trial;
                scene.start("t", NOTE).untilHalf();
                trial.execute(statement);
                Throwable end = scene.open().end();

                requireClear(end, "somebody else", ".t", "begin anew");
                assertThat(trial.column("SHOW TABLES LIKE '%del'"))
                        .as(statement)
                        .isEmpty();
                trial.execute("DROP TABLE IF EXISTS t, elsewhere, _t_gho, _t_ghc, _t_ghk");
            }
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aTableThatWasChangedBetweenTwoRunsEndsTheSecond(TestServer server, TestDatabase database) throws Exception {
        try (Scene first = table(server, database)) {
            first.start("t", NOTE).untilHalf();
            first.close();
            AlterTrial trial = first.trial;
            trial.execute(
                    "ALTER TABLE t ADD COLUMN theirs INT NOT NULL DEFAULT 9", "UPDATE t SET theirs = 8 WHERE id = 3");

            AlterTrial second = new AlterTrial(server, database);
            requireClear(failure(second, "t", NOTE), ".t", "begin anew");

            AlterTrial third = new AlterTrial(server, database)
                    .rules(SomeRules.with(r -> r.dropsGhostFirst = true).withRoute(Rules.Route.GHOST));
            third.alter("t", NOTE);
            assertThat(trial.one("SELECT SUM(theirs) FROM t WHERE note = 1")).isEqualTo(9 * 600 - 1 + "");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void statementsThatOnlyNameTheTableDoNotEndTheRun(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute(
                    "CREATE TABLE other (id INT PRIMARY KEY) ENGINE=InnoDB", "CREATE TABLE v (id INT) ENGINE=InnoDB");
            scene.start("t", NOTE).untilHalf();
            trial.execute(
                    "ALTER TABLE other ADD COLUMN t INT",
                    "CREATE INDEX t ON other (t)",
                    "DROP INDEX t ON other",
                    "CREATE TABLE copy_of LIKE t",
                    "INSERT INTO copy_of SELECT * FROM t",
                    "CREATE TEMPORARY TABLE t (x INT)",
                    "ALTER TABLE t ADD COLUMN y INT",
                    "DROP TEMPORARY TABLE t",
                    "ANALYZE TABLE t",
                    "CREATE OR REPLACE VIEW shows AS SELECT * FROM t",
                    "DROP TABLE other, v, copy_of");
            scene.open().finish();
            assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("600");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aGhostThatSomebodyElseTakesAwayEndsTheRun(TestServer server, TestDatabase database) throws Exception {
        for (String statement :
                List.of("DROP TABLE _t_gho", "RENAME TABLE _t_gho TO elsewhere", "ALTER TABLE _t_gho DROP COLUMN v")) {
            try (Scene scene = table(server, database)) {
                AlterTrial trial = scene.trial;
                scene.start("t", NOTE).untilHalf();
                trial.execute(statement);
                Throwable end = scene.open().end();
                requireClear(end, "_t_gho", "begin anew");
                requireUntouched(trial);

                AlterTrial again = new AlterTrial(server, database)
                        .rules(SomeRules.with(r -> r.dropsGhostFirst = true).withRoute(Rules.Route.GHOST));
                again.alter("t", NOTE);
                assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("600");
                trial.execute("DROP TABLE IF EXISTS t, elsewhere, _t_gho, _t_ghc, _t_ghk, _t_del");
            }
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRunWhoseSessionsAreAllKilledGoesOnOrStopsResumable(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            scene.start("t", NOTE).untilHalf();
            for (String id :
                    trial.column("SELECT ID FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND"
                            + " USER = 'app' AND (DB = DATABASE() OR COMMAND LIKE 'Binlog%')")) {
                try {
                    trial.execute("KILL " + id);
                } catch (java.sql.SQLException gone) {
                    continue;
                }
            }
            Throwable end = scene.open().end();
            requireClear(end, "lost", "run the same command again");
            requireUntouched(trial);
            AlterTrial again = new AlterTrial(server, database);
            again.alter("t", NOTE);
            assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("600");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aLogConnectionThatIsLostIsMadeAgain(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            scene.start("t", NOTE).untilHalf();
            for (int round = 0; round < 3; round++) {
                List<String> dumps = trial.column(
                        "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog%' AND USER = 'app'");
                for (String id : dumps) {
                    trial.execute("KILL " + id);
                }
                trial.execute("UPDATE t SET v = CONCAT(v, 'x') WHERE id % 3 = " + round);
            }
            scene.open().finish();
            assertThat(trial.one("SELECT COUNT(*) FROM t WHERE v LIKE 'secret%x' AND note = 1"))
                    .isEqualTo("600");
            assertThat(scene.repaired()).isZero();
        }
    }

    /** Before each look of the checksum at the ghost. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aGhostThatSomebodyElseWritesAgainAfterEachRepairIsNotCutOver(TestServer server, TestDatabase database)
            throws Exception {
        AtomicInteger writes = new AtomicInteger();
        Throwable end = meddled(server, database, (theirs, sql, isDone) -> {
            if (!isDone && isOfGhost(sql)) {
                theirs.executeUpdate("UPDATE _t_gho SET v = 'theirs " + writes.incrementAndGet() + "' WHERE id = 7");
            }
        });
        requireClear(end, "is not cut over", "differ again after each repair", "id=7", "run the same command");
        requireDoneWithoutThem(server, database);
    }

    /** The row comes and goes in the table all the time, so nobody can tell whether the ghost is right. */
    @ServerTest(ServerKind.MYSQL_80)
    void aGhostOfWhichNobodyCanTellWhetherItIsRightIsNotCutOver(TestServer server, TestDatabase database)
            throws Exception {
        Throwable end = meddled(server, database, (theirs, sql, isDone) -> {
            if (!isDone && isOfGhost(sql)) {
                theirs.executeUpdate("REPLACE INTO _t_gho (id, v) VALUES (1007, 'theirs')");
            } else if (isDone && sql.startsWith("SELECT") && sql.contains("`t` ") && sql.contains(" IN ((")) {
                theirs.executeUpdate("INSERT INTO t VALUES (1007, 'comes')");
                theirs.executeUpdate("DELETE FROM t WHERE id = 1007");
            }
        });
        requireClear(end, "is not cut over", "could not be settled in 60 rounds", "id=1007", "run the same command");
        requireDoneWithoutThem(server, database);
    }

    private static boolean isOfGhost(String sql) {
        return sql.startsWith("SELECT") && sql.contains("_t_gho`");
    }

    /** What somebody does before and after a statement of the run, in the run's own thread. */
    private interface Meddler {
        void on(Statement theirs, String sql, boolean isDone) throws SQLException;
    }

    /** A run beside the meddler; what ended it. */
    private static @Nullable Throwable meddled(TestServer server, TestDatabase database, Meddler meddler)
            throws Exception {
        try (Scene scene = table(server, database)) {
            try (Connection connection = scene.trial.connect();
                    Statement theirs = connection.createStatement()) {
                scene.trial.source = new WatchedSource(scene.trial::connect, new WatchedSource.Watch() {
                    @Override
                    public void before(Connection session, String sql) throws SQLException {
                        synchronized (theirs) {
                            meddler.on(theirs, sql, false);
                        }
                    }

                    @Override
                    public void after(Connection session, String sql) throws SQLException {
                        synchronized (theirs) {
                            meddler.on(theirs, sql, true);
                        }
                    }
                });
                return scene.open().start("t", NOTE).end();
            }
        }
    }

    /** The table is as it was, and when they have gone, the same command changes it. */
    private static void requireDoneWithoutThem(TestServer server, TestDatabase database) throws Exception {
        AlterTrial again = new AlterTrial(server, database);
        again.expectsRepairs = true;
        requireUntouched(again);
        assertThat(again.column("SHOW TABLES LIKE '%del'")).isEmpty();
        again.alter("t", NOTE);
        assertThat(again.one("SELECT COUNT(*) FROM t WHERE v LIKE 'secret%' AND note = 1"))
                .isEqualTo(again.one("SELECT COUNT(*) FROM t"))
                .isEqualTo("600");
    }
}
