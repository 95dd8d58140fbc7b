package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.migrator.gate.ClientGate;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import io.crossfade.state.Announcement;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** The gate between a migrator and real drivers on real servers. */
class GateTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** Far longer than anything here takes, so that only what is to end at a bound does. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofMillis(200);

    private final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @ServerTest
    void newStatementsAreHeldAndGoOnWithoutAnError(TestDatabase database) throws Exception {
        prepare(database);
        try (HikariDataSource pool = GateLoad.pool(database, "&useServerPrepStmts=true", 5);
                Connection other = pool.getConnection();
                Connection batching = pool.getConnection();
                Connection late = pool.getConnection();
                Connection prepared = pool.getConnection();
                PreparedStatement read = prepared.prepareStatement("SELECT v FROM t WHERE id = ?");
                PreparedStatement batch = batching.prepareStatement("UPDATE t SET v = ? WHERE id = ?");
                Gate gate = gate(database, LONG)) {
            gate.approach();
            for (int i = 1; i <= 2; i++) {
                batch.setInt(1, 7);
                batch.setInt(2, i);
                batch.addBatch();
            }
            late.setAutoCommit(false);
            execute(late, "UPDATE twin SET v = 3 WHERE id = 3");
            assertThat(gate.hold(LONG)).isEmpty();

            Future<Integer> plain = threads.submit(() -> execute(pool, "UPDATE t SET v = 4 WHERE id = 4"));
            Future<Integer> ofTransaction = threads.submit(() -> execute(late, "UPDATE t SET v = 3 WHERE id = 3"));
            Future<Integer> ofBatch = threads.submit(() -> batch.executeBatch().length);
            read.setInt(1, 5);
            Future<Boolean> ofServer = threads.submit(() -> read.executeQuery().next());
            awaitHeld(4);
            // Others go on.
            assertThat(execute(other, "UPDATE twin SET v = 9 WHERE id = 9")).isOne();
            // The names are exchanged meanwhile, and nobody is in the way.
            database.execute("CREATE TABLE _t_gho LIKE t", "ALTER TABLE _t_gho ADD COLUMN note INT NOT NULL DEFAULT 7");
            database.execute("INSERT INTO _t_gho (id, v, w) SELECT id, v, w FROM t");
            database.execute("RENAME TABLE t TO _t_del, _t_gho TO t");
            assertThat(plain.isDone() || ofTransaction.isDone() || ofBatch.isDone() || ofServer.isDone())
                    .isFalse();

            gate.open();
            assertThat(result(plain)).isOne();
            assertThat(result(ofTransaction)).isOne();
            assertThat(result(ofBatch)).isEqualTo(2);
            assertThat(result(ofServer)).isTrue();
            late.commit();
            late.setAutoCommit(true);
            assertThat(database.query("SELECT id, v, note FROM t WHERE v > 0 ORDER BY id"))
                    .hasToString("[[1, 7, 7], [2, 7, 7], [3, 3, 7], [4, 4, 7]]");
        }
        assertThat(database.query("SELECT * FROM crossfade_gate")).isEmpty();
        assertThat(database.query("SELECT * FROM crossfade_gate_client")).isEmpty();
    }

    @ServerTest
    void whatHasTouchedTheTableGoesOnToItsEnd(TestDatabase database) throws Exception {
        prepare(database);
        try (HikariDataSource pool = GateLoad.pool(database, "", 3);
                Connection before = pool.getConnection();
                Connection touching = pool.getConnection();
                Gate gate = gate(database, LONG)) {
            // It began before anybody announced anything, and may have touched any table.
            before.setAutoCommit(false);
            execute(before, "UPDATE twin SET v = 1 WHERE id = 1");
            gate.approach();
            touching.setAutoCommit(false);
            execute(touching, "UPDATE t SET v = 2 WHERE id = 2");
            assertThat(gate.hold(SHORT))
                    .hasValueSatisfying(who -> assertThat(who).contains("shop on"));

            gate.approach();
            Future<Boolean> held = threads.submit(() -> gate.hold(LONG).isEmpty());
            awaitClosed(database);
            Future<Integer> waiting = threads.submit(() -> execute(pool, "UPDATE t SET v = 3 WHERE id = 3"));
            awaitHeld(1);
            assertThat(execute(touching, "UPDATE t SET v = 4 WHERE id = 4")).isOne();
            touching.commit();
            assertThat(execute(before, "UPDATE t SET v = 5 WHERE id = 5")).isOne();
            assertThat(held.isDone()).isFalse();
            before.commit();
            assertThat(result(held)).isTrue();
            assertThat(waiting.isDone()).isFalse();
            gate.open();
            assertThat(result(waiting)).isOne();
            touching.setAutoCommit(true);
            before.setAutoCommit(true);
        }
    }

    @ServerTest
    void aClientOpensByItselfWhereTheMigratorDiesWithTheGateClosed(TestDatabase database) throws Exception {
        prepare(database);
        try (HikariDataSource pool = GateLoad.pool(database, "", 2);
                Connection connection = pool.getConnection();
                Connection control = database.connect()) {
            ControlStore store = new ControlStore(control);
            UUID gate = UUID.randomUUID();
            announce(database, store, gate);
            move(store, gate, Announcement.Phase.CLOSED);
            await().atMost(WAIT_MAX)
                    .until(() -> store.gates().answers(gate).stream().anyMatch(a -> a.turnPassed() == 2));
            // Whoever announced it is never heard of again.
            assertThat(result(threads.submit(() -> execute(connection, "UPDATE t SET v = 1 WHERE id = 1"))))
                    .isOne();
            assertThat(store.gates().all()).hasSize(1);

            // The next run takes it over.
            try (Gate next = gate(database, LONG)) {
                next.approach();
                assertThat(next.hold(LONG)).isEmpty();
                assertThat(store.gates().all()).hasSize(1);
            }
            assertThat(store.gates().all()).isEmpty();
            await().atMost(WAIT_MAX).until(() -> database.query("SELECT * FROM crossfade_client")
                    .isEmpty());
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aClientThatDoesNotAnswerIsNotWaitedForWhileOthersAreHeld(TestDatabase database) throws Exception {
        prepare(database);
        try (HikariDataSource pool = GateLoad.pool(database, "", 2);
                Connection connection = pool.getConnection();
                Gate gate = gate(database, LONG)) {
            execute(connection, "SELECT 1");
            // It was killed, and its lease runs on.
            database.execute(
                    "INSERT INTO crossfade_client (id, application, host, pid, version, view_side, registered_at,"
                            + " lease_until, epoch_seen, epoch_acknowledged, sessions_open) VALUES ('"
                            + UUID.randomUUID()
                            + "', 'dead', 'host', 1, '1', 'old', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, 1, 1, 1)");
            gate.approach();
            assertThat(said()).anyMatch(t -> t.contains("dead on host (process 1)"));
            assertThat(gate.hold(LONG)).isEmpty();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aGateThatIsLostIsARefusalAndBeginsAnew(TestDatabase database) throws Exception {
        prepare(database);
        try (HikariDataSource pool = GateLoad.pool(database, "", 2);
                Gate gate = gate(database, LONG)) {
            execute(pool, "SELECT 1");
            gate.approach();
            database.execute("RENAME TABLE crossfade_gate TO away");
            assertThat(gate.hold(LONG))
                    .hasValueSatisfying(why -> assertThat(why).contains("cannot be used"));
            gate.approach();
            assertThat(gate.hold(LONG))
                    .hasValueSatisfying(why -> assertThat(why).contains("cannot be used"));
            database.execute("RENAME TABLE away TO crossfade_gate", "DELETE FROM crossfade_gate");
            gate.approach();
            assertThat(gate.hold(LONG)).isEmpty();
            gate.open();
            // What is overdue is a refusal, too.
            gate.approach();
            database.execute("DELETE FROM crossfade_gate");
            assertThat(gate.hold(LONG))
                    .hasValueSatisfying(why -> assertThat(why).contains("gone"));
        }
    }

    /** The whole way, with a transaction that stays open over the table. */
    @ServerTest
    void aCutOverIsTriedAgainUntilTheTransactionInTheWayHasEnded(TestServer server, TestDatabase database)
            throws Exception {
        prepare(database);
        try (HikariDataSource pool = GateLoad.pool(database, "", 3);
                Connection idle = pool.getConnection()) {
            idle.setAutoCommit(false);
            execute(idle, "UPDATE t SET v = 1 WHERE id = 1");
            AlterTrial trial = new AlterTrial(server, database);
            trial.bounds = Scene.bounds(1, Duration.ofSeconds(3));
            Future<?> altering = threads.submit(() -> {
                trial.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 7");
                return null;
            });
            await().atMost(WAIT_MAX).until(() -> trial.said().stream().anyMatch(t -> t.startsWith("not cut over yet")));
            assertThat(execute(pool, "UPDATE t SET v = 2 WHERE id = 2")).isOne();
            idle.commit();
            idle.setAutoCommit(true);
            altering.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
            assertThat(execute(pool, "UPDATE t SET v = 3 WHERE id = 3")).isOne();
            assertThat(trial.said()).anyMatch(t -> t.startsWith("gate of " + database.name() + ".t: 1 clients"));
        }
        assertThat(database.query("SELECT id, v, note FROM t WHERE v > 0 ORDER BY id"))
                .hasToString("[[1, 1, 7], [2, 2, 7], [3, 3, 7]]");
    }

    private static void prepare(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            new ControlStore(connection).install();
        }
        GateLoad.createTables(database);
    }

    private Gate gate(TestDatabase database, Duration bound) {
        return ClientGate.of(
                database::connect,
                List.of(new TableName(database.name(), "t")),
                bound.multipliedBy(2),
                6,
                new Cancel(),
                progress::add);
    }

    private static void announce(TestDatabase database, ControlStore store, UUID gate) throws SQLException {
        store.gates()
                .announce(
                        gate,
                        List.of(new TableName(database.name(), "t")),
                        Duration.ofMillis(500),
                        Duration.ofMillis(10),
                        LONG,
                        "test");
        await().atMost(WAIT_MAX)
                .until(() -> store.gates().answers(gate).stream().anyMatch(a -> a.turnSeen() == 1));
    }

    private static void move(ControlStore store, UUID gate, Announcement.Phase phase) throws SQLException {
        assertThat(store.gates().move(gate, phase, 2, Duration.ofMillis(10), LONG))
                .isTrue();
    }

    /** Until the client has closed the gate, though some of its transactions go on. */
    private static void awaitClosed(TestDatabase database) {
        await().atMost(WAIT_MAX)
                .until(() -> database.queryLong("SELECT COUNT(*) FROM crossfade_gate g JOIN crossfade_gate_client c"
                                + " ON c.gate_id = g.gate_id AND c.turn_seen = g.turn WHERE g.phase = 'closed'")
                        == 1);
    }

    private List<String> said() {
        synchronized (progress) {
            return progress.stream().map(String::valueOf).toList();
        }
    }

    private static int execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return execute(connection, sql);
        }
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            return s.execute(sql) ? 0 : s.getUpdateCount();
        }
    }

    private static <T> T result(Future<T> future) throws Exception {
        return future.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
    }

    /** Until so many threads of this test wait at the gate. */
    private static void awaitHeld(int count) {
        Callable<Boolean> areHeld = () -> Thread.getAllStackTraces().values().stream()
                        .filter(stack -> Arrays.stream(stack)
                                .anyMatch(f -> f.getClassName().equals("io.crossfade.jdbc.Gate")
                                        && f.getMethodName().equals("await")))
                        .count()
                >= count;
        await().atMost(WAIT_MAX).until(areHeld);
    }
}
