package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.model.Stage;
import io.crossfade.state.ClientState;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The two halves of the protocol: here the test is the migrator. */
class ControlTest {
    @ServerTest
    void quietClientWritesNothing(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO orders (id, status) VALUES (1, 'paid')");
            assertThat(migrator.store.clients().all()).isEmpty();
        }
    }

    @ServerTest
    void clientRegistersWithItsSessionsWhenAChangeOpensAndLeavesWhenItCloses(TestDatabase database)
            throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection first = Urls.connect(database, "&crossfade.application=shop")) {
            migrator.open();
            ClientState client = migrator.acknowledged();
            assertThat(client.application()).isEqualTo("shop");
            assertThat(migrator.store.clients().sessions(client.id())).containsExactly(Migrator.connectionId(first));
            try (Connection second = Urls.connect(database, "&crossfade.application=shop")) {
                assertThat(migrator.store.clients().sessions(client.id()))
                        .contains(Migrator.connectionId(first), Migrator.connectionId(second));
            }
            await().atMost(Migrator.BOUND)
                    .until(() -> migrator.store.clients().sessions(client.id()).size() == 1);
            migrator.store.changes().close(migrator.row(), "test", "");
            await().atMost(Migrator.BOUND)
                    .until(() -> migrator.store.clients().all().isEmpty());
        }
    }

    @ServerTest
    void openTransactionHoldsBackTheAcknowledgement(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.acknowledged();
            connection.setAutoCommit(false);
            assertHolds(migrator, statement, connection::commit);
            assertHolds(migrator, statement, connection::rollback);
            assertHolds(migrator, statement, () -> connection.setAutoCommit(true));
        }
    }

    @ServerTest
    void transactionsBegunAsTextHoldItBackToo(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.acknowledged();
            statement.execute("/* now */ BEGIN");
            assertHolds(migrator, statement, () -> statement.execute("COMMIT"));
            statement.execute("SET autocommit = 0");
            assertHolds(migrator, statement, () -> statement.execute("rollback"));
            assertHolds(migrator, statement, () -> statement.execute("SET autocommit = 1"));
            statement.execute("SELECT 1 FROM orders");
            migrator.move(Stage.OFF);
            migrator.acknowledged();
        }
    }

    @ServerTest
    void pendingBatchHoldsItBack(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (id, status) VALUES (?, ?)")) {
            migrator.open();
            migrator.move(Stage.EXPAND);
            migrator.addNewColumn();
            migrator.acknowledged();
            insert.setInt(1, 1);
            insert.setString(2, "paid");
            insert.addBatch();
            migrator.move(Stage.DUALWRITE);
            migrator.heldBack();
            insert.setInt(1, 2);
            insert.addBatch();
            assertThat(insert.executeBatch()).containsExactly(1, 1);
            migrator.acknowledged();
            insert.setInt(1, 3);
            insert.addBatch();
            assertThat(insert.executeBatch()).containsExactly(1);
            assertThat(database.query("SELECT id, status, order_status FROM orders ORDER BY id"))
                    .hasToString("[[1, paid, null], [2, paid, null], [3, paid, paid]]");
        }
    }

    @ServerTest
    void batchHoldsItBackUntilItsTransactionHasEnded(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (id, status) VALUES (?, ?)")) {
            migrator.open();
            migrator.move(Stage.EXPAND);
            migrator.addNewColumn();
            migrator.acknowledged();
            connection.setAutoCommit(false);
            insert.setInt(1, 1);
            insert.setString(2, "paid");
            insert.addBatch();
            migrator.move(Stage.DUALWRITE);
            migrator.heldBack();
            assertThat(insert.executeBatch()).containsExactly(1);
            migrator.heldBack();
            connection.commit();
            migrator.acknowledged();
        }
    }

    @ServerTest
    void preparedStatementFollowsTheStageWithItsParameters(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO orders (status) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, "paid");
            insert.setQueryTimeout(30);
            insert.executeUpdate();
            migrator.open();
            migrator.move(Stage.EXPAND);
            migrator.addNewColumn();
            migrator.acknowledged();
            insert.executeUpdate();
            migrator.move(Stage.DUALWRITE);
            migrator.acknowledged();
            insert.executeUpdate();
            assertThat(insert.getQueryTimeout()).isEqualTo(30);
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                assertThat(keys.getLong(1)).isEqualTo(3);
            }
            assertThat(database.query("SELECT status, order_status FROM orders ORDER BY id"))
                    .hasToString("[[paid, null], [paid, null], [paid, paid]]");
        }
    }

    @ServerTest
    void transactionKeepsItsSnapshot(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.move(Stage.EXPAND);
            migrator.addNewColumn();
            migrator.acknowledged();
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO orders (id, status) VALUES (1, 'a')");
            migrator.move(Stage.DUALWRITE);
            migrator.heldBack();
            statement.execute("INSERT INTO orders (id, status) VALUES (2, 'b')");
            connection.commit();
            statement.execute("INSERT INTO orders (id, status) VALUES (3, 'c')");
            connection.commit();
            assertThat(database.query("SELECT status, order_status FROM orders ORDER BY id"))
                    .hasToString("[[a, null], [b, null], [c, c]]");
        }
    }

    @ServerTest
    void lostLeaseRefusesChangingTablesOnlyAndComesBack(TestDatabase database) throws SQLException {
        AtomicLong skippedNanos = new AtomicLong();
        AtomicBoolean isCut = new AtomicBoolean();
        ControlLinks links = new ControlLinks(
                target -> () -> {
                    if (isCut.get()) {
                        throw new SQLException("cut", "08001");
                    }
                    return target.connectControl(Duration.ofSeconds(2));
                },
                () -> System.nanoTime() + skippedNanos.get());
        Properties login = new Properties();
        login.setProperty("user", database.user());
        login.setProperty("password", database.password());
        String url = Urls.mysql(database) + "&crossfade.pollMillis=50&crossfade.leaseMillis=60000";
        try (Migrator migrator = new Migrator(database);
                Connection connection = new CrossfadeDriver(links).connect(url, login);
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.move(Stage.EXPAND);
            migrator.addNewColumn();
            migrator.acknowledged();
            isCut.set(true);
            migrator.killOthersThan(Migrator.connectionId(connection));
            skippedNanos.addAndGet(Duration.ofMinutes(2).toNanos());
            assertThatThrownBy(() -> statement.execute("INSERT INTO orders (id, status) VALUES (1, 'a')"))
                    .isInstanceOfSatisfying(SQLTransientException.class, e -> {
                        assertThat(e.getSQLState()).isEqualTo("40001");
                        assertThat(e.getErrorCode()).isEqualTo(CrossfadeError.LEASE_LOST.vendorCode());
                        assertThat(e.getMessage()).contains("retry");
                    });
            statement.execute("SELECT 1");
            isCut.set(false);
            await().atMost(Migrator.BOUND).ignoreExceptions().until(() -> {
                statement.execute("INSERT INTO orders (id, status) VALUES (1, 'a')");
                return true;
            });
            assertThat(migrator.acknowledged().counters()).contains("\"refused:lease-lost\":");
        } finally {
            links.closeAll();
        }
    }

    @ServerTest
    void sqlModeAndSchemaAreFollowed(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.move(Stage.EXPAND);
            migrator.addNewColumn();
            migrator.move(Stage.DUALWRITE);
            migrator.acknowledged();
            statement.execute("SET SESSION sql_mode = 'ANSI_QUOTES'");
            statement.execute("INSERT INTO \"orders\" (\"id\", \"status\") VALUES (1, 'a')");
            statement.execute("USE information_schema");
            statement.execute("INSERT INTO " + database.name() + ".orders (id, status) VALUES (2, 'b')");
            assertThat(database.query("SELECT status, order_status FROM orders ORDER BY id"))
                    .hasToString("[[a, a], [b, b]]");
        }
    }

    private interface Ending {
        void end() throws SQLException;
    }

    /** A statement in the transaction, a new epoch, no acknowledgement until the end. */
    private static void assertHolds(Migrator migrator, Statement statement, Ending ending) throws SQLException {
        statement.execute("SELECT COUNT(*) FROM orders");
        migrator.move(Stage.OFF);
        ClientState held = migrator.heldBack();
        assertThat(held.oldestTransactionConnection()).isNotNull();
        ending.end();
        migrator.acknowledged();
    }
}
