package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ClientState;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

class FenceTest {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final UUID CLIENT = new UUID(7, 7);

    @ServerTest
    void waitsForAClientSaysForWhomAndGoesOn(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        try (Connection connection = database.connect()) {
            ControlStore store = new ControlStore(connection);
            store.install();
            store.clients().renew(client(0), LEASE);
            trial.settings = trial.settings.withFenceTimeout(Duration.ofMillis(150));
            assertThatThrownBy(() -> trial.with(m -> m.start(rename(trial))))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("shop on web1 (process 42)")
                    .extracting(e -> ((MigrationException) e).kind())
                    .isEqualTo(MigrationException.Kind.STOPPED);
            assertThat(store.changes().find("c").orElseThrow().state().stage()).isEqualTo(Stage.OFF);
            // The client comes back, and acknowledges whatever it is asked for.
            trial.settings = trial.settings.withFenceTimeout(Duration.ofSeconds(20));
            trial.listener = progress -> {
                trial.seen.add(progress);
                if (progress instanceof Progress.Waiting) {
                    acknowledge(store);
                }
            };
            assertThat(trial.with(m -> m.start(rename(trial))).state().stage()).isEqualTo(Stage.SHADOW);
            assertThat(trial.seen)
                    .anyMatch(
                            p -> p instanceof Progress.Waiting w && w.forWhom().contains("shop on web1"));
        }
    }

    @ServerTest
    void cancelledWaitLeavesAResumableState(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        try (Connection connection = database.connect()) {
            ControlStore store = new ControlStore(connection);
            store.install();
            store.clients().renew(client(0), LEASE);
            trial.listener = progress -> {
                if (progress instanceof Progress.Waiting) {
                    trial.cancel.request();
                }
            };
            assertThatThrownBy(() -> trial.with(m -> m.start(rename(trial))))
                    .hasMessageContaining("stopped on request");
            store.clients().forget(CLIENT);
        }
        Trial again = new Trial(database);
        assertThat(again.with(m -> m.start(rename(again))).state().stage()).isEqualTo(Stage.SHADOW);
    }

    private static void acknowledge(ControlStore store) {
        try {
            store.clients().renew(client(store.epoch()), LEASE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClientState client(long acknowledged) {
        return new ClientState(
                CLIENT, "shop", "web1", 42, "1", Side.OLD, acknowledged, acknowledged, 1, null, null, null);
    }

    private static Trial trial(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20))", "INSERT INTO t VALUES (1, 'a')");
        return new Trial(database);
    }

    private static io.crossfade.model.Change rename(Trial trial) {
        return trial.change("rename: {from: status, to: order_status}");
    }
}
