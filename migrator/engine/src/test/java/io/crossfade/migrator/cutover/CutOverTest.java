package io.crossfade.migrator.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.alter.WatchedSource;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class CutOverTest {

    @ServerTest
    void noWriteIsLostAndNoWriterSeesAnError(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t");
                Writers writers = Writers.of(database, 4, "t")) {
            writers.awaitMore(50);
            assertDone(stage.cutOver().run(stage.swaps, stage::drain));
            writers.awaitMore(50);
            stage.assertNothingLost(writers.end(), "t");
            assertThat(stage.isSwapped("t")).isTrue();
            stage.assertNothingLeft(true);
        }
    }

    @ServerTest
    void twoTablesExchangeTheirNamesAtOnce(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t", "Big");
                Writers writers = Writers.of(database, 4, "t", "Big")) {
            writers.awaitMore(50);
            assertDone(stage.cutOver().run(stage.swaps, stage::drain));
            writers.awaitMore(50);
            stage.assertNothingLost(writers.end(), "t", "Big");
            stage.assertNothingLeft(true);
        }
    }

    /** Whatever its own wait_timeout is. A run whose host is gone keeps the application waiting for little longer than one that is there. */
    @ServerTest
    void theServerEndsASilentHolderSoonAndNotTooSoon(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t")) {
            List<String> patience = new ArrayList<>();
            assertDone(stage.cutOver().run(stage.swaps, (writer, atMost) -> {
                try (Statement s = writer.createStatement();
                        ResultSet r = s.executeQuery("SELECT @@SESSION.wait_timeout")) {
                    r.next();
                    patience.add(r.getString(1));
                }
                return stage.drain(writer, atMost);
            }));
            assertThat(patience).as("with a bound of " + Stage.BOUND).containsExactly("3");
        }
    }

    /** Nor any that is needed at the end, however low the wait_timeout that all sessions begin with. */
    @ServerTest
    void noSessionOfAnAttemptIsEndedForItsSilenceWithinTheBound(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t")) {
            List<Connection> sessions = Collections.synchronizedList(new ArrayList<>());
            CutOver cutOver = stage.cutOver(() -> {
                Connection session = database.connect();
                try (Statement s = session.createStatement()) {
                    s.execute("SET SESSION wait_timeout = 1");
                }
                sessions.add(session);
                return session;
            });
            List<Long> patience = new ArrayList<>();
            assertDone(cutOver.run(stage.swaps, (writer, atMost) -> {
                for (Connection session : List.copyOf(sessions)) {
                    if (!session.isClosed()) {
                        try (Statement s = session.createStatement();
                                ResultSet r = s.executeQuery("SELECT @@SESSION.wait_timeout")) {
                            r.next();
                            patience.add(r.getLong(1));
                        }
                    }
                }
                return stage.drain(writer, atMost);
            }));
            assertThat(patience).hasSizeGreaterThan(1).allMatch(seconds -> seconds > Stage.BOUND.toSeconds());
        }
    }

    /** Nobody could end the session in time, so the server did, and the run heard of it later. */
    @ServerTest(ServerKind.MYSQL_80)
    void howLongWritersWereHeldIsNotGuessed(TestDatabase database) throws Exception {
        try (Stage stage = new Stage(database, "t")) {
            stage.limits = new Limits(Duration.ofMillis(100), 5, Duration.ofMillis(50), false);
            CutOver cutOver = stage.cutOver(new WatchedSource(database::connect, new WatchedSource.Watch() {
                @Override
                public void before(Connection session, String sql) throws SQLException {
                    if (sql.startsWith("KILL")) {
                        throw new SQLException("nobody answers", "08S01", 0);
                    }
                }
            }));
            Attempt attempt = cutOver.run(stage.swaps, (writer, atMost) -> {
                long id = writer.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).getId();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> database.query("SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = " + id)
                                .isEmpty());
                throw new SQLException("the line is cut", "08S01", 0);
            });
            assertThat(attempt.outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(stage.seen).singleElement().isInstanceOfSatisfying(Progress.Note.class, note -> assertThat(
                            note.text())
                    .contains("for how long writers were held is not known", "says nothing for 2 s")
                    .doesNotContain("writers were held for"));
            stage.assertNothingLeft(false);
        }
    }

    @ServerTest
    void namesOutsideAsciiAreExchangedToo(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "größe")) {
            assertDone(stage.cutOver().run(stage.swaps, stage::drain));
            stage.assertNothingLeft(true);
        }
    }

    @ServerTest
    void writersGoOnWithinTheBoundWhenATransactionHoldsTheTable(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t");
                Connection other = database.connect();
                Statement s = other.createStatement();
                Writers writers = Writers.of(database, 2, "t")) {
            stage.limits = new Limits(Duration.ofMillis(200), 5, Duration.ofMillis(50), false);
            other.setAutoCommit(false);
            s.executeQuery("SELECT v FROM t WHERE id = 1").close();
            Attempt attempt = stage.cutOver().run(stage.swaps, stage::drain);
            assertThat(attempt.outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(attempt.reason()).isEqualTo("the locks were not had in time");
            assertThat(attempt.writersHeld()).isBetween(Duration.ofMillis(200), Duration.ofMillis(600));
            writers.awaitMore(20);
            assertThat(writers.longestMillis()).isLessThan(1000);
            stage.assertNothingLeft(false);
            other.commit();
            stage.limits = new Limits(Stage.BOUND, 5, Duration.ofMillis(50), false);
            assertDone(stage.cutOver().attemptUntilDone(stage.swaps, stage::drain, pause -> writers.awaitMore(1)));
            stage.assertNothingLost(writers.end(), "t");
            stage.assertNothingLeft(true);
        }
    }

    @ServerTest
    void drainThatTakesTooLongGivesTheWritersFree(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t");
                Writers writers = Writers.of(database, 2, "t")) {
            stage.limits = new Limits(Duration.ofMillis(300), 5, Duration.ofMillis(50), false);
            Attempt attempt = stage.cutOver().run(stage.swaps, (writer, atMost) -> {
                try (Statement s = writer.createStatement()) {
                    s.execute("DO SLEEP(20)");
                    return true;
                }
            });
            assertThat(attempt.outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(attempt.writersHeld()).isLessThan(Duration.ofMillis(700));
            assertThat(stage.cutOver()
                            .run(stage.swaps, (writer, atMost) -> false)
                            .reason())
                    .contains("did not fit");
            writers.awaitMore(20);
            stage.assertNothingLeft(false);
        }
    }

    @ServerTest
    void drainThatFailsEndsTheRunAndLeavesNothing(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t")) {
            CutOver cutOver = stage.cutOver();
            assertThatThrownBy(() -> cutOver.run(stage.swaps, (writer, atMost) -> {
                        throw MigrationException.stopped("a duplicate");
                    }))
                    .hasMessage("a duplicate");
            stage.assertNothingLeft(false);
            assertThatThrownBy(() -> cutOver.run(stage.swaps, (writer, atMost) -> {
                        throw new SQLException("no such column", "42S22", 1054);
                    }))
                    .isInstanceOf(SQLException.class);
            stage.assertNothingLeft(false);
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void longTransactionIsNamedAndNobodyQueuesBehindIt(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t");
                Connection other = database.connect();
                Statement s = other.createStatement()) {
            other.setAutoCommit(false);
            s.executeQuery("SELECT v FROM t WHERE id = 1").close();
            s.execute("DO SLEEP(2.1)");
            Attempt attempt = stage.cutOver().run(stage.swaps, stage::drain);
            long id = other.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).getId();
            assertThat(attempt.outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(attempt.writersHeld()).isZero();
            assertThat(attempt.reason()).contains("connection " + id + " (" + database.user() + "@");
            stage.limits = new Limits(Stage.BOUND, 3, Duration.ofMillis(10), false);
            CutOver cutOver = stage.cutOver();
            Cancel cancel = new Cancel();
            assertThatThrownBy(() -> cutOver.attemptUntilDone(stage.swaps, stage::drain, CutOver.waiting(cancel)))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("3 attempts")
                    .hasMessageContaining("connection " + id);
            stage.limits = new Limits(Stage.BOUND, 5, Duration.ofMillis(50), true);
            assertDone(stage.cutOver().attemptUntilDone(stage.swaps, stage::drain, CutOver.waiting(cancel)));
            assertThat(stage.seen)
                    .anyMatch(p -> p instanceof Progress.Warning w && w.text().contains("ended connection " + id));
            assertThat(other.isValid(5)).isFalse();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void pausesBetweenAttemptsGrowUpToTheirBound(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t")) {
            stage.limits = new Limits(Stage.BOUND, 6, Duration.ofSeconds(1), false);
            List<Long> pauses = new ArrayList<>();
            CutOver cutOver = stage.cutOver();
            assertThatThrownBy(() -> cutOver.attemptUntilDone(
                            stage.swaps, (writer, atMost) -> false, pause -> pauses.add(pause.toMillis())))
                    .hasMessageContaining("6 attempts");
            assertThat(pauses).hasSize(6);
            assertThat(pauses.get(0)).isZero();
            long[] bases = {250, 500, 1000, 1000, 1000};
            for (int i = 0; i < bases.length; i++) {
                assertThat(pauses.get(i + 1)).as("pause " + i).isBetween(bases[i], bases[i] * 5 / 4);
            }
        }
    }

    /** Attempts that are quicker than somebody else's would be used up before a transaction in the way has ended. */
    @ServerTest(ServerKind.MYSQL_80)
    void quickAttemptsDoNotUseUpThePatience(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t")) {
            stage.limits = new Limits(Stage.BOUND, 2, Duration.ofHours(1), Duration.ofMillis(1), false);
            List<Long> pauses = new ArrayList<>();
            assertDone(stage.cutOver()
                    .attemptUntilDone(
                            stage.swaps,
                            (writer, atMost) -> pauses.size() == 5 && stage.drain(writer, atMost),
                            pause -> pauses.add(pause.toMillis())));
            assertThat(pauses).hasSize(5);
        }
    }

    /** Its rollback would hold the lock for longer than anybody waits for it. */
    @ServerTest(ServerKind.MYSQL_80)
    void transactionWithMuchToRollBackIsNeverEnded(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t");
                Connection other = database.connect();
                Statement s = other.createStatement()) {
            s.execute("CREATE TABLE much (id INT NOT NULL) ENGINE=InnoDB");
            other.setAutoCommit(false);
            s.executeQuery("SELECT v FROM t WHERE id = 1").close();
            s.execute("INSERT INTO much VALUES (1)");
            for (int doubled = 0; doubled < 20; doubled++) {
                s.execute("INSERT INTO much SELECT * FROM much");
            }
            s.execute("DO SLEEP(2.1)");
            stage.limits = new Limits(Duration.ofMillis(200), 1, Duration.ofMillis(10), true);
            assertThat(stage.cutOver().run(stage.swaps, stage::drain).outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(other.isValid(5)).isTrue();
            assertThat(stage.seen)
                    .anyMatch(p -> p instanceof Progress.Warning w && w.text().contains("rows to roll back"));
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void holderOfLockTablesIsNeverEnded(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t");
                Connection other = database.connect();
                Statement s = other.createStatement()) {
            s.execute("LOCK TABLES t WRITE");
            s.execute("DO SLEEP(2.1)");
            s.execute("DO SLEEP(0)");
            stage.limits = new Limits(Duration.ofMillis(200), 1, Duration.ofMillis(10), true);
            database.execute("DO SLEEP(2.1)");
            assertThat(stage.cutOver().run(stage.swaps, stage::drain).outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(other.isValid(5)).isTrue();
            assertThat(stage.seen)
                    .anyMatch(p -> p instanceof Progress.Warning w && w.text().contains("holds LOCK TABLES"));
        }
    }

    @ServerTest({ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void sentryThatAnEarlierAttemptLeftIsRemovedAndStrangersAreLetBe(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t")) {
            Sentry left = Sentry.of(java.util.List.of(stage.name("t")), 4711);
            database.execute(
                    "CREATE TABLE `" + left.decoy().table() + "` (id INT) COMMENT '" + left.comment() + "'",
                    "CREATE TABLE `" + left.guard().table() + "` (id INT) COMMENT '" + left.comment() + "'",
                    "CREATE TABLE `~crossfade_1_a` (id INT) COMMENT 'somebody else''s'");
            assertDone(stage.cutOver().run(stage.swaps, stage::drain));
            assertThat(database.queryLong("SELECT COUNT(*) FROM `~crossfade_1_a`"))
                    .isZero();
            database.execute("DROP TABLE `~crossfade_1_a`");
            stage.assertNothingLeft(true);
        }
    }

    @ServerTest
    void takenNameAndMissingGhostAreSeenBeforeAnybodyWaits(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t")) {
            CutOver cutOver = stage.cutOver();
            database.execute("CREATE TABLE _t_del (id INT)");
            assertThatThrownBy(() -> cutOver.run(stage.swaps, stage::drain)).hasMessageContaining("_t_del is taken");
            database.execute("DROP TABLE _t_del", "DROP TABLE _t_gho");
            assertThatThrownBy(() -> cutOver.run(stage.swaps, stage::drain)).hasMessageContaining("no table");
        }
    }

    private static void assertDone(Attempt attempt) {
        assertThat(attempt.outcome()).as(attempt.reason()).isEqualTo(Outcome.DONE);
    }
}
