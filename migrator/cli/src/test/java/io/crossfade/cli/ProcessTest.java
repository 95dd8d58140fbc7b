package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The migrator and an application as processes that are stopped and killed by the operating system; each in its own database, two at once. */
@Execution(ExecutionMode.CONCURRENT)
class ProcessTest {

    private static final int ROWS = 5_000;

    /**
     * Of the lines that the commands print, each of which is a place to die at, every so many are tried, from one taken by
     * chance; 1 tries all.
     */
    private static final int EVERY = Integer.getInteger("crossfade.test.kill.every", 9);

    private static final List<List<String>> COMMANDS = List.of(
            List.of("start", "FILE", "--pace", "4000", "--discovery-millis", "300"),
            List.of("switch", "rename", "--percent", "50"),
            List.of("switch", "rename", "--percent", "100", "--settle"),
            List.of("advance", "rename", "--to", "complete", "--quiet-for", "0"),
            List.of("advance", "rename", "--to", "contract", "--quiet-for=0"),
            List.of("close", "rename"));

    @TempDir
    private Path folder;

    private Path file(TestDatabase database) throws Exception {
        return Files.writeString(
                folder.resolve("change.yaml"),
                "change: rename\ntable: " + database.name()
                        + ".orders\ncolumns:\n  - rename: {from: status, to: order_status}\n");
    }

    private static void create(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE orders (id BIGINT PRIMARY KEY AUTO_INCREMENT, status VARCHAR(20) NOT NULL DEFAULT 'new', KEY (status))",
                "INSERT INTO orders (status) SELECT CONCAT('s', a.n * 50 + b.n) FROM " + numbers(100) + " a, "
                        + numbers(50) + " b");
    }

    private static String numbers(int count) {
        StringBuilder sql = new StringBuilder("(SELECT 0 n");
        for (int i = 1; i < count; i++) {
            sql.append(" UNION ALL SELECT ").append(i);
        }
        return sql.append(")").toString();
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aMigratorThatIsKilledGoesOnByTheSameCommand(TestDatabase database) throws Exception {
        create(database);
        String path = file(database).toString();
        Deaths deaths = new Deaths(Long.getLong("crossfade.test.seed", new SplittableRandom().nextInt(EVERY)));
        for (List<String> words : COMMANDS) {
            killAndRepeat(
                    database,
                    words.stream().map(w -> w.equals("FILE") ? path : w).toList(),
                    deaths);
        }
        System.out.println("killed " + deaths.count + " times, -Dcrossfade.test.seed=" + deaths.seed);
        assertThat(deaths.count).as("kills, seed %d", deaths.seed).isGreaterThan(2);
        assertThat(database.queryLong("SELECT COUNT(*) FROM orders WHERE order_status LIKE 's%'"))
                .isEqualTo(ROWS);
        assertThat(database.queryLong("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = 'orders' AND COLUMN_NAME = 'status'"))
                .isZero();
        assertThat(database.query(
                        "SELECT stage_from, stage_to, COUNT(*) FROM crossfade_event WHERE stage_from <> stage_to"
                                + " GROUP BY stage_from, stage_to HAVING COUNT(*) > 1"))
                .as("moves that were made twice")
                .isEmpty();
    }

    @ServerTest
    void aMigratorThatIsKilledInTheMiddleOfTheBackfillGoesOnFromItsCheckpoint(TestDatabase database) throws Exception {
        create(database);
        String path = file(database).toString();
        String checkpoint = "SELECT COALESCE(MAX(rows_seen), 0) FROM crossfade_checkpoint WHERE task = 'backfill'";
        try (CommandProcess start =
                CommandProcess.crossfade(database, "start", path, "--pace", "1000", "--discovery-millis", "300")) {
            assertThat(start.readUntil(line -> line.contains("backfill")))
                    .as(start.said())
                    .isTrue();
            await().atMost(Duration.ofSeconds(30)).until(() -> database.queryLong(checkpoint) > 0);
            start.kill();
        }
        long done = database.queryLong(checkpoint);
        assertThat(done).isBetween(1L, ROWS - 1L);
        try (CommandProcess start = CommandProcess.crossfade(database, "start", path, "--discovery-millis", "300")) {
            assertThat(start.end()).as(start.said()).isZero();
        }
        assertThat(database.queryLong("SELECT COUNT(*) FROM orders WHERE NOT (status <=> order_status)"))
                .isZero();
        assertThat(database.query("SELECT rows_seen, rows_changed FROM crossfade_checkpoint WHERE task = 'backfill'")
                        .toString())
                .as("every row looked at once and written once, over both runs")
                .isEqualTo("[[" + ROWS + ", " + ROWS + "]]");
    }

    /** Where the commands die: at one line after the other, each time at one that this command has not shown before. */
    private static final class Deaths {
        private final long seed;
        private long lines;
        private int count;

        private Deaths(long seed) {
            this.seed = seed;
            this.lines = seed;
        }

        private boolean isNext() {
            return ++lines % EVERY == 0;
        }
    }

    /** Kills the command again and again, until it ends by itself. */
    private static void killAndRepeat(TestDatabase database, List<String> words, Deaths deaths) throws Exception {
        Set<String> shown = new HashSet<>();
        while (true) {
            try (CommandProcess command = CommandProcess.crossfade(database, words.toArray(new String[0]))) {
                if (!command.readUntil(line -> shown.add(line.replaceAll("[0-9]+", "#")) && deaths.isNext())) {
                    assertThat(command.end())
                            .as(command.said() + "; seed " + deaths.seed)
                            .isZero();
                    return;
                }
                command.kill();
                deaths.count++;
            }
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aStoppedClientIsWaitedForAndNamedAsLongAsItsLeaseRuns(TestDatabase database) throws Exception {
        create(database);
        String url = database.jdbcUrl().replace("jdbc:", "jdbc:crossfade:")
                + "&crossfade.application=till&crossfade.pollMillis=100&crossfade.leaseMillis=60000";
        try (CommandProcess client = CommandProcess.java(ShopClient.class, url, database.user(), database.password())) {
            assertThat(client.readUntil("ready"::equals)).as(client.said()).isTrue();
            try (CommandProcess start = CommandProcess.crossfade(
                    database, "start", file(database).toString(), "--pace", "4000", "--discovery-millis", "2000")) {
                assertThat(start.readUntil(line -> line.contains("backfill")))
                        .as(start.said())
                        .isTrue();
                client.signal("STOP");
                assertThat(start.readUntil(line -> line.contains("waiting for") && line.contains("till")))
                        .as(start.said())
                        .isTrue();
                assertThat(database.query("SELECT stage FROM crossfade_change").toString())
                        .contains("shadow");
                client.signal("CONT");
                assertThat(start.end()).as(start.said()).isZero();
            }
            try (CommandProcess verify = CommandProcess.crossfade(database, "verify", "rename")) {
                assertThat(verify.end()).as(verify.said()).isZero();
            }
            assertThat(database.queryLong("SELECT COUNT(*) FROM orders WHERE NOT (status <=> order_status)"))
                    .isZero();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aClientThatWasKilledIsPassedOver(TestDatabase database) throws Exception {
        create(database);
        String url = database.jdbcUrl().replace("jdbc:", "jdbc:crossfade:")
                + "&crossfade.application=till&crossfade.pollMillis=100&crossfade.leaseMillis=1000";
        try (CommandProcess client = CommandProcess.java(ShopClient.class, url, database.user(), database.password())) {
            assertThat(client.readUntil("ready"::equals)).as(client.said()).isTrue();
            try (CommandProcess start = CommandProcess.crossfade(
                    database, "start", file(database).toString(), "--pace", "4000", "--discovery-millis", "2000")) {
                assertThat(start.readUntil(line -> line.contains("backfill")))
                        .as(start.said())
                        .isTrue();
                client.kill();
                assertThat(start.end()).as(start.said()).isZero();
                assertThat(start.said()).contains("is gone");
            }
        }
    }
}
