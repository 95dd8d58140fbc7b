package io.crossfade.samples.shop;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.samples.shop.app.SchemaChange;
import io.crossfade.samples.shop.traffic.Findings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The demo's main class: {@code samples/shop/run}. */
@Command(
        name = "samples/shop/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Changes the tables of a shop while it is open, and proves that nothing is lost.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:nothing lost", "1:something lost, or the run could not go on", "2:statements failed"})
public final class ShopDemo implements Callable<Integer> {
    private static final String ALL_CHANGES = "order-status,last-login,age,user-handle,email-normalized";

    @Option(
            names = "--server",
            defaultValue = "mysql",
            description = "mysql, mariadb (both embedded), or mysql://user:password@host:port/ (default: mysql)")
    private String server = "";

    @Option(names = "--rows", defaultValue = "200000", description = "orders at the start (default: 200000)")
    private int rows;

    @Option(names = "--threads", defaultValue = "8", description = "threads of traffic (default: 8)")
    private int threads;

    @Option(names = "--rate", defaultValue = "160", description = "tasks a second of all threads (default: 160)")
    private double rate;

    @Option(
            names = "--changes",
            split = ",",
            defaultValue = ALL_CHANGES,
            description = "which (default: ${DEFAULT-VALUE})")
    private List<String> changes = List.of();

    @Option(
            names = "--roll-back",
            split = ",",
            defaultValue = "age",
            description = "those that are rolled back half-way, or none (default: age)")
    private List<String> rolledBack = List.of();

    @Option(names = "--idle", defaultValue = "8", description = "seconds to measure before the changes (default: 8)")
    private int idleSeconds;

    @Option(names = "--seconds", defaultValue = "0.5", description = "seconds to stay at each stage (default: 0.5)")
    private double dwellSeconds;

    @Option(
            names = "--without-crossfade",
            description = "the shop alone, through the plain driver and with no change: what it does otherwise")
    private boolean withoutCrossfade;

    @Option(names = "--json", description = "write the verdict to this file as well")
    private @Nullable Path json;

    /** Runs the demo; the exit code is the verdict's. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ShopDemo()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Screen screen = new Screen(System.out);
        Findings findings = new Findings(screen::plain);
        AtomicBoolean stopping = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopping.set(true);
                            findings.close();
                            screen.close();
                        },
                        "shop-screen-stop"));
        try {
            Verdict verdict = run(screen, findings);
            screen.plain("");
            verdict.lines().forEach(screen::plain);
            if (json != null) {
                Files.write(
                        json,
                        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(verdict));
            }
            return verdict.exitCode();
        } catch (Migrator.CommandFailedException | IllegalArgumentException e) {
            if (!stopping.get()) {
                screen.say(String.valueOf(e.getMessage()));
            }
            return 1;
        }
    }

    private Verdict run(Screen screen, Findings findings) throws Exception {
        try (ShopServer database = ShopServer.open(server, screen)) {
            screen.say(database.version() + ", database " + database.database());
            try {
                return new Scenario(database, options(), screen, findings).run();
            } finally {
                closeCrossfade();
            }
        }
    }

    /** The driver's own threads would ask a server that is about to go. The plain driver stays: it drops the database. */
    private static void closeCrossfade() throws SQLException {
        for (Driver driver : DriverManager.drivers().toList()) {
            if (driver.getClass().getName().startsWith("io.crossfade.")) {
                DriverManager.deregisterDriver(driver);
            }
        }
    }

    private ScenarioOptions options() {
        List<String> ids = withoutCrossfade || changes.equals(List.of("none")) ? List.of() : changes;
        List<SchemaChange> all = ids.stream().map(SchemaChange::of).toList();
        Set<SchemaChange> back = rolledBack.stream()
                .filter(id -> !id.equals("none"))
                .map(SchemaChange::of)
                .collect(Collectors.toSet());
        return new ScenarioOptions(
                rows,
                threads,
                rate,
                !withoutCrossfade,
                ScenarioOptions.POLL_DEFAULT,
                Duration.ofSeconds(idleSeconds),
                Duration.ofMillis((long) (dwellSeconds * 1_000)),
                all,
                back);
    }
}
