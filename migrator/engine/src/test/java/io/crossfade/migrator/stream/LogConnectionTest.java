package io.crossfade.migrator.stream;

import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the connection to the change log is protected. A user of the test's own, so that the server's others stay as they are. */
final class LogConnectionTest {
    private static final String PASSWORD = "Pass-word1";

    @ServerTest(MYSQL_80)
    void onOneMachineTheLogIsReadInPlainText(TestServer server, TestDatabase database) throws Exception {
        assertThat(connectionType(server, database, Endpoint.Tls.PREFERRED, "")).isEqualTo("TCP/IP");
        assertThat(connectionType(server, database, Endpoint.Tls.REQUIRED, "")).isEqualTo("SSL/TLS");
    }

    @ServerTest(MYSQL_80)
    void aUserWhoMustUseTlsDoes(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        try (User user = new User(server, database, "REQUIRE SSL");
                Reading reading = user.reading(Endpoint.Tls.PREFERRED)) {
            database.execute("INSERT INTO t VALUES (1)");
            assertThat(Reading.changes(reading.events())).hasSize(1);
        }
    }

    /** The server made its certificate itself. */
    @ServerTest(MYSQL_80)
    void aCertificateThatIsNotTrustedIsToldAtOnce(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        try (User user = new User(server, database, "")) {
            assertThatThrownBy(() -> user.reading(Endpoint.Tls.VERIFIED).close())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("the server's certificate is not trusted")
                    .hasMessageContaining("--ssl-ca")
                    .hasMessageNotContaining(PASSWORD);
        }
    }

    private static String connectionType(TestServer server, TestDatabase database, Endpoint.Tls tls, String require)
            throws Exception {
        database.execute("CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY)");
        try (User user = new User(server, database, require);
                Reading reading = user.reading(tls)) {
            database.execute("INSERT INTO t SELECT COALESCE(MAX(id), 0) + 1 FROM t");
            assertThat(Reading.changes(reading.events())).isNotEmpty();
            List<List<@Nullable Object>> rows =
                    database.query("SELECT CONNECTION_TYPE FROM performance_schema.threads WHERE PROCESSLIST_USER = '"
                            + user.name + "' AND PROCESSLIST_COMMAND LIKE 'Binlog Dump%'");
            assertThat(rows).hasSize(1);
            return String.valueOf(rows.get(0).get(0));
        }
    }

    private static final class User implements AutoCloseable {
        private final TestServer server;
        private final TestDatabase database;
        private final String name;

        User(TestServer server, TestDatabase database, String require) throws Exception {
            this.server = server;
            this.database = database;
            this.name = ("u" + database.name()).toLowerCase(Locale.ROOT);
            database.execute(
                    "CREATE USER " + name + "@'%' IDENTIFIED BY '" + PASSWORD + "' " + require,
                    "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO " + name + "@'%'",
                    "GRANT ALL ON " + database.name() + ".* TO " + name + "@'%'");
        }

        Reading reading(Endpoint.Tls tls) throws Exception {
            Endpoint endpoint = new Endpoint(server.host(), server.port(), name, PASSWORD, tls, 77_001);
            return Reading.from(database, endpoint, Reading.position(database), 100, "t");
        }

        @Override
        public void close() throws Exception {
            database.execute("DROP USER " + name + "@'%'");
        }
    }
}
