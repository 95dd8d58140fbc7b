package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.state.ControlStore;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Clients that have written their sessions down while no change was open, and do not register when one is. */
class StrangersTest {
    private static final UUID STOPPED = new UUID(7, 8);
    private static final UUID DEAD = new UUID(7, 9);
    private static final long NOBODY = 4_000_000_000L;

    @ServerTest
    void areWaitedForWhileTheirSessionsAreThereAndForgottenWhenTheyAreNot(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20))");
        Trial trial = new Trial(database);
        Settings patient = trial.settings;
        try (Connection connection = database.connect()) {
            ControlStore store = new ControlStore(connection);
            store.install();
            try (Connection session = database.connect();
                    Connection another = database.connect()) {
                store.clients().registerSessions(STOPPED, List.of(idOf(session)));
                store.clients().registerSessions(DEAD, List.of(NOBODY, idOf(another)));
                // Whose id was given to another by a restarted server.
                database.execute(
                        "UPDATE crossfade_session SET peer = '10.9.8.7:6543' WHERE connection_id = " + idOf(another));
                trial.settings = patient.withFenceTimeout(Duration.ofMillis(200));
                assertThatThrownBy(() -> trial.with(m -> m.start(trial.change("rename: {from: status, to: name}"))))
                        .hasMessageContaining("client " + STOPPED + " (sessions " + idOf(session) + " from ")
                        .hasMessageContaining("has sessions but did not register")
                        .hasMessageNotContaining(DEAD.toString());
                assertThat(store.clients().sessions(DEAD)).isEmpty();
                assertThat(store.clients().sessions(STOPPED)).containsExactly(idOf(session));
            }
            trial.settings = patient;
            trial.with(m -> m.start(trial.change("rename: {from: status, to: name}")));
            assertThat(store.clients().sessions(STOPPED)).isEmpty();
        }
    }

    private static long idOf(Connection session) throws SQLException {
        try (ResultSet r = session.createStatement().executeQuery("SELECT CONNECTION_ID()")) {
            r.next();
            return r.getLong(1);
        }
    }
}
