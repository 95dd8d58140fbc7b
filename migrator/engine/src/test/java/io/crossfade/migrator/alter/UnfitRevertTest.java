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
import java.sql.SQLException;

/** The way back over rows that the old table could not take, for a while or still. */
class UnfitRevertTest {
    private static AlterTrial changed(TestServer server, TestDatabase database, String alter) throws SQLException {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, pos INT NULL, v INT NULL, extra VARCHAR(20) NULL,"
                        + " UNIQUE KEY uu (pos))",
                "INSERT INTO t VALUES (1, 1, 1, 'one'), (2, 2, 2, 'two'), (3, 3, 3, 'three')");
        trial.alter("t", alter);
        return trial;
    }

    private static void revert(AlterTrial trial) throws SQLException {
        trial.alteration(new TableAlter(trial.table("t"), "")).revert();
    }

    private static void assertRows(AlterTrial trial, String... rows) throws SQLException {
        assertThat(trial.column(
                        "SELECT CONCAT_WS(' ', id, COALESCE(pos, '-'), v, COALESCE(extra, '-')) FROM t ORDER BY id"))
                .containsExactly(rows);
        assertThat(trial.column("SHOW TABLES")).contains("t", "_t_gho").doesNotContain("_t_ghp", "_t_ghc");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowThatIsMendedOrDeletedIsInNobodysWay(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database, "MODIFY v BIGINT NULL, DROP COLUMN extra");
        trial.execute(
                "INSERT INTO t (id, pos, v) VALUES (5, 5, 5000000000), (6, 6, 5000000000)",
                "UPDATE t SET v = 5000000000 WHERE id IN (1, 2)",
                "UPDATE t SET v = 11 WHERE id = 1",
                "DELETE FROM t WHERE id IN (2, 6)");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> revert(trial))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll(
                            "cannot take 1 row of",
                            "id=5: a value does not fit in column \"v\" (error 1264)",
                            "run the same command again",
                            "--initially-drop-old-table")
                    .hasMessageNotContaining("5000000000");
        }
        trial.execute("UPDATE t SET v = 5 WHERE id = 5");
        revert(trial);
        assertRows(trial, "1 1 11 one", "3 3 3 three", "5 5 5 -");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aValueThatTwoRowsHadIsInNobodysWay(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database, "DROP KEY uu, ADD COLUMN q INT, DROP COLUMN extra");
        trial.execute(
                "INSERT INTO t (id, pos, v) VALUES (5, 3, 5)",
                "DELETE FROM t WHERE id = 5",
                "INSERT INTO t (id, pos, v) VALUES (7, 3, 7)");
        assertThatThrownBy(() -> revert(trial))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("id=7: a value is there twice in key", "(error 1062)");
        trial.execute("DELETE FROM t WHERE id = 7");
        revert(trial);
        assertRows(trial, "1 1 1 one", "2 2 2 two", "3 3 3 three");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rowsThatChangePlacesAreTakenBack(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database, "DROP KEY uu, ADD KEY p (pos), DROP COLUMN extra");
        trial.execute(
                "BEGIN; UPDATE t SET pos = 2 WHERE id = 1; UPDATE t SET pos = 1 WHERE id = 2; COMMIT".split("; "));
        trial.execute("UPDATE t SET id = 30, pos = 1 WHERE id = 3", "UPDATE t SET pos = 3, v = 33 WHERE id = 30");
        revert(trial);
        assertRows(trial, "1 2 1 one", "2 1 2 two", "30 3 33 three");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowWhoseParentIsMissingComesInWhenItIsThere(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE parent (id INT PRIMARY KEY)",
                "INSERT INTO parent VALUES (1)",
                "CREATE TABLE t (id INT PRIMARY KEY, p INT NULL, CONSTRAINT to_parent FOREIGN KEY (p) REFERENCES parent (id))",
                "INSERT INTO t VALUES (1, 1)");
        trial.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.discardsKeys = true;
        });
        trial.alter("t", "ADD COLUMN note INT");
        trial.execute("INSERT INTO t (id, p) VALUES (2, 2), (3, NULL)");
        assertThatThrownBy(() -> revert(trial))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll(
                        "cannot take 1 row of", "id=2: ", "a foreign key constraint fails", "same command again");
        trial.execute("INSERT INTO parent VALUES (2)");
        revert(trial);
        assertThat(trial.column("SELECT CONCAT_WS(' ', id, p) FROM t ORDER BY id"))
                .containsExactly("1 1", "2 2", "3");
        assertThat(trial.one("SELECT COUNT(*) FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = 't' AND CONSTRAINT_TYPE = 'FOREIGN KEY'"))
                .isEqualTo("1");
    }

    /** The table that holds such rows is a part of the way back, and goes with it. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void theWayBackIsClosedWithoutTheRowsThatWaitAndCanBeGivenUp(TestServer server, TestDatabase database)
            throws Exception {
        AlterTrial trial = changed(server, database, "MODIFY v BIGINT NULL, DROP COLUMN extra");
        trial.execute("UPDATE t SET v = 5000000000 WHERE id = 1");
        assertThatThrownBy(() -> revert(trial)).hasMessageContaining("id=1: ");
        trial.execute("RENAME TABLE _t_ghp TO away", "UPDATE t SET v = 5 WHERE id = 1");
        assertThat(trial.alteration(new TableAlter(trial.table("t"), ""))
                        .standings()
                        .get(0)
                        .obstacles()
                        .get(0))
                .contains("_t_ghp", "any more");
        assertThatThrownBy(() -> revert(trial)).hasMessageContainingAll("cannot revert", "_t_ghp");
        trial.execute("RENAME TABLE away TO _t_ghp");
        assertThatThrownBy(() -> trial.alter("t", "ADD COLUMN z INT"))
                .hasMessageContainingAll("the way back of another change", "--initially-drop-ghost-table");
        trial.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.dropsGhostFirst = true;
            r.dropsOldFirst = true;
        });
        trial.alter("t", "ADD COLUMN z INT");
        assertThat(trial.column("SHOW TABLES")).doesNotContain("_t_ghp");
    }
}
