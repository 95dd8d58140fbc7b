package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The old table is compared with the one in use before it takes its name again. */
class ComparedRevertTest {
    private static final String ALTER =
            "MODIFY f INT NULL, MODIFY y FLOAT NULL, MODIFY at DATETIME(6) NULL, MODIFY c INT NULL, DROP COLUMN extra, ADD COLUMN note INT";

    private static AlterTrial changed(TestServer server, TestDatabase database) throws SQLException {
        return changed(server, database, "INT", ALTER);
    }

    private static AlterTrial changed(TestServer server, TestDatabase database, String id, String alter)
            throws SQLException {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "DROP TABLE IF EXISTS t, _t_del, _t_gho, _t_ghk",
                "CREATE TABLE t (id " + id
                        + " PRIMARY KEY, f FLOAT NULL, y DOUBLE NULL, at DATETIME NULL, k INT NULL, c INT AS (k + 1) STORED,"
                        + " extra VARCHAR(20), UNIQUE KEY (k))",
                "INSERT INTO t (id, f, at, k, extra) VALUES (1, 1.5, '2024-01-01', 10, 'one'), (2, 2.5, NULL, 20, 'two'),"
                        + " (3, 3.5, NULL, 30, 'three'), (4, 4.5, NULL, 40, 'four'), (5, NULL, NULL, 50, 'five')");
        trial.rules = lossy();
        trial.execute("UPDATE t SET y = 0.1 WHERE id = 1");
        trial.alter("t", alter);
        return trial;
    }

    private static Rules lossy() {
        return SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.acceptsLint = true;
        });
    }

    private static void revert(AlterTrial trial) throws SQLException {
        trial.alteration(new TableAlter(trial.table("t"), "")).revert();
    }

    private static void assertRows(AlterTrial trial, String... rows) throws SQLException {
        assertThat(trial.column("SELECT CONCAT_WS(' ', id, f, at, k, c, extra) FROM t ORDER BY id"))
                .containsExactly(rows);
    }

    /** Values that the new structure made others of, or the old one does; and a column that was computed and is not any more. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void whatTheServerMakesOfARowIsNoDifference(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        trial.execute(
                "UPDATE t SET at = '2024-02-03 04:05:06.200000', c = 99 WHERE id = 2",
                "INSERT INTO t (id, f, k, c) VALUES (6, 6, 60, 0)");
        revert(trial);
        assertThat(trial.said()).anyMatch(t -> t.contains("6 rows compared"));
        assertRows(
                trial,
                "1 1.5 2024-01-01 00:00:00 10 11 one",
                "2 2 2024-02-03 04:05:06 20 21 two",
                "3 3.5 30 31 three",
                "4 4.5 40 41 four",
                "5 50 51 five",
                "6 6 60 61");
    }

    /** The row that looks wrong is written between the look at the one side and the look at the other. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aRowThatIsWrittenMeanwhileIsNoDifference(TestServer server, TestDatabase database) throws Exception {
        for (String id : List.of("INT", "INT(6) ZEROFILL")) {
            AlterTrial trial = changed(server, database, id, "ADD COLUMN note INT");
            trial.execute("UPDATE _t_del SET k = 41 WHERE id = 4");
            AtomicInteger looks = new AtomicInteger();
            trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
                @Override
                public void after(Connection session, String sql) throws SQLException {
                    // The first is that of the whole chunk.
                    if (sql.contains("CRC32")
                            && !sql.contains("BIT_XOR")
                            && sql.contains(".`t` ")
                            && looks.incrementAndGet() == 2) {
                        trial.execute("UPDATE t SET k = 44 WHERE id = 4");
                    }
                }
            });
            revert(trial);
            assertThat(looks).hasValueGreaterThan(1);
            assertThat(trial.said()).anyMatch(t -> t.contains("5 rows compared"));
            assertThat(trial.one("SELECT k FROM t WHERE id = 4")).isEqualTo("44");
        }
    }

    /** Of a row that is written in each round, what the replay wrote last is what there is to say. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aRowThatNeverHoldsStillIsNotLocked(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database, "INT", "ADD COLUMN note INT");
        trial.execute("UPDATE _t_del SET k = 41 WHERE id = 4");
        AtomicInteger looks = new AtomicInteger();
        List<String> locks = Collections.synchronizedList(new ArrayList<>());
        trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
            @Override
            public void after(Connection session, String sql) throws SQLException {
                if (sql.contains("IN SHARE MODE")) {
                    locks.add(sql);
                }
                if (sql.contains("CRC32") && !sql.contains("BIT_XOR") && sql.contains(".`t` ")) {
                    trial.execute("UPDATE t SET k = " + (1000 + looks.incrementAndGet()) + " WHERE id = 4");
                }
            }
        });
        revert(trial);
        assertThat(locks).isEmpty();
        assertThat(looks).hasValueGreaterThan(4);
        assertThat(trial.one("SELECT k FROM t WHERE id = 4")).isEqualTo(String.valueOf(1000 + looks.get()));
    }

    /** It holds what the new structure may not hold any more, so it is for its owner to say what is right. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void namesAreNotExchangedWhileARowDiffersAndNothingIsMended(TestServer server, TestDatabase database)
            throws Exception {
        AlterTrial trial = changed(server, database);
        List<List<String>> faults = List.of(
                List.of("UPDATE _t_del SET k = 31 WHERE id = 3", "id=3", "UPDATE _t_del SET k = 30 WHERE id = 3"),
                List.of(
                        "DELETE FROM _t_del WHERE id = 2",
                        "id=2",
                        "INSERT INTO _t_del (id, f, k, extra) VALUES (2, 2.5, 20, 'two')"),
                List.of("INSERT INTO _t_del (id, k) VALUES (0, 99)", "id=0", "DELETE FROM _t_del WHERE id = 0"),
                List.of("INSERT INTO _t_del (id, k) VALUES (99, 99)", "id=99", "DELETE FROM _t_del WHERE id = 99"));
        for (List<String> fault : faults) {
            trial.execute(fault.get(0));
            List<String> before = trial.column("SELECT CONCAT_WS(' ', id, k, extra) FROM _t_del ORDER BY id");
            assertThatThrownBy(() -> revert(trial))
                    .as(fault.get(0))
                    .isInstanceOfSatisfying(MigrationException.class, e -> assertThat(e.kind())
                            .isEqualTo(MigrationException.Kind.DIFFERENT))
                    .hasMessageContainingAll(
                            "differs in 1 row and does not come back", fault.get(1), "same command", "--skip-checksum");
            assertThat(trial.column("SELECT CONCAT_WS(' ', id, k, extra) FROM _t_del ORDER BY id"))
                    .isEqualTo(before);
            trial.execute(fault.get(2));
        }
        revert(trial);
        assertRows(
                trial,
                "1 1.5 2024-01-01 00:00:00 10 11 one",
                "2 2.5 20 21 two",
                "3 3.5 30 31 three",
                "4 4.5 40 41 four",
                "5 50 51 five");
    }

    /** The noughts before a number are shown, and are no part of it. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void numbersThatAreShownInAnotherWayAreNoDifference(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, n INT UNSIGNED, z INT(6) UNSIGNED ZEROFILL)",
                "INSERT INTO t VALUES (1, 30, 30)");
        trial.alter("t", "MODIFY n INT(9) UNSIGNED ZEROFILL, MODIFY z BIGINT UNSIGNED");
        trial.execute("INSERT INTO t VALUES (2, 40, 40)");
        revert(trial);
        assertThat(trial.column("SELECT CONCAT_WS(' ', n, z) FROM t ORDER BY id"))
                .containsExactly("30 000030", "40 000040");
    }

    /** Values that were cut on the way there, as asked for, are whole in the old table, and stay so. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void whatTheWayThereCutIsThereAgain(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), n INT)", "INSERT INTO t VALUES (1, 'abcdef', 300)");
        trial.rules = lossy().deciding(List.of("--skip-strict-mode"));
        trial.alter("t", "MODIFY v VARCHAR(3), MODIFY n TINYINT");
        trial.rules = Rules.DEFAULT;
        revert(trial);
        assertThat(trial.one("SELECT CONCAT_WS(' ', v, n) FROM t")).isEqualTo("abcdef 300");
    }

    /** A lock on the whole table, for longer than a statement waits for one. */
    @ServerTest({ServerKind.MYSQL_80})
    void aTableThatIsLockedForAWhileIsWaitedFor(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        AtomicInteger refusals = new AtomicInteger();
        trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) throws SQLException {
                if (sql.contains("CRC32") && sql.contains(".`t` ") && refusals.getAndIncrement() < 2) {
                    throw new SQLException("Lock wait timeout exceeded", "HY000", 1205);
                }
            }
        });
        revert(trial);
        assertThat(refusals).hasValueGreaterThan(2);
        assertThat(trial.said()).anyMatch(t -> t.contains("5 rows compared"));
    }

    @ServerTest({ServerKind.MYSQL_80})
    void whoHasToBeBackAtOnceDoesWithout(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = changed(server, database);
        trial.listener = said -> {
            trial.progress.add(said);
            if (said instanceof Progress.Note note && note.text().startsWith("comparing ")) {
                trial.controls.skipChecksumBack();
            }
        };
        StringBuilder more = new StringBuilder();
        for (int i = 10; i < 400; i++) {
            more.append(i == 10 ? "" : ", ")
                    .append("(")
                    .append(i)
                    .append(", ")
                    .append(i + 1000)
                    .append(")");
        }
        trial.execute("INSERT INTO t (id, k) VALUES " + more);
        revert(trial);
        assertThat(trial.said()).anyMatch(t -> t.contains("the rest was not compared, as asked for"));
        assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo("395");
    }
}
