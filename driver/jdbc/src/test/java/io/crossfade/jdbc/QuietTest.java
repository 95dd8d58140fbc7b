package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;

/** A client for which no change is open as far as it knows, and which does not look again by itself. */
class QuietTest {
    private static final String SELDOM = "&crossfade.pollMillis=1800000&crossfade.leaseMillis=3600000";

    /** Control connections cannot be opened. */
    private final AtomicBoolean isCut = new AtomicBoolean();

    private final ControlLinks links = new ControlLinks(
            target -> () -> {
                if (isCut.get()) {
                    throw new SQLException("too many connections", "08004");
                }
                return target.connectControl(Duration.ofSeconds(2));
            },
            System::nanoTime);

    @AfterEach
    void endLinks() {
        links.closeAll();
    }

    @ServerTest
    void aNewConnectionKnowsTheChangeThatWasOpenedSinceTheLastLook(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection before = connect(database)) {
            openAndGoTo(migrator, Stage.DUALWRITE); // Which passes the client: nobody knows of it.
            try (Connection since = connect(database)) {
                write(since, "INSERT INTO orders (id, status) VALUES (1, 's')");
                assertThat(sessionsOf(database, since)).isEqualTo("[[1]]");
            }
            write(before, "INSERT INTO orders (id, status) VALUES (2, 's')");
            assertThat(database.query("SELECT id, status, order_status FROM orders"))
                    .hasToString("[[1, s, s], [2, s, s]]");
        }
    }

    @ServerTest
    void theLookLeavesNoTransactionOpen(TestDatabase database) throws SQLException {
        ControlLink link =
                new ControlLink("test", DriverSettings.of(new Properties()), database::connect, System::nanoTime);
        try (Migrator migrator = new Migrator(database);
                Connection raw = database.connect()) {
            raw.setAutoCommit(false); // As a server's init_connect may have it.
            link.start();
            link.add(Session.begin(link, raw));
            database.execute("SET lock_wait_timeout = 1", "ALTER TABLE crossfade_control COMMENT = 'x'");
            assertThat(migrator.store.epoch()).isEqualTo(1);
        } finally {
            link.close();
        }
    }

    @ServerTest
    void aClientWhoseControlConnectionIsLostConnectsAsLongAsNothingIsOpen(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection first = connect(database)) {
            isCut.set(true);
            migrator.killOthersThan(Migrator.connectionId(first));
            try (Connection second = connect(database)) {
                write(second, "INSERT INTO orders (id, status) VALUES (1, 's')");
                assertThat(sessionsOf(database, second)).isEqualTo(isShown(database) ? "[[0]]" : "[[1]]");
            }
            openAndGoTo(migrator, Stage.DUALWRITE);
            assertThatThrownBy(() -> connect(database))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode())
                            .isEqualTo(CrossfadeError.NOT_REGISTERED.vendorCode()));
            isCut.set(false);
            connect(database).close();
        }
    }

    @ServerTest
    void aClientThatMayNotReadTheControlTablesAnyMoreGoesOnAsBefore(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection first = connect(database)) {
            migrator.store.epoch();
            database.execute("ALTER TABLE crossfade_control RENAME COLUMN epoch TO epoch_hidden");
            isCut.set(true);
            try (Connection second = connect(database)) {
                write(second, "INSERT INTO orders (id, status) VALUES (1, 's')");
            }
            write(first, "INSERT INTO orders (id, status) VALUES (2, 's')");
        }
    }

    @ServerTest
    void itsSessionsAreWrittenDownOnlyWhereTheServerDoesNotShowThem(TestDatabase database) throws SQLException {
        boolean isShown =
                database.query("SELECT @@performance_schema").toString().equals("[[1]]");
        try (Migrator migrator = new Migrator(database)) {
            try (Connection first = connect(database);
                    Connection second = connect(database)) {
                String expected = isShown(database) ? "[[0]]" : "[[1]]";
                assertThat(sessionsOf(database, first)).isEqualTo(expected);
                assertThat(sessionsOf(database, second)).isEqualTo(expected);
                assertThat(migrator.store.clients().all()).isEmpty();
            }
            links.closeAll();
            assertThat(database.query("SELECT COUNT(*) FROM crossfade_session")).hasToString("[[0]]");
        }
    }

    private Connection connect(TestDatabase database) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", database.user());
        login.setProperty("password", database.password());
        Connection connection = new CrossfadeDriver(links).connect(Urls.mysql(database) + SELDOM, login);
        assertThat(connection).isNotNull();
        return connection;
    }

    /** Whether the server shows which client a session is of. */
    private static boolean isShown(TestDatabase database) throws SQLException {
        return database.query("SELECT @@performance_schema").toString().equals("[[1]]");
    }

    /** As a migrator does that finds no client. */
    private static void openAndGoTo(Migrator migrator, Stage stage) throws SQLException {
        migrator.open();
        migrator.move(Stage.EXPAND);
        migrator.addNewColumn();
        migrator.move(stage);
    }

    private static void write(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How often a connection is written down, with its peer. */
    private static String sessionsOf(TestDatabase database, Connection connection) throws SQLException {
        return database.query("SELECT COUNT(*) FROM crossfade_session s"
                        + " JOIN information_schema.PROCESSLIST p ON p.ID = s.connection_id AND p.HOST = s.peer"
                        + " WHERE s.connection_id = " + Migrator.connectionId(connection))
                .toString();
    }
}
