package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Change;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ClientState;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** What becomes of a client whose lease has run out, and of what it leaves on the server. */
class FencingTest {

    private static final UUID CLIENT = new UUID(7, 7);
    private static final Duration SHORT = Duration.ofMillis(200);

    @ServerTest
    void aClientWhoseSessionsAreGoneIsPassedOver(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        try (Connection connection = database.connect()) {
            ControlStore store = expired(connection, 4_000_000_000L);
            trial.with(m -> m.start(rename(trial)));
            assertThat(store.clients().all()).isEmpty();
            assertThat(trial.seen)
                    .anyMatch(p -> p instanceof Progress.Note n && n.text().contains("is gone"));
        }
    }

    @ServerTest
    void itsSessionsAreKilledAndSeenGoneBeforeItIsForgotten(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        try (Connection connection = database.connect();
                Connection session = database.connect()) {
            long id = idOf(session);
            ControlStore store = expired(connection, id);
            writeWhatIsLongRolledBack(session);
            List<String> whenForgotten = new ArrayList<>();
            trial.listener = progress -> {
                trial.seen.add(progress);
                if (progress instanceof Progress.Note n && n.text().contains("is gone")) {
                    whenForgotten.add(killed(connection, id));
                }
            };
            trial.with(m -> m.start(rename(trial)));
            assertThat(whenForgotten).singleElement().asString().contains("Unknown thread id");
            assertThat(store.clients().all()).isEmpty();
            assertThat(trial.seen)
                    .anyMatch(p -> p instanceof Progress.Warning w
                            && w.text().contains("shop on web1 (process 42)")
                            && w.text().contains("sessions " + id + " are killed"));
            assertBroken(session);
            assertThat(database.query("SELECT id, status FROM t").toString()).isEqualTo("[[1, a]]");
        }
    }

    @ServerTest
    void aSessionThatWasGivenTheIdByARestartedServerIsLeftAlone(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        try (Connection connection = database.connect();
                Connection another = database.connect()) {
            ControlStore store = expired(connection, idOf(another));
            execute(connection, "UPDATE crossfade_session SET peer = '10.9.8.7:6543'");
            trial.with(m -> m.start(rename(trial)));
            assertThat(store.clients().all()).isEmpty();
            execute(another, "SELECT 1");
        }
    }

    @ServerTest
    void aSessionThatMayBeAnotherOnesStopsTheRunUntilTheOperatorSaysThatTheClientIsDead(TestDatabase database)
            throws SQLException {
        Trial trial = trial(database);
        try (Connection connection = database.connect();
                Connection another = database.connect()) {
            ControlStore store = expired(connection, idOf(another));
            // As an older driver registers, and an older migrator made the table.
            execute(connection, "ALTER TABLE crossfade_session DROP COLUMN peer");
            store.clients().registerSessions(CLIENT, List.of(idOf(another)));
            trial.settings = trial.settings.withFenceTimeout(SHORT);
            assertThatThrownBy(() -> trial.with(m -> m.start(rename(trial))))
                    .hasMessageContaining("shop on web1 (process 42), not heard of for")
                    .hasMessageContaining("whether sessions " + idOf(another) + " are its own")
                    .hasMessageContaining("--force-client " + CLIENT);
            assertThat(store.clients().all()).hasSize(1);
            trial.settings = trial.settings.withForcedClients(Set.of(CLIENT));
            trial.with(m -> m.start(rename(trial)));
            assertThat(store.clients().all()).isEmpty();
            assertThat(trial.seen)
                    .anyMatch(p ->
                            p instanceof Progress.Warning w && w.text().contains("because --force-client says so"));
            execute(another, "SELECT 1");
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void sessionsThatNameTheClientInTheirAttributesAreKilledToo(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        Properties login = login(database.user(), database.password());
        login.setProperty("connectionAttributes", "crossfade_client:" + CLIENT);
        try (Connection connection = database.connect();
                Connection unregistered = DriverManager.getConnection(database.jdbcUrl(), login)) {
            expired(connection);
            trial.with(m -> m.start(rename(trial)));
            assertThatThrownBy(() -> execute(unregistered, "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    @ServerTest
    void aMigratorThatMayNotKillStopsAndSaysWhatIsMissing(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        String user = database.name() + "_low";
        database.execute(
                "CREATE USER " + user + "@'%' IDENTIFIED BY 'low'",
                "GRANT ALL ON " + database.name() + ".* TO " + user);
        try (Connection connection = database.connect();
                Connection session = database.connect()) {
            ControlStore store = expired(connection, idOf(session));
            trial.settings = trial.settings.withFenceTimeout(SHORT);
            database.execute("GRANT PROCESS ON *.* TO " + user);
            assertThatThrownBy(() -> startAs(user, trial))
                    .hasMessageContaining("its sessions " + idOf(session) + " cannot be killed")
                    .hasMessageContaining("CONNECTION_ADMIN")
                    .hasMessageContaining("--force-client " + CLIENT);
            assertThat(store.clients().all()).hasSize(1);
            assertThat(store.changes().find("c").orElseThrow().state().stage()).isEqualTo(Stage.OFF);
            execute(session, "SELECT 1");
        } finally {
            database.execute("DROP USER " + user);
        }
    }

    @ServerTest
    void aClientThatComesBackWhileItIsFencedIsNotForgotten(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            ControlStore store = expired(connection, 4_000_000_000L);
            assertThat(store.clients().renew(client(), Duration.ofMinutes(1))).isFalse();
            assertThat(store.clients().forgetExpired(CLIENT)).isFalse();
            assertThat(store.clients().sessions(CLIENT)).hasSize(1);
            store.clients().renew(client(), Duration.ofSeconds(-5));
            assertThat(store.clients().forgetExpired(CLIENT)).isTrue();
            assertThat(store.clients().sessions(CLIENT)).isEmpty();
            assertThat(store.clients().renew(client(), Duration.ofMinutes(1))).isTrue();
        }
    }

    @ServerTest
    void whatWasKilledIsSeenGoneAlsoWhereItsClientComesBackAndAcknowledges(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        try (Connection connection = database.connect();
                Connection another = database.connect();
                Connection session = database.connect()) {
            long id = idOf(session);
            ControlStore store = expired(connection, id);
            writeWhatIsLongRolledBack(session);
            AtomicLong epoch = new AtomicLong();
            List<String> whenMoved = new ArrayList<>();
            trial.listener = progress -> {
                if (progress instanceof Progress.Warning w && w.text().contains("are killed")) {
                    acknowledgeAll(store);
                    epoch.set(epochOf(store));
                } else if (epoch.get() > 0 && whenMoved.isEmpty() && epochOf(store) > epoch.get()) {
                    whenMoved.add(killed(another, id));
                }
            };
            trial.with(m -> m.start(rename(trial)));
            assertThat(whenMoved).singleElement().asString().contains("Unknown thread id");
            assertThat(store.clients().all()).hasSize(1);
            assertBroken(session);
        }
    }

    private static void assertBroken(Connection session) {
        assertThatThrownBy(() -> execute(session, "SELECT 1"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
    }

    /** The client is heard again, and follows everything that is asked of it from now on. */
    private static void acknowledgeAll(ControlStore store) {
        try {
            ClientState back = new ClientState(
                    CLIENT, "shop", "web1", 42, "1", Side.OLD, 1_000_000, 1_000_000, 1, null, null, null);
            store.clients().renew(back, Duration.ofMinutes(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long epochOf(ControlStore store) {
        try {
            return store.epoch();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ServerTest
    void whatADeadClientLeftPreparedIsWaitedFor(TestDatabase database) throws SQLException {
        Trial trial = trial(database);
        database.execute("CREATE TABLE another (id INT PRIMARY KEY)");
        String xid = "'" + database.name() + "',X'00ff',7";
        try (Connection connection = database.connect()) {
            try (Connection session = database.connect()) {
                expired(connection, idOf(session));
                execute(session, "XA START " + xid);
                // Not of t, whose ALTER would wait for the transaction too.
                execute(session, "INSERT INTO another VALUES (1)");
                execute(session, "XA END " + xid);
                execute(session, "XA PREPARE " + xid);
            }
            List<Progress.Waiting> waits = new ArrayList<>();
            trial.listener = progress -> {
                if (progress instanceof Progress.Waiting w && w.forWhom().contains("XA transaction " + xid)) {
                    waits.add(w);
                    if (waits.size() == 3) {
                        uncheckedExecute(connection, "XA COMMIT " + xid);
                    }
                }
            };
            try {
                trial.with(m -> m.start(rename(trial)));
                assertThat(waits).hasSize(3);
            } finally {
                if (waits.size() < 3) {
                    execute(connection, "XA ROLLBACK " + xid);
                }
            }
        }
    }

    /** A transaction whose rollback takes its time. */
    private static void writeWhatIsLongRolledBack(Connection session) throws SQLException {
        session.setAutoCommit(false);
        execute(session, "INSERT INTO t VALUES (2, 'never committed')");
        for (int i = 0; i < 14; i++) {
            execute(session, "INSERT INTO t SELECT id + " + (1 << i + 1) + ", status FROM t WHERE id > 1");
        }
    }

    /** A client whose lease has run out, with these sessions. */
    private static ControlStore expired(Connection connection, Long... sessions) throws SQLException {
        ControlStore store = new ControlStore(connection);
        store.install();
        store.clients().renew(client(), Duration.ofSeconds(-5));
        store.clients().registerSessions(CLIENT, List.of(sessions));
        return store;
    }

    private static void startAs(String user, Trial trial) throws SQLException {
        try (Migrator migrator = Migrator.open(
                () -> DriverManager.getConnection(trial.database.jdbcUrl(), login(user, "low")),
                trial.settings,
                table -> List.of(),
                new Cancel(),
                trial.listener,
                "test")) {
            migrator.start(rename(trial));
        }
    }

    private static Properties login(String user, String password) {
        Properties login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        return login;
    }

    private static ClientState client() {
        return new ClientState(CLIENT, "shop", "web1", 42, "1", Side.OLD, 0, 0, 1, null, null, null);
    }

    private static long idOf(Connection session) throws SQLException {
        try (ResultSet r = session.createStatement().executeQuery("SELECT CONNECTION_ID()")) {
            r.next();
            return r.getLong(1);
        }
    }

    private static void execute(Connection session, String sql) throws SQLException {
        session.createStatement().execute(sql);
    }

    private static void uncheckedExecute(Connection session, String sql) {
        try {
            execute(session, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the server says to a KILL: a session that is not listed may still be rolling back. */
    private static String killed(Connection connection, long id) {
        try {
            execute(connection, "KILL " + id);
            return "it was there";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Trial trial(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20))", "INSERT INTO t VALUES (1, 'a')");
        return new Trial(database);
    }

    private static Change rename(Trial trial) {
        return trial.change("rename: {from: status, to: order_status}");
    }
}
