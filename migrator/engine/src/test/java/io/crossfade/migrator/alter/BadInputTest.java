package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes wrong around a run: each time one clear message, the table as it was, nothing left behind, and another run possible. */
class BadInputTest {

    private static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 1";

    private static Scene table(TestServer server, TestDatabase database) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(60) NULL) ENGINE=InnoDB");
        scene.fill("t", "id, v", "n, CONCAT('secret', n)", 600);
        return scene;
    }

    /** The message says what, where and what to do, and holds no value and no password. */
    private static void requireClear(@Nullable Throwable end, String... parts) {
        assertThat(end).isInstanceOf(MigrationException.class);
        assertThat(end).hasMessageContainingAll(parts).hasMessageNotContaining("secret");
        assertThat(end.getMessage().split(";"))
                .as("what; what was seen; what to do")
                .hasSizeGreaterThanOrEqualTo(3);
    }

    private static void requireUntouched(AlterTrial trial) throws Exception {
        assertThat(trial.one("SELECT COUNT(*) FROM t WHERE v LIKE 'secret%'")).isEqualTo("600");
        assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
        requireNothingHeld(trial);
    }

    private static void requireNothingHeld(AlterTrial trial) throws Exception {
        String name = "crossfade:alter:"
                + Integer.toHexString(trial.table("t").toString().hashCode());
        long untilNanos = System.nanoTime() + 10_000_000_000L;
        // By one session: each of our own that has just ended is still listed for a moment.
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            String others;
            do {
                try (ResultSet r = s.executeQuery(
                        "SELECT GROUP_CONCAT(CONCAT(ID, ' ', COMMAND, ' ', STATE)) FROM information_schema.PROCESSLIST"
                                + " WHERE DB = DATABASE() AND ID <> CONNECTION_ID()")) {
                    r.next();
                    others = r.getString(1);
                }
            } while (others != null && System.nanoTime() < untilNanos);
            assertThat(others).as("sessions").isNull();
        }
        assertThat(trial.column("SELECT IS_USED_LOCK('" + name + "')")).containsOnlyNulls();
    }

    @ServerTest
    void whatCannotBeAlteredIsRefused(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute(
                    "CREATE VIEW w AS SELECT * FROM t",
                    "CREATE TABLE keyless (a INT) ENGINE=InnoDB",
                    "CREATE TABLE nullable (a INT, UNIQUE KEY (a)) ENGINE=InnoDB",
                    "CREATE TABLE plain (a INT PRIMARY KEY) ENGINE=MyISAM");
            requireClear(failure(trial, "tt", NOTE), "tt", "no such table", "did you mean");
            requireClear(failure(trial, "w", NOTE), "w", "view");
            requireClear(failure(trial, "keyless", NOTE), "keyless", "unique key");
            requireClear(failure(trial, "nullable", NOTE), "nullable", "may be NULL");
            requireClear(failure(trial, "plain", NOTE), "plain", "myisam");
            requireClear(failure(trial, "t", "ADD COLUM note INT"), "t", "ALTER");
            requireClear(failure(trial, "t", "DROP COLUMN nowhere"), "t", "ALTER");
            requireUntouched(trial);
            assertThat(trial.column("SHOW TABLES LIKE '\\\\_%'"))
                    .as("nothing is left")
                    .isEmpty();
            trial.alter("t", NOTE);
        }
    }

    private static @Nullable Throwable failure(AlterTrial trial, String table, String alter) {
        try {
            trial.alter(table, alter);
            return null;
        } catch (Exception e) {
            return e;
        }
    }

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

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aFinishedRunRepeatedDoesNothing(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            AlterTrial trial = scene.trial;
            scene.open().start("t", NOTE).finish();
            trial.execute("INSERT INTO t (id, v) VALUES (1000, 'later')");
            AlterTrial again = new AlterTrial(server, database);
            again.alter("t", NOTE);
            assertThat(again.said()).anyMatch(said -> said.contains("earlier run"));
            assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo("601");
            // Another change of it has to do with the old table first.
            requireClear(
                    failure(new AlterTrial(server, database), "t", "DROP COLUMN note"),
                    "_t_del",
                    "--initially-drop-old-table");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void anotherChangeIsRefusedWhileOneIsUnderWay(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            scene.start("t", NOTE).untilHalf();
            scene.close();
            AlterTrial other = new AlterTrial(server, database);
            for (Rules.Route route : List.of(Rules.Route.GHOST, Rules.Route.CHEAPEST)) {
                other.rules(SomeRules.with(r -> r.acceptsLint = true).withRoute(route));
                requireClear(
                        failure(other, "t", "ADD COLUMN b INT"),
                        "another change of it is under way (COPYING): ALTER TABLE … " + NOTE,
                        "finish that one by its own command",
                        "--initially-drop-ghost-table");
                requireUntouched(scene.trial);
            }
            try (Connection connection = other.connect()) {
                assertThat(AlterPlanning.plan(
                                        connection, new TableAlter(other.table("t"), "ADD COLUMN b INT"), other.rules)
                                .findings())
                        .anyMatch(f -> f.isRefusal() && f.toString().contains("another change of it is under way"))
                        .noneMatch(f -> f.toString().contains("_t_gho"));
                assertThat(AlterPlanning.plan(connection, new TableAlter(other.table("t"), NOTE), other.rules)
                                .findings())
                        .noneMatch(f -> f.isRefusal())
                        .anyMatch(f -> f.toString().contains("goes on"));
            }
            other.rules(SomeRules.with(r -> r.dropsGhostFirst = true).withRoute(Rules.Route.GHOST));
            other.alter("t", "ADD COLUMN b INT");
            assertThat(other.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aUserWithGhOstsRightsCanAndOneWithoutIsToldWhich(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database)) {
            String schema = "`" + database.name() + "`.*";
            String user = "u" + Math.abs(database.name().hashCode() % 100_000);
            String client = server.kind().isMariaDb() ? "BINLOG MONITOR" : "REPLICATION CLIENT";
            List<String> onSchema = List.of(
                    "ALTER",
                    "CREATE",
                    "DELETE",
                    "DROP",
                    "INDEX",
                    "INSERT",
                    "LOCK TABLES",
                    "SELECT",
                    "TRIGGER",
                    "UPDATE");
            List<String> onAll = List.of("REPLICATION SLAVE", client, "PROCESS");
            scene.trial.execute(
                    "CREATE USER '" + user + "'@'%' IDENTIFIED BY 'geheim'",
                    "GRANT " + String.join(", ", onSchema) + " ON " + schema + " TO '" + user + "'@'%'",
                    "GRANT " + String.join(", ", onAll) + " ON *.* TO '" + user + "'@'%'");
            TestServer as = new TestServer(server.kind(), server.host(), server.port(), user, "geheim");
            try {
                for (String right : List.of(
                        "INSERT", "DELETE", "CREATE", "ALTER", "DROP", "LOCK TABLES", "REPLICATION SLAVE", client)) {
                    String on = onAll.contains(right) ? "*.*" : schema;
                    scene.trial.execute("REVOKE " + right + " ON " + on + " FROM '" + user + "'@'%'");
                    Throwable end = failure(new AlterTrial(as, database), "t", NOTE);
                    assertThat(end).as(right).isInstanceOf(MigrationException.class);
                    assertThat(end)
                            .as(right)
                            .hasMessageContainingAll("cannot", ";")
                            .hasMessageNotContaining("geheim");
                    requireUntouched(scene.trial);
                    scene.trial.execute(
                            "GRANT " + right + " ON " + on + " TO '" + user + "'@'%'",
                            "DROP TABLE IF EXISTS _t_gho, _t_ghc, _t_ghk");
                }
                new AlterTrial(as, database).alter("t", NOTE);
                assertThat(scene.trial.one("SELECT SUM(note) FROM t")).isEqualTo("600");
            } finally {
                scene.trial.execute("DROP USER '" + user + "'@'%'");
            }
        }
    }

    @Test
    void aServerWithoutAChangeLogIsRefused() throws Exception {
        try (EmbeddedServer own = EmbeddedServer.of(ServerKind.MYSQL_80)
                        .bufferPoolMebibytes(16)
                        .option("--skip-log-bin")
                        .start();
                TestDatabase database = TestDatabase.create(own.server());
                Scene scene = table(own.server(), database)) {
            requireClear(failure(scene.trial, "t", NOTE), "change log", "log_bin");
            requireUntouched(scene.trial);
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
