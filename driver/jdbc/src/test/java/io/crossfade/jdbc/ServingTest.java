package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;

/** Statements of an application while a change goes on. */
class ServingTest {

    @ServerTest
    void refusalsSayWhyAndAreCounted(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.moveTo(Stage.DUALWRITE);
            assertThatThrownBy(() -> statement.execute("LOAD DATA INFILE 'x' INTO TABLE orders"))
                    .isInstanceOfSatisfying(SQLFeatureNotSupportedException.class, e -> {
                        assertThat(e.getSQLState()).isEqualTo("0A000");
                        assertThat(e.getErrorCode()).isEqualTo(CrossfadeError.REFUSED.vendorCode());
                    });
            await().atMost(Migrator.BOUND)
                    .until(() -> String.valueOf(migrator.client().counters()).contains("\"refused:"));
        }
    }

    @ServerTest
    void planOfATableThatHasChangedIsMadeAnewOnce(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement();
                PreparedStatement all = connection.prepareStatement("SELECT * FROM orders WHERE id = ?")) {
            database.execute("ALTER TABLE orders ADD COLUMN extra INT", "INSERT INTO orders VALUES (1, 'a', 7)");
            migrator.open();
            migrator.moveTo(Stage.DUALWRITE);
            all.setInt(1, 1);
            assertThat(columns(all.executeQuery())).isEqualTo(3);
            assertThat(columns(statement.executeQuery("SELECT * FROM orders"))).isEqualTo(3);
            database.execute("ALTER TABLE orders DROP COLUMN extra");
            assertThat(columns(all.executeQuery())).isEqualTo(2);
            assertThat(columns(statement.executeQuery("SELECT * FROM orders"))).isEqualTo(2);
        }
    }

    @ServerTest
    void shareOfReadsGoesToNewByKeyAndOncePerTransaction(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.moveTo(Stage.LIVE);
            database.execute("INSERT INTO orders (id, status, order_status) VALUES (1, 'from old', 'from new')");
            assertThat(status(statement)).isEqualTo("from old");
            migrator.readPercent(100);
            assertThat(status(statement)).isEqualTo("from new");
            migrator.readPercent(50);
            String before = status(statement);
            String other = null;
            connection.setAutoCommit(false);
            for (int key = 0; key < 100 && other == null; key++) {
                connection.setClientInfo("crossfade.key", "customer-" + key);
                String seen = status(statement);
                assertThat(status(statement)).isEqualTo(seen);
                connection.rollback();
                other = seen.equals(before) ? null : seen;
            }
            assertThat(other).isNotNull();
            assertThat(connection.getClientInfo("crossfade.key")).startsWith("customer-");
            assertThat(status(statement)).isEqualTo(other);
            connection.setClientInfo("crossfade.key", null);
            assertThat(status(statement)).isEqualTo(other);
            connection.rollback();
            assertThat(status(statement)).isEqualTo(before);
        }
    }

    @ServerTest
    void rowsAreNotWrittenThroughResultSets(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement =
                        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
            statement.execute("INSERT INTO orders (id, status) VALUES (1, 'a')");
            try (ResultSet rows = statement.executeQuery("SELECT id, status FROM orders")) {
                rows.next();
                rows.updateString(2, "b");
                rows.updateRow();
            }
            migrator.open();
            migrator.moveTo(Stage.DUALWRITE);
            try (ResultSet rows = statement.executeQuery("SELECT id, status FROM orders")) {
                rows.next();
                rows.updateString(2, "c");
                assertThatThrownBy(rows::updateRow).isInstanceOf(SQLFeatureNotSupportedException.class);
            }
            assertThat(database.query("SELECT status FROM orders")).hasToString("[[b]]");
        }
    }

    @ServerTest
    void batchesOfTextAreRewritten(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            migrator.open();
            migrator.moveTo(Stage.DUALWRITE);
            statement.addBatch("INSERT INTO orders (id, status) VALUES (1, 'a')");
            statement.addBatch("UPDATE orders SET status = 'b' WHERE id = 1");
            assertThat(statement.executeBatch()).containsExactly(1, 1);
            assertThat(database.query("SELECT status, order_status FROM orders"))
                    .hasToString("[[b, b]]");
        }
    }

    @ServerTest
    void sessionThatIsCutInAStatementIsHeldUntilTheServerHasLetGoOfIt(TestDatabase database) throws Exception {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "")) {
            migrator.open();
            migrator.acknowledged();
            long id = Migrator.connectionId(connection);
            Thread sleeper = new Thread(() -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT SLEEP(60)");
                } catch (SQLException e) {
                    // It is cut, as it should be.
                }
            });
            sleeper.start();
            await().atMost(Migrator.BOUND)
                    .until(() -> database.queryLong("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = "
                                    + id + " AND INFO LIKE 'SELECT SLEEP%'")
                            == 1);
            connection.abort(Runnable::run);
            migrator.move(Stage.OFF);
            migrator.heldBack();
            database.execute("KILL " + id);
            migrator.acknowledged();
            sleeper.join();
        }
    }

    private static int columns(ResultSet rows) throws SQLException {
        try (rows) {
            return rows.getMetaData().getColumnCount();
        }
    }

    private static String status(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT status FROM orders WHERE id = 1")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
