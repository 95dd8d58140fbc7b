package io.crossfade.migrator.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Whatever session is lost, whenever: the outcome is known, and nothing is lost or left. */
class LostSessionsTest {

    @ServerTest
    void whicheverStatementIsStruckTheOutcomeIsRightAndTheNextAttemptDoesIt(TestDatabase database) throws SQLException {
        List<String> statements = List.of("LOCK TABLES", "RENAME TABLE", "PREPARE", "DROP TABLE `", "UNLOCK TABLES");
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
                    if (!saboteur.hasStruck()) {
                        // This server's way does not use such a statement.
                        assertThat(statement).isIn("PREPARE", "DROP TABLE `");
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
        try (Stage stage = new Stage(database, "t");
                Connection other = database.connect();
                Connection forgotten = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().executeQuery("SELECT v FROM t").close();
            String rename = "RENAME TABLE `" + database.name() + "`.`t` TO `" + database.name() + "`.`_t_del`, `"
                    + database.name() + "`.`_t_gho` TO `" + database.name() + "`.`t`";
            Thread thread = new Thread(
                    () -> {
                        try {
                            forgotten.createStatement().execute(rename);
                        } catch (SQLException ended) {
                            return;
                        }
                    },
                    "forgotten");
            thread.start();
            while (database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'RENAME TABLE `"
                            + database.name() + "%' AND STATE LIKE 'Waiting for table%'")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(stage.cutOver().outcomeOf(stage.swaps)).isEqualTo(Outcome.NOT_DONE);
            other.commit();
            thread.join(Duration.ofSeconds(10).toMillis());
            assertThat(stage.isSwapped("t")).isFalse();
            assertThat(stage.cutOver().run(stage.swaps, stage::drain).outcome()).isEqualTo(Outcome.DONE);
            assertThat(stage.cutOver().outcomeOf(stage.swaps)).isEqualTo(Outcome.DONE);
        }
    }
}
