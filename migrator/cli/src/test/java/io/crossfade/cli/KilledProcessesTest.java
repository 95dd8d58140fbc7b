package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.run.Migrator;
import io.crossfade.migrator.run.Settings;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Stage;
import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applications as processes that are stopped and killed while a table changes: what they write is right on both sides, or is
 * not there.
 *
 * <p>{@code -Dcrossfade.test.kill.rounds=50} for rounds of kills at random, which are not part of the build.
 */
class KilledProcessesTest {
    private static final int ROUNDS = Integer.getInteger("crossfade.test.kill.rounds", 0);

    /** Of the change, when it is moved by the test itself. */
    private static final Settings SETTINGS =
            Settings.DEFAULT.withDiscovery(Duration.ofMillis(300)).withFenceTimeout(Duration.ofSeconds(60));

    private static final String DIFFERING =
            "SELECT COUNT(*) FROM orders WHERE NOT (BINARY status <=> BINARY order_status)";

    static final String LOST = "SELECT COUNT(*) FROM (SELECT id FROM (SELECT id, status FROM orders UNION ALL"
            + " SELECT id, status FROM twin) b GROUP BY id, BINARY status HAVING COUNT(*) <> 2) d";

    @TempDir
    private Path folder;

    @ServerTest
    void aWriteOfAProcessThatIsStoppedPastItsLeaseIsRefusedAndThenRight(TestDatabase database) throws Exception {
        create(database);
        try (CommandProcess client = TwinClient.start(database, 0, 3, "hold")) {
            assertThat(client.readUntil("ready"::equals)).as(client.said()).isTrue();
            List<Progress> seen = new ArrayList<>();
            Listener listener = progress -> {
                seen.add(progress);
                if (progress instanceof Progress.Began b && b.step().equals("move to dualwrite")) {
                    stopInTheMiddle(client);
                }
            };
            try (Migrator migrator =
                    Migrator.open(database::connect, SETTINGS, table -> List.of(), new Cancel(), listener, "test")) {
                assertThat(migrator.start(ChangeFile.read(text(database, "c")))
                                .state()
                                .stage())
                        .isEqualTo(Stage.SHADOW);
            }
            assertThat(seen)
                    .anyMatch(p -> p instanceof Progress.Warning w && w.text().contains("are killed"));
            client.signal("CONT");
            client.say("go on");
            assertThat(client.readUntil("the held write is there"::equals))
                    .as(client.said())
                    .isTrue();
            assertThat(client.said()).contains("the held write was refused, 08").doesNotContain("wrong");
            assertThat(database.queryLong(DIFFERING)).isZero();
            assertThat(database.queryLong(LOST)).isZero();
            assertThat(database.query("SELECT order_status FROM orders WHERE id = " + TwinClient.HELD))
                    .hasToString("[[held]]");
        }
    }

    /** It has written its row at stage expand, and is to commit. */
    private static void stopInTheMiddle(CommandProcess client) {
        try {
            client.say("begin");
            assertThat(client.readUntil("in the middle"::equals))
                    .as(client.said())
                    .isTrue();
            client.signal("STOP");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ServerTest
    @EnabledIfSystemProperty(named = "crossfade.test.kill.rounds", matches = "[1-9].*")
    void clientsAndMigratorAreKilledAtRandom(TestDatabase database) throws Exception {
        create(database);
        int[] kills = new int[2];
        CommandProcess[] clients = {TwinClient.start(database, 0, 2), TwinClient.start(database, 2, 2)};
        try {
            SeededRandom.forAll(ROUNDS, random -> {
                String id = "r" + random.seed();
                Path file = Files.writeString(folder.resolve(id), text(database, id));
                List<List<String>> way = new ArrayList<>();
                way.add(List.of("start", file.toString(), "--pace", "4000", "--discovery-millis", "300"));
                if (random.chance(50)) {
                    way.add(List.of("switch", id, "--percent", "50"));
                }
                if (random.chance(50)) {
                    way.add(List.of("switch", id, "--percent", "100", "--settle"));
                }
                way.add(List.of("rollback", id));
                for (List<String> words : way) {
                    run(database, random, words, clients, kills);
                    if (!words.contains("rollback")) {
                        assertThat(database.queryLong(DIFFERING)).isZero();
                    }
                    assertThat(database.queryLong(LOST)).isZero();
                }
                System.out.println("seed " + random.seed() + ", killed so far: " + kills[0] + " clients, " + kills[1]
                        + " migrators");
            });
        } finally {
            for (CommandProcess client : clients) {
                client.close();
            }
        }
    }

    /** Runs a command until it ends by itself; kills a client or the command at a line taken by chance. */
    private static void run(
            TestDatabase database, SeededRandom random, List<String> words, CommandProcess[] clients, int[] kills)
            throws Exception {
        while (true) {
            try (CommandProcess command = CommandProcess.crossfade(database, words.toArray(new String[0]))) {
                int[] left = {1 + random.nextInt(12)};
                if (!command.readUntil(line -> --left[0] == 0)) {
                    assertThat(command.end()).as(command.said()).isZero();
                    return;
                }
                if (random.chance(60)) {
                    int which = random.nextInt(clients.length);
                    clients[which].kill();
                    clients[which].end();
                    assertThat(clients[which].said()).doesNotContain("wrong");
                    clients[which] = TwinClient.start(database, 2 * which, 2);
                    kills[0]++;
                }
                if (random.chance(50)) {
                    command.kill();
                    kills[1]++;
                } else {
                    assertThat(command.end()).as(command.said()).isZero();
                    return;
                }
            }
        }
    }

    private static String text(TestDatabase database, String id) {
        return "change: " + id + "\ntable: " + database.name()
                + ".orders\ncolumns:\n  - rename: {from: status, to: order_status}\n";
    }

    /** The tables of the clients, with the same rows. */
    static void create(TestDatabase database) throws SQLException {
        for (String table : List.of("orders", "twin")) {
            database.execute(
                    "CREATE TABLE " + table
                            + " (id INT PRIMARY KEY, status VARCHAR(20) NOT NULL DEFAULT 'new', KEY (status))",
                    "INSERT INTO " + table + " VALUES (1, 's1')",
                    "INSERT INTO " + table + " SELECT id + 1, 's2' FROM " + table);
            for (int i = 1; i < 10; i++) {
                database.execute(
                        "INSERT INTO " + table + " SELECT id + " + (1 << i) + ", CONCAT('s', id) FROM " + table);
            }
        }
    }
}
