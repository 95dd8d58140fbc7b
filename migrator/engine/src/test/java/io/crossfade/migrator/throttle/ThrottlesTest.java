package io.crossfade.migrator.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrottlesTest {

    @Test
    void waitsWhileThereIsAReasonAndTellsIt() throws SQLException {
        Deque<Optional<String>> signals =
                new ArrayDeque<>(List.of(Optional.of("too busy"), Optional.of("still busy"), Optional.empty()));
        List<Progress> seen = new ArrayList<>();
        new Throttles(List.of(signals::pop), new Cancel(), seen::add, Duration.ofNanos(1)).await();
        assertThat(seen).containsExactly(new Progress.Throttled("too busy"), new Progress.Throttled("still busy"));
        assertThat(signals).isEmpty();
    }

    @Test
    void canBeStoppedWhileItWaits() {
        Cancel cancel = new Cancel();
        Throttles throttles =
                new Throttles(List.of(() -> Optional.of("busy")), cancel, p -> cancel.request(), Duration.ofHours(1));
        assertThatThrownBy(throttles::await).isInstanceOf(MigrationException.class);
    }

    @Test
    void flagFileHoldsBackWhileItIsThere(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("hold");
        FlagFile flag = new FlagFile(file);
        assertThat(flag.reason()).isEmpty();
        Files.writeString(file, "");
        assertThat(flag.reason()).hasValueSatisfying(r -> assertThat(r).contains("hold"));
    }

    @Test
    void limitsAreReadAsGhOstWritesThem() {
        assertThat(Limit.parse("Threads_running=25,Threads_connected=500"))
                .containsExactly(new Limit("Threads_running", 25), new Limit("Threads_connected", 500));
        assertThatThrownBy(() -> Limit.parse("Threads_running>25")).hasMessageContaining("is not a limit");
    }

    @ServerTest
    void loadHoldsBackAndCriticalLoadStops(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            List<Limit> low = List.of(new Limit("Threads_running", 0));
            List<Limit> high = List.of(new Limit("threads_running", 1_000_000));
            assertThat(new ServerLoad(connection, high, high).reason()).isEmpty();
            assertThat(new ServerLoad(connection, low, high).reason().orElseThrow())
                    .contains("Threads_running=");
            assertThat(new ServerLoad(connection, List.of(new Limit("Nothing_such", 1)), List.of()).reason())
                    .isPresent();
            assertThatThrownBy(() -> new ServerLoad(connection, low, low).reason())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("critical load");
        }
    }

    @ServerTest
    void replicaThatDoesNotTellItsLagHoldsBack(TestDatabase database) {
        ReplicaLag none = new ReplicaLag("r1", database::connect, Duration.ofSeconds(1));
        assertThat(none.reason()).contains("replica r1 does not tell its lag");
        ReplicaLag away = new ReplicaLag(
                "r2",
                () -> {
                    throw new SQLException("refused");
                },
                Duration.ofSeconds(1));
        assertThat(away.reason().orElseThrow()).contains("cannot be asked");
    }
}
