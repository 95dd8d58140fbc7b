package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

class RevertTest {
    private static final int NO_SUCH_THREAD = 1094;
    private static final String ALTER =
            "ADD COLUMN note INT NOT NULL DEFAULT 7, DROP COLUMN extra, MODIFY k BIGINT NOT NULL";

    private static AlterTrial changed(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, k INT NOT NULL, extra VARCHAR(20) NULL, UNIQUE KEY (k))",
                "INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two'), (3, 30, 'three'), (4, 40, NULL)");
        trial.alter("t", ALTER);
        return trial;
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void whatWasWrittenSinceIsKept(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        trial.execute(
                "INSERT INTO t (id, k, note) VALUES (5, 50, 1)",
                "UPDATE t SET k = 21, note = 2 WHERE id = 2",
                "DELETE FROM t WHERE id = 3",
                "UPDATE t SET id = 14 WHERE id = 4",
                "UPDATE t SET k = 11 WHERE id = 1");

        trial.alteration(new TableAlter(trial.table("t"), ALTER)).revert();

        assertThat(trial.column("SELECT CONCAT_WS(' ', id, k, COALESCE(extra, '-')) FROM t ORDER BY id"))
                .containsExactly("1 11 one", "2 21 two", "5 50 -", "14 40 -");
        assertThatThrownBy(() -> trial.alteration(new TableAlter(trial.table("t"), ALTER))
                        .revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("reverted already");
    }

    /** The change log of the build's MySQL has hidden columns for it, between those that everybody sees. */
    @ServerTest({ServerKind.MYSQL_80})
    void indexesOfExpressionsAreNoObstacle(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, k INT NOT NULL, KEY first ((k + 1)))",
                "ALTER TABLE t ADD COLUMN extra VARCHAR(20) NULL",
                "INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two'), (3, 30, 'three')");
        String alter = "ADD COLUMN note INT NULL, ADD INDEX second ((k * 2)), ADD COLUMN more INT NULL";
        trial.alter("t", alter);
        trial.execute(
                "INSERT INTO t (id, k, extra) VALUES (5, 50, 'five')",
                "UPDATE t SET k = 21, note = 2 WHERE id = 2",
                "DELETE FROM t WHERE id = 3");

        trial.alteration(new TableAlter(trial.table("t"), alter)).revert();

        assertThat(trial.column("SELECT CONCAT_WS(' ', id, k, extra) FROM t ORDER BY id"))
                .containsExactly("1 10 one", "2 21 two", "5 50 five");
    }

    @ServerTest({ServerKind.MYSQL_80})
    void onlyTheLastChangeIsTakenBack(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        String later = "DROP COLUMN note";
        assertThatThrownBy(() -> trial.alter("t", later))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining(
                        "_t_del\" exists, the old table of the last change, which can be taken back as long as"
                                + " it is there (ALTER TABLE … " + ALTER
                                + "); drop it, or say --initially-drop-old-table");
        trial.execute("DROP TABLE _t_del");
        trial.alter("t", later);

        Alteration first = trial.alteration(new TableAlter(trial.table("t"), ALTER));
        assertThatThrownBy(first::revert)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining(
                        "the last change of it is another one, and alone can be taken back: ALTER TABLE … " + later
                                + "; give that as --alter, or leave --alter out");
        assertThat(first.standings().get(0).obstacles().get(0)).contains("the last change of it is another one");

        trial.alteration(new TableAlter(trial.table("t"), "")).revert();
        assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("28");
        assertThatThrownBy(() -> trial.alter("t", later))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("_t_gho\" exists, the new structure of the last change, which was taken back");
    }

    @ServerTest({ServerKind.MYSQL_80})
    void whatIsPossibleNoLongerIsRefused(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        trial.execute("DROP TABLE _t_del");

        assertThatThrownBy(() -> trial.alteration(new TableAlter(trial.table("t"), ALTER))
                        .revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("cannot revert")
                .hasMessageContaining("_t_del");
        assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo("4");
    }

    /** Whoever asks how a table of 500 GB stands does not have all of it read. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void theStatusLooksAtNoRowAndTheWayBackDoes(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a VARCHAR(3) NOT NULL, b VARCHAR(3) NOT NULL)",
                "INSERT INTO t VALUES (1, 'a', 'b')");
        String alter = "MODIFY a VARCHAR(300) NULL, MODIFY b VARCHAR(300) NOT NULL";
        trial.alter("t", alter);
        trial.execute("UPDATE t SET a = NULL, b = 'longer'");
        List<String> sent = new ArrayList<>();
        trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) {
                sent.add(sql);
            }
        });
        Standing standing = trial.alteration(new TableAlter(trial.table("t"), alter))
                .standings()
                .get(0);
        assertThat(standing.isRevertible()).isTrue();
        assertThat(standing.unlookedColumns()).containsExactly("a", "b");
        assertThat(sent).noneMatch(s -> s.contains("`t`") && s.startsWith("SELECT"));
        assertThatThrownBy(() -> trial.alteration(new TableAlter(trial.table("t"), alter))
                        .revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("cannot revert table", "column a holds", "column b holds");
        assertThat(trial.one("SELECT b FROM t")).isEqualTo("longer");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rowsThatWentWithoutAnEventOfTheirOwnEndTheRevert(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        trial.execute(
                "CREATE INDEX harmless ON t (note)", "ALTER TABLE t ADD KEY too (note, k)", "DROP INDEX too ON t");
        trial.execute(
                "INSERT INTO t (id, k) VALUES (5, 50)", "TRUNCATE TABLE t", "INSERT INTO t (id, k) VALUES (6, 60)");

        assertThatThrownBy(() -> trial.alteration(new TableAlter(trial.table("t"), ALTER))
                        .revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("TRUNCATE")
                .hasMessageContaining("as they were");
        assertThat(trial.column("SELECT CONCAT(id, note) FROM t")).containsExactly("67");
    }

    @ServerTest({ServerKind.MYSQL_80})
    void aThrottleHoldsTheReplayAndIsNamed(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        for (int i = 0; i < 200; i++) {
            trial.execute("INSERT INTO t (id, k) VALUES (" + (100 + i) + ", " + (100 + i) + ")");
        }
        AtomicBoolean isHeld = new AtomicBoolean(true);
        trial.throttles.add(new Throttle() {
            @Override
            public Optional<String> reason() {
                return isHeld.get() ? Optional.of("the test holds it") : Optional.empty();
            }

            @Override
            public Duration every() {
                return Duration.ofMillis(5);
            }
        });
        Alteration alteration = trial.alteration(new TableAlter(trial.table("t"), ALTER));
        Thread observer = new Thread(() -> {
            while (!alteration.status().throttledBy().equals("the test holds it")) {
                Thread.onSpinWait();
            }
            isHeld.set(false);
        });
        observer.setDaemon(true);
        observer.start();

        alteration.revert();

        assertThat(isHeld).isFalse();
        assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo("204");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aRevertThatFailsSaysWhatAndWhatToDo(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        assertThatThrownBy(() -> revertWhile(trial, () -> {
                    for (String id : trial.column("SELECT ID FROM information_schema.PROCESSLIST WHERE ID <>"
                            + " CONNECTION_ID() AND DB = DATABASE()")) {
                        kill(trial, id);
                    }
                }))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("stopped", "lost", ".t", "run the same command again");
        assertThatThrownBy(() -> revertWhile(
                        trial, () -> trial.execute("DROP TABLE _t_del", "INSERT INTO t (id, k) VALUES (6, 60)")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("stopped: revert of", ".t; ", "_t_del", "--status");
        assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo("5");
    }

    /** Kills one session; one that ended by itself since it was listed is as good. */
    private static void kill(AlterTrial trial, String id) throws SQLException {
        try {
            trial.execute("KILL " + id);
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_THREAD) {
                throw e;
            }
        }
    }

    /** Something happens while the way back is held before its exchange. */
    private interface Disturbance {
        void strike() throws SQLException;
    }

    private static void revertWhile(AlterTrial trial, Disturbance disturbance) throws Exception {
        trial.controls.postpone();
        Alteration alteration = trial.alteration(new TableAlter(trial.table("t"), ALTER));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread striking = new Thread(() -> {
            try {
                while (alteration.status().position().isEmpty()) {
                    Thread.onSpinWait();
                }
                disturbance.strike();
            } catch (SQLException | RuntimeException e) {
                failure.set(e);
            }
        });
        striking.setDaemon(true);
        striking.start();
        try {
            alteration.revert();
        } finally {
            striking.join();
            assertThat(failure.get()).isNull();
        }
    }
}
