package io.crossfade.migrator.alter;

import static io.crossfade.migrator.alter.Faults.NOTE;
import static io.crossfade.migrator.alter.Faults.failure;
import static io.crossfade.migrator.alter.Faults.requireClear;
import static io.crossfade.migrator.alter.Faults.requireNothingHeld;
import static io.crossfade.migrator.alter.Faults.requireUntouched;
import static io.crossfade.migrator.alter.Faults.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;

/** Rows that the new structure, or one statement, cannot hold: the run ends by one clear message and goes on when they are mended. */
class MisfitRowsTest {
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rowsThatTheNewStructureCannotHoldEndTheRun(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            requireClear(
                    failure(trial, "t", "MODIFY v VARCHAR(5)"), "does not fit", "\"v\"", "run the same command again");
            requireUntouched(trial);
            trial.execute("DROP TABLE _t_gho, _t_ghk");

            // A row that comes while the run is under way, and would fit the old structure only.
            scene.start("t", "MODIFY v VARCHAR(60) NOT NULL").untilHalf();
            trial.execute("UPDATE t SET v = NULL WHERE id IN (3, 590)");
            Throwable end = scene.open().end();
            requireClear(end, "does not fit", "\"v\"", "run the same command again");
            requireNothingHeld(trial);
            trial.execute("UPDATE t SET v = 'mended' WHERE v IS NULL");
            AlterTrial again = new AlterTrial(server, database);
            again.alter("t", "MODIFY v VARCHAR(60) NOT NULL");
            assertThat(trial.one("SELECT COUNT(v) FROM t")).isEqualTo("600");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rowsThatFitNoPartitionEndTheRun(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            requireClear(
                    failure(trial, "t", "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100))"),
                    "a row after id=",
                    "does not fit the new structure in any partition (error 1526)",
                    "mend the rows or the ALTER",
                    "run the same command again");
            requireUntouched(trial);
            trial.execute("DROP TABLE _t_gho, _t_ghk");

            String range = "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100000))";
            trial.controls.postpone();
            scene.open().start("t", range);
            scene.until("all rows are in", () -> scene.status().state().equals("postponing cut-over"));
            trial.execute("INSERT INTO t (id, v) VALUES (200000, 'secret200000')");
            requireClear(
                    scene.end(),
                    "does not fit the new structure in any partition (error 1526)",
                    "mend the row or the ALTER");
            requireNothingHeld(trial);
            trial.execute("DELETE FROM t WHERE id = 200000");
            AlterTrial again = new AlterTrial(server, database);
            again.alter("t", range);
            assertThat(trial.one("SELECT COUNT(v) FROM t")).isEqualTo("600");
        }
    }

    /** As a text '10' is less than '5', and a CHECK that is there already lets it pass. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void rowsThatDoNotPassACheckAsTheNewTypeEndTheRun(TestServer server, TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            if (!Server.of(connection).hasCheckConstraints()) {
                return;
            }
        }
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(60), CONSTRAINT low CHECK (v < '5'))");
            scene.fill("t", "id, v", "n, '4'", 600);
            trial.execute("UPDATE t SET v = '10' WHERE id = 300");
            requireClear(
                    failure(trial, "t", "MODIFY v INT"),
                    "does not fit the new structure by CHECK \"",
                    "mend the rows or the ALTER",
                    "run the same command again");
            assertThat(trial.one("SELECT COUNT(*) FROM t WHERE v IN ('4', '10')"))
                    .isEqualTo("600");
            assertThat(trial.one("SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                            + " AND TABLE_NAME = 't' AND COLUMN_NAME = 'v'"))
                    .isEqualTo("varchar(60)");
            requireNothingHeld(trial);
            trial.execute("DROP TABLE _t_gho, _t_ghk", "UPDATE t SET v = '4' WHERE id = 300");

            trial.controls.postpone();
            scene.open().start("t", "MODIFY v INT");
            scene.until("all rows are in", () -> scene.status().state().equals("postponing cut-over"));
            trial.execute("UPDATE t SET v = '10' WHERE id = 590");
            requireClear(scene.end(), "does not fit the new structure by CHECK \"", "mend the row or the ALTER");
            requireNothingHeld(trial);
            trial.execute("UPDATE t SET v = '3' WHERE id = 590");
            AlterTrial again = new AlterTrial(server, database);
            again.alter("t", "MODIFY v INT");
            assertThat(trial.one("SELECT SUM(v) FROM t")).isEqualTo("2399");
        }
    }

    /** The next run reads the log from before the row was mended, one change after the other. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowThatIsMendedDoesNotStopTheNextRunOverWhatItWas(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            trial.controls.postpone();
            scene.open().start("t", "MODIFY v VARCHAR(60) NOT NULL");
            scene.until("all rows are in", () -> scene.status().state().equals("postponing cut-over"));
            trial.execute("UPDATE t SET v = NULL WHERE id IN (3, 590)");
            requireClear(scene.end(), "does not fit", "\"v\"", "run the same command again");
            trial.execute(
                    "UPDATE t SET v = CONCAT(v, 'x') WHERE v IS NOT NULL",
                    "UPDATE t SET v = CONCAT(v, 'y') WHERE v IS NOT NULL",
                    "UPDATE t SET v = 'mended' WHERE id = 3",
                    "DELETE FROM t WHERE id = 590");
            AlterTrial again = new AlterTrial(server, database);
            again.rules = trial.rules;
            again.controls.applyRows(1);
            again.alter("t", "MODIFY v VARCHAR(60) NOT NULL");
            assertThat(trial.one("SELECT COUNT(v) FROM t")).isEqualTo("599");
            assertThat(trial.one("SELECT v FROM t WHERE id = 3")).isEqualTo("mended");
            assertThat(again.said()).anyMatch(said -> said.contains(" 0 repaired"));
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aRowThatIsTooLargeForAStatementIsToldAndGoesInWhenThereIsRoom(TestServer server, TestDatabase database)
            throws Exception {
        AlterTrial around = new AlterTrial(server, database);
        String before = around.one("SELECT @@GLOBAL.max_allowed_packet");
        around.execute("SET GLOBAL max_allowed_packet = 1048576");
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, v MEDIUMTEXT)");
            scene.fill("t", "id, v", "n, 'x'", 600);
            scene.start("t", NOTE).untilHalf();
            trial.execute("UPDATE t SET v = REPEAT('x', 900000) WHERE id = 1");
            Throwable end = scene.open().end();
            assertThat(end)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(
                            trial.table("t") + "; a row (known by id) that was written meanwhile is larger")
                    .hasMessageContaining("max_allowed_packet")
                    .hasMessageContaining("run the same command again");
            trial.execute("SET GLOBAL max_allowed_packet = 16777216");
            trial.alter("t", NOTE);
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(LENGTH(v))) FROM t"))
                    .isEqualTo("600 900599");
        } finally {
            around.execute("SET GLOBAL max_allowed_packet = " + before);
        }
    }
}
