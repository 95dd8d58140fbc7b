package io.crossfade.migrator.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** Whatever session is lost, whenever: the outcome is known, and nothing is lost or left. */
class LostSessionsTest {
    private static final int TRIES_MAX = 20;

    private static boolean isEarly(Saboteur saboteur, Attempt attempt) {
        return !saboteur.hasStruck() && attempt.outcome() == Outcome.NOT_DONE;
    }

    @ServerTest
    void whicheverStatementIsStruckTheOutcomeIsRightAndTheNextAttemptDoesIt(TestDatabase database) throws SQLException {
        List<String> statements = List.of(
                "LOCK TABLES", "RENAME TABLE", "PREPARE", "DROP TABLE `", "DROP TABLE IF EXISTS", "UNLOCK TABLES");
        try (Stage stage = new Stage(database, "t");
                Writers writers = Writers.of(database, 2, "t")) {
            for (String statement : statements) {
                for (Saboteur.Way way : Saboteur.Way.values()) {
                    String title = statement + " " + way;
                    stage.title = title;
                    Saboteur saboteur = new Saboteur(database, statement, way);
                    writers.awaitMore(5);
                    stage.catchUp();
                    Attempt attempt = stage.cutOver(saboteur).run(stage.swaps, stage::drain);
                    // On a machine at work the time may be over before it comes to the statement.
                    for (int i = 0; i < TRIES_MAX && isEarly(saboteur, attempt); i++) {
                        stage.catchUp();
                        attempt = stage.cutOver(saboteur).run(stage.swaps, stage::drain);
                    }
                    if (!saboteur.hasStruck()) {
                        // This server's way does not use such a statement.
                        assertThat(statement).isIn("PREPARE", "DROP TABLE `", "DROP TABLE IF EXISTS");
                    }
                    assertThat(attempt.outcome()).as(title).isNotEqualTo(Outcome.UNKNOWN);
                    assertThat(attempt.outcome() == Outcome.DONE).as(title).isEqualTo(stage.isSwapped("t"));
                    writers.awaitMore(5);
                    if (attempt.outcome() == Outcome.NOT_DONE) {
                        stage.assertNothingLeft(false);
                        attempt = stage.cutOver().attemptUntilDone(stage.swaps, stage::drain, pause -> stage.catchUp());
                        assertThat(attempt.outcome()).as(title).isEqualTo(Outcome.DONE);
                    }
                    writers.awaitMore(5);
                    stage.assertNothingLost(writers.soFar(), "t");
                    stage.assertNothingLeft(true);
                    stage.renew("t");
                }
            }
        }
    }

    @ServerTest
    void holderThatDiesInTheDrainLeavesEverythingAsItWas(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t", "Big");
                Writers writers = Writers.of(database, 2, "t", "Big")) {
            for (String table : List.of("t", "Big")) {
                writers.awaitMore(5);
                Saboteur onlooker = Saboteur.none(database);
                Attempt attempt = stage.cutOver(onlooker).run(stage.swaps, (writer, atMost) -> {
                    stage.drain(writer, atMost);
                    database.execute("KILL " + onlooker.holderOf(table));
                    writers.awaitMore(2);
                    return true;
                });
                assertThat(attempt.outcome()).isEqualTo(Outcome.NOT_DONE);
                assertThat(stage.isSwapped("t") || stage.isSwapped("Big")).isFalse();
                stage.assertNothingLeft(false);
            }
            assertThat(stage.cutOver()
                            .attemptUntilDone(stage.swaps, stage::drain, pause -> writers.awaitMore(1))
                            .outcome())
                    .isEqualTo(Outcome.DONE);
            stage.assertNothingLost(writers.end(), "t", "Big");
            stage.assertNothingLeft(true);
        }
    }

    @ServerTest
    void earlierRunsOutcomeIsFoundOutAndItsRenameEnded(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE decoy (id INT PRIMARY KEY)");
        try (Stage stage = new Stage(database, "t");
                Connection other = database.connect()) {
            other.setAutoCommit(false);
            String exchange = names(database, "t", "_t_del") + ", " + names(database, "_t_gho", "t");
            // The second is the one that waits behind the locks.
            for (String renamed : List.of(exchange, names(database, "decoy", "guard") + ", " + exchange)) {
                other.createStatement().executeQuery("SELECT v FROM t").close();
                Thread forgotten = forgotten(database, "RENAME TABLE " + renamed);
                while (database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'RENAME TABLE `"
                                + database.name() + "%' AND STATE LIKE 'Waiting for table%'")
                        .isEmpty()) {
                    Thread.onSpinWait();
                }
                assertThat(stage.cutOver().outcomeOf(stage.swaps)).isEqualTo(Outcome.NOT_DONE);
                other.commit();
                forgotten.join(Duration.ofSeconds(10).toMillis());
                assertThat(stage.isSwapped("t")).as(renamed).isFalse();
            }
            assertThat(stage.cutOver().run(stage.swaps, stage::drain).outcome()).isEqualTo(Outcome.DONE);
            assertThat(stage.cutOver().outcomeOf(stage.swaps)).isEqualTo(Outcome.DONE);
        }
    }

    private static String names(TestDatabase database, String from, String to) {
        return "`" + database.name() + "`.`" + from + "` TO `" + database.name() + "`.`" + to + "`";
    }

    private static Thread forgotten(TestDatabase database, String statement) {
        Thread thread = new Thread(
                () -> {
                    try {
                        database.execute(statement);
                    } catch (SQLException ended) {
                        return;
                    }
                },
                "forgotten");
        thread.start();
        return thread;
    }

    @ServerTest
    void noVerdictIsGivenBeforeTheSessionsHaveEnded(TestDatabase database) throws SQLException {
        try (Stage stage = new Stage(database, "t");
                Connection own = database.connect()) {
            Connection slow = database.connect();
            Statement s = slow.createStatement();
            // What it has to undo takes the server a while, in which the session is ended and lives.
            s.execute("CREATE TABLE much (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200), KEY (v))");
            slow.setAutoCommit(false);
            s.execute("INSERT INTO much (v) VALUES (UUID())");
            for (int doubled = 0; doubled < 16; doubled++) {
                s.execute("INSERT INTO much (v) SELECT CONCAT(UUID(), id) FROM much");
            }
            Session.Mark mark;
            try (ResultSet r =
                    s.executeQuery("SELECT ID, HOST FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()")) {
                r.next();
                mark = new Session.Mark(r.getLong(1), r.getString(2));
            }
            Judge judge =
                    new Judge(new Connections(database::connect), Server.of(own).dialect());

            Attempt verdict = judge.ask(
                    new Attempt(Outcome.UNKNOWN, Duration.ZERO, "lost"), stage.swaps, "RENAME", List.of(mark));

            assertThat(database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE ID = " + mark.id()))
                    .isEmpty();
            assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_DONE);
            slow.abort(Runnable::run);
        }
    }
}
