package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.gate.ClientGate;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Applications as processes that are stopped and killed while a table is cut over.
 *
 * <p>{@code -Dcrossfade.test.gate.rounds=30} for cut-overs with clients and migrator stopped and killed at random, which are not part of
 * the build.
 */
class GateProcessesTest {
    private static final int ROUNDS = Integer.getInteger("crossfade.test.gate.rounds", 0);
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** An attempt takes half of it: longer than a client takes to answer, and shorter than the lease of the stopped one. */
    private static final Duration BOUND = Duration.ofMillis(1400);

    /** Of a cut-over: at some time it has to succeed. */
    private static final int HITS_MAX = 3;

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());

    @ServerTest(ServerKind.MYSQL_80)
    void aProcessThatIsStoppedOrKilledInTheGateKeepsNobodyPastTheBound(TestDatabase database) throws Exception {
        create(database);
        try (CommandProcess victim = TwinClient.start(database, 0, 2, "hold");
                CommandProcess other = TwinClient.start(database, 2, 2);
                Gate gate = ClientGate.of(
                        database::connect,
                        List.of(new TableName(database.name(), "orders")),
                        BOUND,
                        6,
                        new Cancel(),
                        progress::add)) {
            assertThat(victim.readUntil("ready"::equals)).as(victim.said()).isTrue();
            assertThat(other.readUntil("ready"::equals)).as(other.said()).isTrue();
            victim.say("begin");
            assertThat(victim.readUntil("in the middle"::equals))
                    .as(victim.said())
                    .isTrue();
            gate.approach();
            assertThat(said()).as("both are heard").noneMatch(t -> t.contains("goes without"));

            // It was heard, and is stopped with its transaction open: the attempt is given up, and the other goes on.
            victim.signal("STOP");
            assertThat(gate.hold(BOUND))
                    .hasValueSatisfying(who -> assertThat(who).contains("till on"));
            awaitWrites(database);

            // It is not waited for once its lease has run out, or it was not heard while the gate was near.
            await().atMost(WAIT_MAX).until(() -> {
                gate.approach();
                return gate.hold(BOUND).isEmpty();
            });
            gate.open();
            awaitWrites(database);

            // It comes back with its transaction, which has touched the table.
            victim.signal("CONT");
            await().atMost(WAIT_MAX).until(() -> {
                gate.approach();
                return database.queryLong("SELECT COUNT(*) FROM crossfade_gate g JOIN crossfade_gate_client c"
                                + " ON c.gate_id = g.gate_id AND c.turn_seen = g.turn")
                        == 2;
            });
            victim.say("commit");
            assertThat(victim.readUntil("the held write is there"::equals))
                    .as(victim.said())
                    .isTrue();
            assertThat(gate.hold(BOUND)).isEmpty();

            // It is killed with the gate closed, the names are exchanged, and the other goes on.
            victim.kill();
            database.execute("CREATE TABLE exchanged LIKE orders", "INSERT INTO exchanged SELECT * FROM orders");
            database.execute("RENAME TABLE orders TO left_over, exchanged TO orders");
            gate.open();
            awaitWrites(database);
            other.kill();
            other.end();
            victim.end();
            assertThat(victim.said() + other.said()).doesNotContain("wrong");
        }
        assertThat(database.queryLong(KilledProcessesTest.LOST)).isZero();
    }

    /** Until rows that somebody writes have moved on. */
    private static void awaitWrites(TestDatabase database) throws SQLException {
        String sum = "CHECKSUM TABLE orders";
        String before = database.query(sum).toString();
        await().atMost(WAIT_MAX).until(() -> !database.query(sum).toString().equals(before));
    }

    @ServerTest
    @EnabledIfSystemProperty(named = "crossfade.test.gate.rounds", matches = "[1-9].*")
    void clientsAndMigratorAreStoppedAndKilledInTheGate(TestServer server, TestDatabase database) throws Exception {
        create(database);
        int[] counts = new int[3];
        CommandProcess[] clients = {TwinClient.start(database, 0, 2), TwinClient.start(database, 2, 2)};
        try {
            SeededRandom.forAll(ROUNDS, random -> {
                String alter =
                        database.query("SHOW COLUMNS FROM orders LIKE 'note'").isEmpty()
                                ? "ADD COLUMN note INT NOT NULL DEFAULT 7"
                                : "DROP COLUMN note";
                while (alter(server, database, alter, random, clients, counts) != 0) {
                    // It was killed: the same command goes on.
                }
                assertThat(database.queryLong(KilledProcessesTest.LOST)).isZero();
                System.out.println("seed " + random.seed() + ", so far " + counts[0] + " clients stopped, " + counts[1]
                        + " killed, " + counts[2] + " migrators killed");
            });
        } finally {
            for (CommandProcess client : clients) {
                client.close();
            }
        }
    }

    private static int alter(
            TestServer server,
            TestDatabase database,
            String alter,
            SeededRandom random,
            CommandProcess[] clients,
            int[] counts)
            throws Exception {
        try (CommandProcess command = CommandProcess.java(
                Crossfade.class,
                "alter",
                "--host=127.0.0.1",
                "--port=" + server.port(),
                "--user=" + database.user(),
                "--password=" + database.password(),
                "--database=" + database.name(),
                "--table=orders",
                "--alter=" + alter,
                "--route=ghost",
                "--allow-on-master",
                "--ok-to-drop-table",
                "--initially-drop-old-table",
                "--execute")) {
            int hits = 0;
            Map<Integer, Long> stopped = new HashMap<>();
            boolean isKilled = false;
            while (command.isAlive()) {
                List<List<Object>> gates = database.query("SELECT turn, phase FROM crossfade_gate");
                long turn = gates.isEmpty() ? 0 : ((Number) gates.get(0).get(0)).longValue();
                for (int which : List.copyOf(stopped.keySet())) {
                    // A stopped one may hold the table, so that no cut-over succeeds before it goes on.
                    if (gates.isEmpty() || turn > stopped.get(which)) {
                        clients[which].signal("CONT");
                        stopped.remove(which);
                    }
                }
                boolean isClosed = !gates.isEmpty() && gates.get(0).get(1).equals("closed");
                if (!isClosed || hits >= HITS_MAX || !random.chance(70)) {
                    LockSupport.parkNanos(LOOK_NANOS);
                    continue;
                }
                hits++;
                int which = random.nextInt(clients.length);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        clients[which].signal("STOP");
                        stopped.put(which, turn + 1 + random.nextInt(4));
                        counts[0]++;
                    }
                    case 1 -> {
                        clients[which].kill();
                        clients[which].end();
                        assertThat(clients[which].said()).doesNotContain("wrong");
                        stopped.remove(which);
                        clients[which] = TwinClient.start(database, 2 * which, 2);
                        counts[1]++;
                    }
                    default -> {
                        command.kill();
                        isKilled = true;
                        counts[2]++;
                    }
                }
            }
            for (int which : stopped.keySet()) {
                clients[which].signal("CONT");
            }
            int code = command.end();
            if (code != 0 && !isKilled) {
                throw new AssertionError(command.said());
            }
            return code;
        }
    }

    private static void create(TestDatabase database) throws SQLException {
        KilledProcessesTest.create(database);
        try (Connection connection = database.connect()) {
            new ControlStore(connection).install();
        }
    }

    private List<String> said() {
        synchronized (progress) {
            return progress.stream().map(String::valueOf).toList();
        }
    }
}
