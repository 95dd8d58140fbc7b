package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;

/** {@code --allow-nullable-unique-key}: the operator's word that no row has a NULL there is not taken for granted. */
class NullKeysTest {
    private static final String ADD = "ADD COLUMN note INT NOT NULL DEFAULT 7";

    private static Scene scene(TestServer server, TestDatabase database) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.nullableKey = true;
            r.acceptsLint = true;
        });
        scene.trial.execute("CREATE TABLE t (a INT NOT NULL, b INT NULL, v INT NOT NULL, UNIQUE KEY u (a, b))");
        scene.fill("t", "a, b, v", "n, n, n", 1000);
        return scene;
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void rowsWithoutAKeyAreCountedBeforeAnythingIsMade(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = scene(server, database)) {
            scene.trial.execute("INSERT INTO t VALUES (1, NULL, 0), (1, NULL, 0), (3, NULL, 0)");

            assertThatThrownBy(() -> scene.trial.alter("t", ADD))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("3 rows have NULL in b of the key \"u\", and cannot be told apart")
                    .hasMessageContaining("put values there");
            assertThat(scene.trial.column("SHOW TABLES LIKE '\\_t\\_%'")).isEmpty();
        }
    }

    /** The image of a row that was mended meanwhile is in the log for ever, and stops nobody again. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowThatLosesItsKeyMeanwhileStopsTheRunUntilItIsMended(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene scene = scene(server, database)) {
            AlterTrial trial = scene.trial;
            scene.start("t", ADD).untilHalf();
            scene.until("a checkpoint", () -> trial.one("SELECT COUNT(*) FROM _t_ghk")
                    .equals("1"));
            trial.execute("UPDATE t SET b = NULL WHERE a IN (7, 900)", "INSERT INTO t VALUES (5000, NULL, 1)");
            Throwable end = scene.open().end();
            assertThat(end)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("rows have NULL in b of the key \"u\"")
                    .hasMessageContaining("run the same command again");
            assertThat(((MigrationException) end).kind()).isEqualTo(MigrationException.Kind.STOPPED);

            trial.execute("UPDATE t SET b = a WHERE a IN (7, 900)", "DELETE FROM t WHERE a = 5000");
            trial.alter("t", ADD);
            assertThat(trial.said()).anyMatch(t -> t.startsWith("going on from the checkpoint"));
            assertThat(scene.repaired()).as("%s", trial.said()).isZero();
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(a), ' ', SUM(b), ' ', SUM(v)) FROM t"))
                    .isEqualTo("1000 500500 500500 500500");

            // The way back cannot tell such rows apart either.
            trial.execute("INSERT INTO t (a, b, v) VALUES (6000, NULL, 1)", "DELETE FROM t WHERE a = 6000");
            assertThatThrownBy(() -> trial.alteration(new TableAlter(trial.table("t"), ADD))
                            .revert())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("NULL in the key \"u\"");
        }
    }
}
