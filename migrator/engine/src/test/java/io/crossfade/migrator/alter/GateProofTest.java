package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Cut-overs in a row under load, and the pause that a client sees: the longest statement around each. */
@EnabledIfSystemProperty(named = "crossfade.test.cutovers", matches = "\\d+")
class GateProofTest {
    private static final int CUT_OVERS = Integer.getInteger("crossfade.test.cutovers", 1);
    private static final int WORKERS = Integer.getInteger("crossfade.test.workers", 4);
    private static final Duration WAIT_MAX = Duration.ofSeconds(90);

    /** Around a cut-over: what begins or ends so near to it may have waited for it. */
    private static final long AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    /** A row that the load does not write. */
    private static final int BLOCKED = 1 << 30;

    private static final Pattern HELD = Pattern.compile("(not )?cut over.*held for (\\d+) ms", Pattern.DOTALL);

    private final List<Double> pauses = new ArrayList<>();
    private final List<Double> others = new ArrayList<>();
    private final List<String> said = new ArrayList<>();

    /** An attempt at a cut-over. */
    private record Held(long fromNanos, long toNanos) {}

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void cutOversInARowFailNoStatement(TestServer server, TestDatabase database) throws Exception {
        prepare(database);
        try (GateLoad load = GateLoad.start(database, WORKERS)) {
            for (int i = 0; i < CUT_OVERS; i++) {
                load.awaitStatements(100);
                cutOver(server, database, load, i, () -> {});
            }
            load.assertWell(database);
        }
        tell(server, "cut-overs");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void transactionsThatStayOpenOverATableFailNoStatement(TestServer server, TestDatabase database) throws Exception {
        prepare(database);
        try (GateLoad load = GateLoad.start(database, WORKERS);
                Connection idle = load.pool.getConnection();
                Statement s = idle.createStatement()) {
            idle.setAutoCommit(false);
            for (int i = 0; i < CUT_OVERS; i++) {
                load.awaitStatements(100);
                for (String table : List.of("t", "twin")) {
                    s.executeUpdate("UPDATE " + table + " SET v = v + 1 WHERE id = " + BLOCKED);
                }
                cutOver(server, database, load, i, idle::commit);
            }
            idle.setAutoCommit(true);
            load.assertWell(database);
        }
        assertThat(said).anyMatch(text -> text.startsWith("not cut over yet"));
        tell(server, "cut-overs with a transaction that stays open");
    }

    private interface Unblocking {
        void run() throws SQLException;
    }

    /** @param unblocking done when an attempt has failed, if one does */
    private void cutOver(TestServer server, TestDatabase database, GateLoad load, int number, Unblocking unblocking)
            throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.dropsOldAfter = true;
        });
        Queue<Held> attempts = new ConcurrentLinkedQueue<>();
        trial.listener = progress -> {
            if (progress instanceof Progress.Note note) {
                Matcher held = HELD.matcher(note.text());
                if (held.lookingAt()) {
                    long now = System.nanoTime();
                    attempts.add(new Held(now - TimeUnit.MILLISECONDS.toNanos(Long.parseLong(held.group(2))), now));
                }
            }
            trial.progress.add(progress);
        };
        Thread unblocker = new Thread(() -> {
            Awaitility.await().atMost(WAIT_MAX).until(() -> !attempts.isEmpty());
            try {
                unblocking.run();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        unblocker.start();
        trial.alter("t", number % 2 == 0 ? "ADD COLUMN note INT NOT NULL DEFAULT 7" : "DROP COLUMN note");
        unblocker.join();
        load.awaitStatements(20);
        for (Held attempt : attempts) {
            long length = attempt.toNanos - attempt.fromNanos + 2 * AROUND_NANOS;
            pauses.add(load.longestMillis(attempt.fromNanos - AROUND_NANOS, attempt.toNanos + AROUND_NANOS));
            long quiet = attempt.fromNanos - 10 * AROUND_NANOS;
            others.add(load.longestMillis(quiet - length, quiet));
        }
        said.addAll(trial.said().stream()
                .filter(t -> t.contains("gate") || t.contains("cut over"))
                .toList());
        assertThat(said).anyMatch(t -> t.startsWith("gate of " + database.name() + ".t: 1 clients let go"));
    }

    private static void prepare(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            new ControlStore(connection).install();
        }
        GateLoad.createTables(database);
        for (String table : List.of("t", "twin")) {
            database.execute("INSERT INTO " + table + " (id, v) VALUES (" + BLOCKED + ", 0)");
        }
    }

    private void tell(TestServer server, String what) {
        if (CUT_OVERS > 1) {
            said.forEach(System.out::println);
            System.out.println(server + ", " + CUT_OVERS + " " + what + ", " + pauses.size()
                    + " attempts: the pause that a client sees " + shown(pauses) + "; the same just before "
                    + shown(others));
        }
    }

    private static String shown(List<Double> millis) {
        double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "p50 %.1f, p99 %.1f, max %.1f ms",
                sorted[sorted.length / 2],
                sorted[(int) Math.ceil(sorted.length * 0.99) - 1],
                sorted[sorted.length - 1]);
    }
}
