package io.crossfade.cli.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.cli.socket.KeepAlive;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** Sessions of {@code crossfade alter} see that their server's host is gone. */
class ServersTest {

    @ServerTest(ServerKind.MYSQL_80)
    void aHostThatIsGoneIsSeen(TestServer server, TestDatabase database) throws SQLException, IOException {
        try (Connection connection = open(server, database, 0)) {
            assertThat(KeepAlive.of(connection)).isEqualTo(KeepAlive.OURS);
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aBoundOnReadingStandsBesideIt(TestServer server, TestDatabase database) throws SQLException, IOException {
        try (Connection connection = open(server, database, 90)) {
            assertThat(KeepAlive.of(connection)).isEqualTo(new KeepAlive(true, 10, 5, 6, 90_000));
        }
    }

    private static Connection open(TestServer server, TestDatabase database, double timeoutSeconds)
            throws SQLException {
        Properties plain = new Properties();
        plain.setProperty("sslMode", "DISABLED");
        plain.setProperty("allowPublicKeyRetrieval", "true");
        return new Servers(database.name(), plain, timeoutSeconds)
                .open(new Address(server.host(), server.port()), new Login(server.user(), server.password()));
    }
}
