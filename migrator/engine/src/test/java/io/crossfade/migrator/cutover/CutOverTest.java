package io.crossfade.migrator.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

class CutOverTest {

    @ServerTest
    void noWriteIsLostAndNoWriterSeesAnError(TestDatabase database) throws SQLException {
        Stage stage = new Stage(database, "t");
        try (Writers writers = Writers.of(database, 4, "t")) {
            writers.awaitMore(50);
            assertThat(stage.cutOver().run(stage.swaps, stage::drain).outcome()).isEqualTo(Outcome.DONE);
            writers.awaitMore(50);
            stage.assertNothingLost(writers.end(), "t");
        }
        assertThat(stage.isSwapped("t")).isTrue();
        stage.assertNothingLeft(true);
    }

    @ServerTest
    void twoTablesExchangeTheirNamesAtOnce(TestDatabase database) throws SQLException {
        Stage stage = new Stage(database, "t", "Big");
        try (Writers writers = Writers.of(database, 4, "t", "Big")) {
            writers.awaitMore(50);
            assertThat(stage.cutOver().run(stage.swaps, stage::drain).outcome()).isEqualTo(Outcome.DONE);
            writers.awaitMore(50);
            stage.assertNothingLost(writers.end(), "t", "Big");
        }
        stage.assertNothingLeft(true);
    }

    @ServerTest
    void writersGoOnWithinTheBoundWhenATransactionHoldsTheTable(TestDatabase database) throws SQLException {
        Stage stage = new Stage(database, "t");
        stage.limits = new Limits(Duration.ofMillis(200), 5, Duration.ofMillis(50), false);
        try (Connection other = database.connect();
                Statement s = other.createStatement();
                Writers writers = Writers.of(database, 2, "t")) {
            other.setAutoCommit(false);
            s.executeQuery("SELECT v FROM t WHERE id = 1").close();
            Attempt attempt = stage.cutOver().run(stage.swaps, stage::drain);
            assertThat(attempt.outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(attempt.writersHeld()).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
            writers.awaitMore(20);
            assertThat(writers.longestMillis()).isLessThan(600);
            stage.assertNothingLeft(false);
            other.commit();
            stage.limits = new Limits(Stage.BOUND, 5, Duration.ofMillis(50), false);
            attempt = stage.cutOver().attemptUntilDone(stage.swaps, stage::drain, pause -> writers.awaitMore(1));
            assertThat(attempt.outcome()).isEqualTo(Outcome.DONE);
            Set<Long> written = writers.end();
            stage.assertNothingLost(written, "t");
        }
        stage.assertNothingLeft(true);
    }
}
