package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

/** A client that the migrator may fence: what it tells of its sessions, and how it takes that they were killed. */
class FencedTest {
    private static final int POOL = 3;

    /** The control tables are out of reach. */
    private final AtomicBoolean isCut = new AtomicBoolean();

    private final AtomicLong skippedNanos = new AtomicLong();
    private final ControlLinks links = new ControlLinks(
            target -> () -> {
                if (isCut.get()) {
                    throw new SQLException("cut", "08001");
                }
                return target.connectControl(Duration.ofSeconds(2));
            },
            () -> System.nanoTime() + skippedNanos.get());

    @AfterEach
    void endLinks() {
        links.closeAll();
    }

    @ServerTest
    void aConnectionIsInTheControlTablesWithItsPeerBeforeItIsHandedOut(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database)) {
            migrator.open();
            // No heartbeat comes in between.
            String slow = "&crossfade.pollMillis=1800000&crossfade.leaseMillis=3600000";
            try (Connection first = Urls.connect(database, slow);
                    Connection second = Urls.connect(database, slow)) {
                for (Connection connection : List.of(first, second)) {
                    assertThat(database.query("SELECT s.peer = p.HOST FROM crossfade_session s"
                                    + " JOIN information_schema.PROCESSLIST p ON p.ID = s.connection_id"
                                    + " JOIN crossfade_client c ON c.id = s.client_id"
                                    + " WHERE s.connection_id = " + Migrator.connectionId(connection)))
                            .hasToString("[[1]]");
                }
            }
        }
    }

    @ServerTest
    void aClientThatWasFencedComesBackByItselfThroughItsPool(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                HikariDataSource pool = pool(database)) {
            migrator.open();
            migrator.move(Stage.EXPAND);
            migrator.addNewColumn();
            UUID client = migrator.acknowledged().id();
            fillPool(pool);
            TreeSet<Long> killed = new TreeSet<>(migrator.store.clients().sessions(client));
            assertThat(killed).hasSize(POOL);
            isCut.set(true);
            migrator.killOthersThan(-1);
            skippedNanos.addAndGet(Duration.ofMinutes(2).toNanos());
            database.execute("UPDATE crossfade_client SET lease_until = '2001-01-01'");
            assertThat(migrator.store.clients().forgetExpired(client)).isTrue();
            migrator.move(Stage.DUALWRITE); // Which it cannot know, now that it is fenced.
            List<String> refusals = new ArrayList<>();
            assertThat(wrote(pool, 1, refusals)).isFalse();
            isCut.set(false);
            await().atMost(Migrator.BOUND).until(() -> wrote(pool, 2, refusals));
            assertThat(refusals).allMatch(state -> state.startsWith("08") || state.equals("40001"));
            assertThat(database.query("SELECT id, status, order_status FROM orders"))
                    .hasToString("[[2, s, s]]");
            assertThat(migrator.acknowledged().id()).isEqualTo(client);
            fillPool(pool);
            await().atMost(Migrator.BOUND).untilAsserted(() -> assertThat(
                            new TreeSet<>(migrator.store.clients().sessions(client)))
                    .hasSize(POOL)
                    .doesNotContainAnyElementsOf(killed));
        }
    }

    @ServerTest
    void aSessionInDoubtHoldsTheClientBackUntilTheServerKnowsItNoMore(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection holder = Urls.connect(database, "")) {
            migrator.open();
            migrator.acknowledged();
            long id = Migrator.connectionId(holder);
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                // A rollback that takes its time.
                statement.execute("INSERT INTO orders (status) VALUES ('never committed')");
                for (int i = 0; i < 15; i++) {
                    statement.execute("INSERT INTO orders (status) SELECT status FROM (SELECT status FROM orders) o");
                }
                migrator.move(Stage.EXPAND);
                migrator.heldBack();
                database.execute("KILL " + id);
                await().atMost(Migrator.BOUND).until(() -> isBroken(statement));
            }
            close(holder);
            migrator.acknowledged();
            assertThat(answerToKill(database, id)).contains("Unknown thread id");
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aServerThatTakesNoWritesIsNamedAsTheReason(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database)) {
            migrator.open();
            assertThatThrownBy(() -> Urls.connect(database, "&sessionVariables=transaction_read_only=1"))
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining(
                            "could not be registered in its control tables; the server is read-only, as a replica is");
        }
    }

    private HikariDataSource pool(TestDatabase database) {
        CrossfadeDataSource driver = new CrossfadeDataSource(new CrossfadeDriver(links));
        driver.setUrl(Urls.mysql(database));
        driver.setUser(database.user());
        driver.setPassword(database.password());
        Properties properties = new Properties();
        properties.setProperty("crossfade.pollMillis", "50");
        properties.setProperty("crossfade.leaseMillis", "60000");
        driver.setProperties(properties);
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        config.setMaximumPoolSize(POOL);
        config.setConnectionTimeout(1000);
        return new HikariDataSource(config);
    }

    /** Until all of the pool's connections are there. */
    private static void fillPool(HikariDataSource pool) throws SQLException {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < POOL; i++) {
            all.add(pool.getConnection());
        }
        for (Connection connection : all) {
            try (connection;
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        }
    }

    private static boolean wrote(HikariDataSource pool, int id, List<String> refusals) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO orders (id, status) VALUES (" + id + ", 's')");
            return true;
        } catch (SQLException e) {
            refusals.add(String.valueOf(e.getSQLState()));
            return false;
        }
    }

    private static boolean isBroken(Statement statement) {
        try {
            statement.execute("SELECT 1");
            return false;
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState()).startsWith("08");
        }
    }

    private static void close(Connection broken) {
        try {
            broken.close();
        } catch (SQLException e) {
            // It is broken.
        }
    }

    private static String answerToKill(TestDatabase database, long id) {
        try {
            database.execute("KILL " + id);
            return "it was there";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
