package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.ClientState;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** The other half of the protocol, as far as tests need it: a rename of orders.status to order_status. One thread at a time. */
final class Migrator implements AutoCloseable {
    static final String NEW_COLUMN = "order_status VARCHAR(20)";

    static final Duration BOUND = Duration.ofSeconds(20);

    private final TestDatabase database;
    private final Connection connection;
    final ControlStore store;

    Migrator(TestDatabase database) throws SQLException {
        this(database, database.connect());
        database.execute("CREATE TABLE orders (id INT AUTO_INCREMENT PRIMARY KEY, status VARCHAR(20) NOT NULL)");
        store.install();
    }

    private Migrator(TestDatabase database, Connection connection) {
        this.database = database;
        this.connection = connection;
        store = new ControlStore(connection);
    }

    /** Goes on with the change that is open. */
    static Migrator again(TestDatabase database) throws SQLException {
        return new Migrator(database, database.connect());
    }

    void open() throws SQLException {
        open("rename: {from: status, to: order_status}");
    }

    void open(String column) throws SQLException {
        String file = "change: orders-status\ntable: " + database.name() + ".orders\ncolumns:\n  - " + column + "\n";
        store.changes()
                .open(
                        ChangeFile.read(file),
                        new CatalogReader(connection)
                                .table(new TableName(database.name(), "orders"))
                                .orElseThrow(),
                        "test",
                        "");
    }

    /** Moves through the neighbours, waiting for the client at each. */
    void moveTo(Stage stage) throws SQLException {
        while (row().state().stage() != stage) {
            move(row().state().stage().towards(Direction.FORWARD));
            if (row().state().stage() == Stage.EXPAND) {
                addNewColumn();
            }
            acknowledged();
        }
    }

    void readPercent(int percent) throws SQLException {
        store.changes().move(row(), row().state().stage(), Direction.FORWARD, percent, "test", "");
        acknowledged();
    }

    void addNewColumn() throws SQLException {
        addColumn(NEW_COLUMN);
    }

    void addColumn(String column) throws SQLException {
        String hidden = database.server().kind().isMariaDb() ? " INVISIBLE" : "";
        database.execute("ALTER TABLE orders ADD COLUMN " + column + hidden);
    }

    ChangeRow row() throws SQLException {
        return store.changes().find("orders-status").orElseThrow();
    }

    void move(Stage stage) throws SQLException {
        store.changes().move(row(), stage, Direction.FORWARD, 0, "test", "");
    }

    ClientState client() throws SQLException {
        List<ClientState> clients =
                store.clients().all().stream().map(c -> c.state()).toList();
        return clients.size() == 1 ? clients.get(0) : null;
    }

    ClientState acknowledged() throws SQLException {
        long epoch = store.epoch();
        await().atMost(BOUND).until(() -> client() != null && client().epochAcknowledged() == epoch);
        return client();
    }

    /** The client has seen the epoch, and seen it again, and does not acknowledge it. */
    ClientState heldBack() throws SQLException {
        long epoch = store.epoch();
        await().atMost(BOUND).until(() -> client() != null && client().epochSeen() == epoch);
        assertThat(client().epochAcknowledged()).isLessThan(epoch);
        return client();
    }

    void killOthersThan(long connectionId) throws SQLException {
        for (List<Object> row : database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '"
                + database.name() + "' AND ID NOT IN (" + connectionId + ", " + connectionId(connection) + ")")) {
            try {
                database.execute("KILL " + row.get(0));
            } catch (SQLException e) {
                // It was gone already.
            }
        }
    }

    static long connectionId(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT CONNECTION_ID()")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
