package io.crossfade.cli;

import io.crossfade.migrator.run.Settings;
import io.crossfade.migrator.throttle.CriticalLoad;
import io.crossfade.migrator.throttle.DriverMeasure;
import io.crossfade.migrator.throttle.FlagFile;
import io.crossfade.migrator.throttle.Limit;
import io.crossfade.migrator.throttle.ReplicaLag;
import io.crossfade.migrator.throttle.ServerLoad;
import io.crossfade.migrator.throttle.TableThrottles;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.migrator.throttle.ThrottleSettings;
import io.crossfade.migrator.walk.Pacing;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How hard the migrator works, and when it holds back. */
final class PaceOptions {

    @Option(
            names = "--chunk-millis",
            paramLabel = "MS",
            defaultValue = "50",
            description = "how long one chunk should take (default: ${DEFAULT-VALUE})")
    private long chunkMillis = 50;

    @Option(
            names = "--nice-ratio",
            paramLabel = "R",
            defaultValue = "0.5",
            description = "the pause after a chunk, as a share of the chunk's time (default: ${DEFAULT-VALUE})")
    private double niceRatio = Pacing.DEFAULT.breatherRatio();

    @Option(names = "--pace", paramLabel = "ROWS", defaultValue = "0", description = "at most so many rows per second")
    private long pace;

    @Option(
            names = "--max-load",
            paramLabel = "LIMITS",
            defaultValue = "",
            description = "hold back above these, as Threads_running=25")
    private String maxLoad = "";

    @Option(
            names = "--critical-load",
            paramLabel = "LIMITS",
            defaultValue = "",
            description = "stop, resumable, above these")
    private String criticalLoad = "";

    @Option(names = "--replica", paramLabel = "URL", description = "a replica whose lag counts; may be repeated")
    private List<String> replicas = new ArrayList<>();

    @Option(
            names = "--max-lag-millis",
            paramLabel = "MS",
            defaultValue = "1500",
            description = "hold back while a replica is further behind (default: ${DEFAULT-VALUE})")
    private long maxLagMillis = 1500;

    @Option(
            names = "--max-statement-millis",
            paramLabel = "MS",
            defaultValue = "0",
            description =
                    "hold back while more than 1 %% of the drivers' statements on the table take longer; 0: no limit")
    private long maxStatementMillis;

    @Option(names = "--throttle-flag-file", paramLabel = "FILE", description = "hold back while this file exists")
    private @Nullable Path flagFile;

    @Option(
            names = "--fence-timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "stop, resumable, when clients take longer to follow (default: ${DEFAULT-VALUE})")
    private long fenceTimeoutSeconds = Settings.FENCE_TIMEOUT.toSeconds();

    @Option(
            names = "--discovery-millis",
            paramLabel = "MS",
            defaultValue = "6000",
            description = "how long a new change waits for idle clients (default: ${DEFAULT-VALUE}, twice their poll)")
    private long discoveryMillis = Settings.DISCOVERY.toMillis();

    @Option(
            names = "--force-client",
            paramLabel = "ID",
            description =
                    "pass over this client, whose lease has run out, although its sessions could not be ended; only where"
                            + " you know that its process is dead; may be repeated")
    private List<UUID> forcedClients = new ArrayList<>();

    @Option(
            names = "--allow-inplace",
            description =
                    "let the server rebuild the table in place, and make no ghost table, where rows have to be touched")
    private boolean allowsInplace;

    @Option(
            names = "--client-gate-millis",
            paramLabel = "MS",
            defaultValue = "200",
            description =
                    "how long an ALTER that waits for the table's lock may hold the statements of applications behind the driver;"
                            + " 0: there is no gate (default: ${DEFAULT-VALUE})")
    private long clientGateMillis = Settings.GATE_MAX.toMillis();

    Settings settings() {
        if (clientGateMillis < 0 || clientGateMillis > Settings.GATE_LONGEST.toMillis()) {
            throw new UsageException(
                    "--client-gate-millis is " + clientGateMillis + "; give 0 to " + Settings.GATE_LONGEST.toMillis());
        }
        Pacing pacing = Pacing.DEFAULT
                .withChunk(Duration.ofMillis(chunkMillis))
                .withBreatherRatio(niceRatio)
                .withRowsPerSecondMax(pace);
        return Settings.DEFAULT
                .withPacing(pacing)
                .withFenceTimeout(Duration.ofSeconds(fenceTimeoutSeconds))
                .withDiscovery(Duration.ofMillis(discoveryMillis))
                .withForcedClients(Set.copyOf(forcedClients))
                .withInplaceAllowed(allowsInplace)
                .withGate(Duration.ofMillis(clientGateMillis));
    }

    /** @param note is told, once, where no driver measures anything */
    TableThrottles throttles(ConnectionOptions connection, Consumer<String> note) throws SQLException {
        ThrottleSettings settings = new ThrottleSettings();
        try {
            settings.statementMillisMax(maxStatementMillis);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        List<Throttle> common = common(connection);
        return table -> {
            List<Throttle> throttles = new ArrayList<>();
            if (settings.statementMillisMax() > 0) {
                throttles.add(new DriverMeasure(connection::open, List.of(table), settings::statementMillisMax, note));
            }
            throttles.addAll(common);
            return throttles;
        };
    }

    private List<Throttle> common(ConnectionOptions connection) throws SQLException {
        List<Throttle> throttles = new ArrayList<>();
        Path file = flagFile;
        if (file != null) {
            throttles.add(new FlagFile(file));
        }
        List<Limit> high = Limit.parse(maxLoad);
        List<Limit> critical = Limit.parse(criticalLoad);
        ServerLoad.refuseUnknown(connection::open, "--max-load", high);
        ServerLoad.refuseUnknown(connection::open, "--critical-load", critical);
        if (!critical.isEmpty()) {
            throttles.add(new CriticalLoad(connection::open, () -> critical, Duration.ZERO, Duration.ZERO));
        }
        if (!high.isEmpty()) {
            throttles.add(new ServerLoad(connection::open, () -> high));
        }
        for (String replica : replicas) {
            DatabaseUrl url = DatabaseUrl.of(replica);
            throttles.add(new ReplicaLag(url.shown(), () -> connection.open(url), Duration.ofMillis(maxLagMillis)));
        }
        return throttles;
    }
}
