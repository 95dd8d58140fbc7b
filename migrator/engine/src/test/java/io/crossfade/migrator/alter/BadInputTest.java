package io.crossfade.migrator.alter;

import static io.crossfade.migrator.alter.Faults.NOTE;
import static io.crossfade.migrator.alter.Faults.failure;
import static io.crossfade.migrator.alter.Faults.requireClear;
import static io.crossfade.migrator.alter.Faults.requireUntouched;
import static io.crossfade.migrator.alter.Faults.table;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be changed, or not by this user, or not now: each time one clear message, the table as it was, nothing left behind. */
class BadInputTest {
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
            requireClear(failure(trial, "t", "ENGINE=MyISAM"), "myisam", "no transactions", "keep InnoDB");
            requireUntouched(trial);
            assertThat(trial.column("SHOW TABLES LIKE '\\\\_%'"))
                    .as("nothing is left")
                    .isEmpty();
            trial.alter("t", NOTE);
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
}
