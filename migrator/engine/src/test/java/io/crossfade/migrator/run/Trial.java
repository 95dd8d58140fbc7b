package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One test's migrator on a real server: small chunks, no waiting for idle clients. One thread at a time. */
final class Trial {
    /** Of this test's readers of the change log; tests in other processes have servers of their own. */
    private static final long SERVER_ID = 77_000;

    final TestDatabase database;
    final List<Progress> seen = new ArrayList<>();
    final Cancel cancel = new Cancel();
    final List<Throttle> throttles = new ArrayList<>();
    Listener listener = seen::add;
    Settings settings = Settings.DEFAULT
            .withDiscovery(Duration.ZERO)
            .withFenceTimeout(Duration.ofSeconds(20))
            .withPacing(io.crossfade.migrator.walk.Pacing.DEFAULT.withRows(7, 7).withBreatherRatio(0));

    Trial(TestDatabase database) {
        this.database = database;
    }

    /** Lets it make ghost tables, as the command does. */
    Trial withGhosts() {
        TestServer server = database.server();
        settings = settings.withLog(new Endpoint(
                server.host(), server.port(), server.user(), server.password(), Endpoint.Tls.OFF, SERVER_ID));
        return this;
    }

    /** A change of table t: the lines of columns, in YAML. */
    Change change(String... columns) {
        return ChangeFile.parse(
                "test.yaml",
                "change: c\ntable: " + database.name() + ".t\naccept: lossy\ncolumns:\n  - "
                        + String.join("\n  - ", columns) + "\n");
    }

    interface Work<T> {
        T run(Migrator migrator) throws SQLException;
    }

    /** Opens a migrator, as a new process would. */
    <T> T with(Work<T> work) throws SQLException {
        try (Migrator migrator =
                Migrator.open(database::connect, settings, table -> throttles, cancel, listener, "test")) {
            return work.run(migrator);
        }
    }
}
