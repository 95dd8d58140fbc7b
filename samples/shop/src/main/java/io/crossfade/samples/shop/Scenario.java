package io.crossfade.samples.shop;

import io.crossfade.samples.shop.app.CodeVersion;
import io.crossfade.samples.shop.app.SchemaChange;
import io.crossfade.samples.shop.app.Shop;
import io.crossfade.samples.shop.traffic.Clerk;
import io.crossfade.samples.shop.traffic.Findings;
import io.crossfade.samples.shop.traffic.Meter;
import io.crossfade.samples.shop.traffic.Staff;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The whole run: two instances of the shop under traffic, one change after the other from start to end, then the verdict.
 * {@link #run} reads top-down. One thread at a time.
 */
final class Scenario {
    /** Until the compiler has seen the shop's code, and no longer than the shop is measured then; these statements count in no figure of a change. */
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(5);

    private static final String WARM_UP_PHASE = "warm-up";
    private static final String IDLE_PHASE = "idle";
    private static final String AFTER_PHASE = "after";

    /** The same tasks in every run. */
    private static final long SEED = 20_260_101;

    private final ShopServer server;
    private final ScenarioOptions options;
    private final Screen screen;
    private final Findings findings;
    private Meter.VoidCall beforeAudit = () -> {};

    Scenario(ShopServer server, ScenarioOptions options, Screen screen, Findings findings) {
        this.server = server;
        this.options = options;
        this.screen = screen;
        this.findings = findings;
    }

    Verdict run() throws SQLException, IOException, InterruptedException {
        try (Meter meter = new Meter(WARM_UP_PHASE);
                Migrator migrator = new Migrator(server, screen)) {
            List<Clerk> clerks = hire(meter);
            load(clerks);
            int half = clerks.size() / 2;
            List<Verdict.Line> lines = new ArrayList<>();
            CodeVersion code = CodeVersion.FIRST;
            screen.say("Opening two instances of the shop, old code, " + clerks.size() + " threads in all");
            try (Staff first = new Staff("shop-1", clerks.subList(0, half), code, this::open);
                    Staff second = new Staff("shop-2", clerks.subList(half, clerks.size()), code, this::open)) {
                measureIdle(meter);
                for (SchemaChange change : options.changes()) {
                    meter.phase(change.id());
                    Rollout rollout = new Rollout(change, code, first, second, server, migrator, screen, options);
                    boolean back = options.rolledBack().contains(change);
                    code = back ? rollout.thereAndBack() : rollout.through();
                    lines.add(
                            new Verdict.Line(change.id(), rollout.end(), meter.figures(change.id()), rollout.sides()));
                }
                meter.phase(AFTER_PHASE);
                Thread.sleep(options.dwell().toMillis());
            }
            beforeAudit.run();
            screen.say("The shop is closed; comparing every row with what its clerks were told");
            return verdict(meter, lines, code, clerks);
        }
    }

    /** What is done between the closing of the shop and the comparison: a test spoils something there. */
    void beforeAudit(Meter.VoidCall action) {
        beforeAudit = action;
    }

    private List<Clerk> hire(Meter meter) {
        List<Clerk> clerks = new ArrayList<>();
        double tasksPerSecond = options.tasksPerSecond() / options.threads();
        for (int number = 0; number < options.threads(); number++) {
            clerks.add(new Clerk(number, tasksPerSecond, SEED, meter, findings));
        }
        return clerks;
    }

    private void load(List<Clerk> clerks) throws SQLException {
        screen.say(String.format(Locale.ROOT, "Loading %,d orders and %,d users", options.orders(), options.users()));
        try (Connection connection = server.connect()) {
            ShopSchema.load(connection, options.orders(), options.users(), clerks);
        }
    }

    private Shop open(Staff.Deployment deployment) {
        String url = options.throughCrossfade()
                ? server.shopUrl(deployment.instance(), deployment.knowsOpenChange()) + "&crossfade.pollMillis="
                        + options.poll().toMillis()
                : server.plainUrl();
        return Shop.open(url, server.user(), server.password(), options.threads(), deployment.code());
    }

    private void measureIdle(Meter meter) throws InterruptedException {
        Duration idle = options.idle();
        Thread.sleep((idle.compareTo(WARM_UP_MAX) < 0 ? idle : WARM_UP_MAX).toMillis());
        meter.phase(IDLE_PHASE);
        screen.say("Measuring the shop as it is, for " + idle.toSeconds() + " s");
        Thread.sleep(idle.toMillis());
        Meter.Figures figures = meter.figures(IDLE_PHASE);
        double seconds = idle.toMillis() / 1e3;
        screen.say(String.format(
                Locale.ROOT,
                "%.0f statements/s, p50 %.1f ms, p99 %.1f ms",
                figures.statements() / seconds,
                figures.p50Micros() / 1e3,
                figures.p99Micros() / 1e3));
    }

    private Verdict verdict(Meter meter, List<Verdict.Line> lines, CodeVersion code, List<Clerk> clerks)
            throws SQLException {
        try (Connection connection = server.connect()) {
            Audit audit = Audit.of(connection, code, clerks);
            return new Verdict(
                    server.version(), lines, meter.figures(IDLE_PHASE), meter.total(), findings.wrongReads(), audit);
        }
    }
}
