package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.cli.socket.KeepAlive;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import picocli.CommandLine;

/** Sessions of the commands for column changes see that their server's host is gone. */
class SessionSocketsTest {

    @ServerTest(ServerKind.MYSQL_80)
    void aHostThatIsGoneIsSeen(TestDatabase database) throws SQLException, IOException {
        try (Connection connection = open(database, "")) {
            assertThat(KeepAlive.of(connection)).isEqualTo(KeepAlive.OURS);
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void whatTheUrlSaysComesFirst(TestDatabase database) throws SQLException, IOException {
        try (Connection connection = open(database, "&socketFactory=com.mysql.cj.protocol.StandardSocketFactory")) {
            assertThat(KeepAlive.of(connection)).isNotEqualTo(KeepAlive.OURS);
        }
    }

    private static Connection open(TestDatabase database, String parameters) throws SQLException {
        ConnectionOptions options = new ConnectionOptions();
        new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(options))
                .parseArgs(
                        "--url",
                        database.jdbcUrl() + "&password=" + database.password() + parameters,
                        "--user",
                        database.user());
        return options.open();
    }
}
