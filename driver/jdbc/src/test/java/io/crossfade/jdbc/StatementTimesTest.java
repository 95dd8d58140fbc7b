package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.model.TableName;
import io.crossfade.state.ControlStore;
import io.crossfade.state.WatchReport;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

/** What a client tells of its statements while a table is watched. Its clock stands still, and it looks only when it is told to. */
class StatementTimesTest {
    private static final Duration LIMIT = Duration.ofMillis(50);
    private static final Duration PACE = Duration.ofHours(1);
    private static final Duration LASTING = Duration.ofMinutes(5);
    private static final Duration OVER_A_LEASE = Duration.ofHours(2);

    private final AtomicLong nanos = new AtomicLong(1);
    private final ControlLinks links =
            new ControlLinks(target -> () -> target.connectControl(Duration.ofSeconds(2)), nanos::get);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endLinks() {
        links.closeAll();
        threads.shutdownNow();
    }

    @ServerTest
    void whatMayNameAWatchedTableIsCountedAndNothingElse(TestDatabase database) throws SQLException {
        try (Connection control = database.connect();
                Connection connection = prepare(database);
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO watched VALUES (?, 0)")) {
            ControlStore store = new ControlStore(control);
            UUID watch = begin(database, store);
            look(connection);
            assertThat(store.watches().reports(watch)).isEmpty();

            statement.execute("SELECT * FROM watched");
            statement.execute("SELECT * FROM other");
            statement.execute("SELECT 'watched_too'");
            for (int i = 0; i < 3; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            insert.executeBatch();
            statement.addBatch("INSERT INTO other VALUES (1, 1)");
            statement.executeBatch();
            assertThatThrownBy(() -> statement.execute("INSERT INTO watched VALUES (1, 1)"))
                    .isInstanceOf(SQLException.class);
            look(connection);
            assertTold(store, watch, 1, 3, 0);
            look(connection);
            assertTold(store, watch, 1, 0, 0);

            // By another limit the count begins anew.
            statement.execute("SELECT * FROM watched");
            store.watches().goOn(watch, 2, LIMIT.multipliedBy(2), LASTING);
            look(connection);
            statement.execute("SELECT * FROM watched");
            statement.execute("SELECT * FROM watched");
            look(connection);
            assertTold(store, watch, 2, 2, 0);
        }
    }

    @ServerTest
    void aStatementThatDoesNotComeBackIsSlowInEachReport(TestDatabase database) throws Exception {
        String name = "'" + database.name() + "'";
        try (Connection control = database.connect();
                Connection connection = prepare(database);
                Connection blocked = connect(database);
                Statement statement = blocked.createStatement()) {
            ControlStore store = new ControlStore(control);
            UUID watch = begin(database, store);
            look(connection);
            execute(control, "SELECT GET_LOCK(" + name + ", 0)");
            Future<?> waiting =
                    threads.submit(() -> statement.execute("SELECT GET_LOCK(" + name + ", 60), COUNT(*) FROM watched"));
            await().atMost(Migrator.BOUND)
                    .until(() -> database.queryLong("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = "
                                    + name + " AND STATE = 'User lock'")
                            == 1);
            for (int i = 0; i < 2; i++) {
                look(connection);
                assertTold(store, watch, 1, 1, 1);
            }
            execute(control, "SELECT RELEASE_LOCK(" + name + ")");
            waiting.get(Migrator.BOUND.toSeconds(), TimeUnit.SECONDS);
            look(connection);
            assertThat(assertTold(store, watch, 1, 1, 1).slowest()).isEqualTo(OVER_A_LEASE.multipliedBy(2));
            look(connection);
            assertTold(store, watch, 1, 0, 0);
        }
    }

    @ServerTest
    void aWatchIsNoGateAndComesAndGoesByItself(TestDatabase database) throws SQLException {
        try (Connection control = database.connect();
                Connection connection = prepare(database)) {
            ControlStore store = new ControlStore(control);
            UUID watch = begin(database, store);
            assertThat(store.gates().all()).isEmpty();
            UUID gate = UUID.randomUUID();
            store.gates().announce(gate, List.of(table(database)), LASTING, LASTING, LASTING, "test");
            store.gates().withdraw(gate);
            look(connection);
            execute(connection, "SELECT * FROM watched");
            look(connection);
            assertTold(store, watch, 1, 1, 0);
            assertThat(store.clients().all()).hasSize(1);

            // A later run takes it over; one that nobody goes on with ends.
            UUID later = begin(database, store);
            assertThat(store.watches().goOn(watch, 1, LIMIT, LASTING)).isFalse();
            look(connection);
            look(connection);
            assertTold(store, later, 1, 0, 0);
            database.execute("UPDATE crossfade_watch SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND");
            look(connection);
            assertThat(store.clients().all())
                    .as("nothing is asked of it any more")
                    .isEmpty();
            assertThat(store.watches().goOn(later, 1, LIMIT, LASTING)).isFalse();
            store.watches().end(later);
            assertThat(database.query("SELECT gates FROM crossfade_control")).hasToString("[[0]]");
            assertThat(database.query("SELECT * FROM crossfade_watch_client")).isEmpty();
        }
    }

    private static TableName table(TestDatabase database) {
        return new TableName(database.name(), "watched");
    }

    private static UUID begin(TestDatabase database, ControlStore store) throws SQLException {
        UUID watch = UUID.randomUUID();
        store.watches().begin(watch, List.of(table(database)), LIMIT, PACE, LASTING, "test");
        return watch;
    }

    private static WatchReport assertTold(ControlStore store, UUID watch, long turn, long statements, long slower)
            throws SQLException {
        List<WatchReport> reports = store.watches().reports(watch);
        assertThat(reports).singleElement().satisfies(r -> assertThat(List.of(r.turn(), r.statements(), r.slower()))
                .isEqualTo(List.of(turn, statements, slower)));
        return reports.get(0);
    }

    private Connection prepare(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE watched (id INT PRIMARY KEY, v INT NOT NULL)",
                "CREATE TABLE other (id INT PRIMARY KEY, v INT NOT NULL)");
        try (Connection control = database.connect()) {
            new ControlStore(control).install();
        }
        return connect(database);
    }

    private Connection connect(TestDatabase database) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", database.user());
        login.setProperty("password", database.password());
        String seldom = "&crossfade.pollMillis=1800000&crossfade.leaseMillis=3600000";
        Connection connection = new CrossfadeDriver(links).connect(Urls.mysql(database) + seldom, login);
        assertThat(connection).isNotNull();
        return connection;
    }

    /** A client whose lease is over looks at the control tables before its next statement. */
    private void look(Connection connection) throws SQLException {
        nanos.addAndGet(OVER_A_LEASE.toNanos());
        execute(connection, "SELECT 1");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
