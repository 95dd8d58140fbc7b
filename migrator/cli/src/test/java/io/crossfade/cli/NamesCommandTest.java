package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Tables whose names are not plain need no flag more than others. */
class NamesCommandTest {

    @ServerTest
    void aTableIsChangedAndChangedBackWhateverItsName(TestServer server, TestDatabase database) throws Exception {
        for (String name :
                List.of("a/b", "a.b", "../b", "{fn t}", "grüße", "select", "o`ne \"t'wo\\", "t".repeat(64))) {
            String quoted = "`" + name.replace("`", "``") + "`";
            execute(server, database, "CREATE TABLE " + quoted + " (id INT PRIMARY KEY)");
            execute(server, database, "INSERT INTO " + quoted + " VALUES (1)");
            String[] target = {
                "alter",
                "--url=" + database.jdbcUrl(),
                "--user=" + server.user(),
                "--password=" + server.password(),
                "--database=" + database.name(),
                "--table=" + name,
                "--execute"
            };
            AlterCommandTest.Said there =
                    AlterCommandTest.run(AlterCommandTest.with(target, "--alter=ADD n INT", "--route=ghost"));
            assertThat(there.code()).as(there.text()).isEqualTo(0);
            execute(server, database, "UPDATE " + quoted + " SET n = 1");
            AlterCommandTest.Said back = AlterCommandTest.run(AlterCommandTest.with(target, "--revert"));
            assertThat(back.code()).as(back.text()).isEqualTo(0);
            execute(server, database, "INSERT INTO " + quoted + " VALUES (2)");
        }
    }

    /** As it is: JDBC has a meaning for braces. */
    private static void execute(TestServer server, TestDatabase database, String sql) throws SQLException {
        String url = database.jdbcUrl() + "&enableEscapeProcessing=false";
        try (Connection connection = DriverManager.getConnection(url, server.user(), server.password());
                Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
