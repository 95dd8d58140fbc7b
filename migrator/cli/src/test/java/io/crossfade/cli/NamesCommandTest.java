package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose names are not plain need no flag more than others. */
class NamesCommandTest {
    @TempDir
    private Path folder;

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

    /** What a change names is plain; what else the table has need not be. */
    @ServerTest
    void aColumnIsRenamedWhateverTheKeyIsCalled(TestServer server, TestDatabase database) throws Exception {
        execute(server, database, "CREATE TABLE t (`{d 'x'}` INT PRIMARY KEY, a INT)");
        execute(server, database, "INSERT INTO t VALUES (1, 7)");
        Path file = Files.writeString(
                folder.resolve("change.yaml"),
                "change: c\ntable: " + database.name() + ".t\ncolumns:\n  - rename: {from: a, to: b}\n");
        int code = Crossfade.run(
                new Interruption(),
                "start",
                file.toString(),
                "--discovery-millis=0",
                "--url=" + database.jdbcUrl() + "&password=" + database.password(),
                "--user=" + database.user());
        assertThat(code).isZero();
        try (Connection connection = plain(server, database);
                Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT b FROM t")) {
            assertThat(r.next()).isTrue();
            assertThat(r.getInt(1)).isEqualTo(7);
        }
    }

    /** As it is: JDBC has a meaning for braces. */
    private static void execute(TestServer server, TestDatabase database, String sql) throws SQLException {
        try (Connection connection = plain(server, database);
                Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    private static Connection plain(TestServer server, TestDatabase database) throws SQLException {
        return DriverManager.getConnection(
                database.jdbcUrl() + "&enableEscapeProcessing=false", server.user(), server.password());
    }
}
