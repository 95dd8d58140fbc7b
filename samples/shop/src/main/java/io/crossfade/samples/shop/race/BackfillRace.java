package io.crossfade.samples.shop.race;

import io.crossfade.samples.shop.Migrator;
import io.crossfade.samples.shop.Screen;
import io.crossfade.samples.shop.ShopServer;
import io.crossfade.samples.shop.traffic.Meter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A column of a million rows is filled beside an application, in three ways, and the application's times are compared with
 * those before: {@code samples/shop/backfill-race}.
 */
@Command(
        name = "samples/shop/backfill-race",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Fills a column of a million rows in three ways beside an application, and times all of it.")
public final class BackfillRace implements Callable<Integer> {
    /** What the application may take of its idle p99 while the migrator fills. */
    private static final double P99_RATIO_MAX = 2;

    @Option(
            names = "--server",
            defaultValue = "mysql",
            description = "mysql, mariadb (both embedded), or mysql://user:password@host:port/ (default: mysql)")
    private String server = "";

    @Option(names = "--rows", defaultValue = "1000000", description = "rows of the table (default: 1000000)")
    private int rows;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "the application's statements a second (default: 200)")
    private double rate;

    @Option(names = "--connections", defaultValue = "4", description = "the application's connections (default: 4)")
    private int connections;

    @Option(names = "--idle", defaultValue = "15", description = "seconds to measure idle, each time (default: 15)")
    private int idleSeconds;

    @Option(names = "--only", split = ",", description = "CROSSFADE, SINGLE_UPDATE, BATCHED_UPDATE (default: all)")
    private List<Contender> contenders = List.of(Contender.values());

    /** Runs the race; the exit code is 1 if the migrator's backfill cost the application more than is allowed. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BackfillRace()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Screen screen = new Screen(System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(screen::close, "race-screen-stop"));
        List<Heat> heats = new ArrayList<>();
        try (ShopServer database = ShopServer.open(server, screen);
                Migrator migrator = new Migrator(database, screen)) {
            screen.say(String.format(
                    Locale.ROOT,
                    "%s; %,d rows, %.0f statements/s on %d connections",
                    database.version(),
                    rows,
                    rate,
                    connections));
            for (Contender contender : contenders) {
                heats.add(run(contender, database, migrator, screen));
            }
        }
        screen.plain("");
        Heat.table(heats).forEach(screen::plain);
        return heats.stream()
                        .anyMatch(heat -> heat.contender() == Contender.CROSSFADE && heat.p99Ratio() > P99_RATIO_MAX)
                ? 1
                : 0;
    }

    private Heat run(Contender contender, ShopServer database, Migrator migrator, Screen screen)
            throws SQLException, IOException, InterruptedException {
        String table = contender.table();
        screen.say("Making " + table + " for " + contender.title());
        boolean ours = contender == Contender.CROSSFADE;
        String url = ours ? database.shopUrl("race", false) : database.plainUrl();
        try (Connection connection = database.connect();
                Meter meter = new Meter("warm-up")) {
            RaceTable.create(connection, table, rows);
            try (RaceLoad load =
                    new RaceLoad(url, database.user(), database.password(), table, rows, connections, rate, meter)) {
                Thread.sleep(idleSeconds * 500L);
                meter.phase("idle");
                Thread.sleep(idleSeconds * 1_000L);
                meter.phase("settle");
                if (!ours) {
                    contender.addColumn(connection);
                }
                screen.say("Filling " + table + " by " + contender.title());
                long startNanos = ours ? startOurs(migrator, table, meter) : startScript(contender, connection, meter);
                double seconds = (System.nanoTime() - startNanos) / 1e9;
                meter.phase("after");
                load.stop();
                long wrong = RaceTable.wrong(connection, table);
                return new Heat(
                        contender, rows, seconds, meter.figures("idle"), meter.figures("during"), load.errors(), wrong);
            }
        }
    }

    /** Runs the migrator to its end; gives when it began to fill. */
    private static long startOurs(Migrator migrator, String table, Meter meter)
            throws SQLException, IOException, InterruptedException {
        Migrator.Command start = migrator.begin("start", migrator.file("race.yaml", "TABLE", table));
        start.awaitDualWrite("race");
        meter.phase("during");
        long startNanos = System.nanoTime();
        start.await();
        return startNanos;
    }

    private static long startScript(Contender contender, Connection connection, Meter meter) throws SQLException {
        meter.phase("during");
        long startNanos = System.nanoTime();
        contender.fill(connection);
        return startNanos;
    }
}
