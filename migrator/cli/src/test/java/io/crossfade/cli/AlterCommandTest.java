package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.cli.alter.GoFlags;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AlterCommandTest {
    private static final String SECRET = "s3cr3t-word";

    private static CommandLine commandLine() {
        return new CommandLine(new AlterCommand());
    }

    @Test
    void everyFlagOfGhOstIsRead() throws IOException {
        List<String> flags = ghOstFlags();
        CommandLine both = commandLine();
        both.parseArgs(flags.stream().map(f -> "--" + f).toArray(String[]::new));
        Set<String> known = commandLine().getCommandSpec().optionsMap().keySet();
        for (String flag : flags) {
            String[] sides = flag.split("=", 2);
            assertThat(known).contains("--" + sides[0]);
            if (sides.length == 2 && !sides[0].equals("concurrent-rowcount")) {
                commandLine().parseArgs("--" + sides[0], sides[1]);
            } else {
                commandLine().parseArgs("--" + sides[0] + "=false", "--json");
            }
        }
        assertThat(flags.size()).isGreaterThan(100);
    }

    @Test
    void oneDashIsAsGoodAsTwo() {
        Set<String> known = commandLine().getCommandSpec().optionsMap().keySet();
        String[] given = {"-host=h", "-max-load", "Threads_running=25", "-execute", "--alter", "-host", "-unknown"};
        assertThat(GoFlags.normal(given, known))
                .containsExactly(
                        "--host=h", "--max-load", "Threads_running=25", "--execute", "--alter", "-host", "-unknown");
    }

    @ServerTest
    void theSeedCommandIsReadAndADryRunChangesNothing(TestServer server, TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)");
        Said said = run(seed(server, database));
        assertThat(said.code()).as(said.text()).isEqualTo(0);
        assertThat(said.text()).contains("--switch-to-rbr changes nothing here").contains("last_login_at");
        assertThat(database.query(
                        "SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '" + database.name() + "'"))
                .hasSize(1);
    }

    @ServerTest
    void theSeedCommandRuns(TestServer server, TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)", "INSERT INTO users VALUES (1), (2)");
        Said said = run(seed(server, database, "--execute", "--execute"));
        assertThat(said.code()).as(said.text()).isEqualTo(0);
        assertThat(said.text()).contains("# Migrating `" + database.name() + "`.`users`");
        assertThat(database.query("SELECT id, last_login_at FROM users ORDER BY id"))
                .containsExactly(Arrays.asList(1, null), Arrays.asList(2, null));
    }

    private static String[] seed(TestServer server, TestDatabase database, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "alter",
                "--host=" + server.host(),
                "--port=" + server.port(),
                "--user=" + server.user(),
                "--password=" + server.password(),
                "--database=" + database.name(),
                "--table=users",
                "--alter=ADD COLUMN last_login_at DATETIME NULL",
                "--allow-on-master",
                "--cut-over=default",
                "--switch-to-rbr",
                "--chunk-size=1000",
                "--max-load=Threads_running=25",
                "--critical-load=Threads_running=100"));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    @ServerTest
    void anUnknownStatusVariableIsRefusedAtTheStart(TestServer server, TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)");
        Said said = run(
                "alter",
                "--url=" + database.jdbcUrl(),
                "--user=" + server.user(),
                "--password=" + server.password(),
                "--table=users",
                "--alter=ENGINE=InnoDB",
                "--max-load=Nothing_such=3",
                "--execute");
        assertThat(said.code()).isEqualTo(3);
        assertThat(said.lastLine()).contains("cannot use --max-load").contains("Nothing_such");
    }

    @Test
    void thePasswordIsNeverPrinted() {
        Said said = run(
                "alter",
                "--host=127.0.0.1",
                "--port=1",
                "--user=u",
                "--password=" + SECRET,
                "--database=d",
                "--table=t",
                "--alter=ENGINE=InnoDB",
                "--stack",
                "--execute");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text()).contains("can be seen in the process list").doesNotContain(SECRET);
    }

    @Test
    void whatCannotBeDoneSaysWhyInItsLastLine() {
        assertThat(run("alter", "--table=t", "--alter=ENGINE=InnoDB").code()).isEqualTo(2);
        assertThat(run("alter", "--database=d", "--table=t", "--alter=").lastLine())
                .contains("--alter is empty");
        Said replica = run("alter", "--database=d", "--table=t", "--alter=ENGINE=InnoDB", "--test-on-replica");
        assertThat(replica.code()).isEqualTo(3);
        assertThat(replica.lastLine()).contains("cannot --test-on-replica");
        assertThat(run("alter", "--database=d", "--table=t", "--alter=x", "--cut-over=sideways")
                        .lastLine())
                .contains("the kinds are atomic");
        assertThat(run("alter", "--check-flag=resume").code()).isEqualTo(0);
        assertThat(run("alter", "--check-flag=--nothing-such").code()).isEqualTo(2);
    }

    @Test
    void aServerThatIsNotThereIsNamedWithTheReason() {
        for (Said said : List.of(
                run(
                        "alter",
                        "--host=127.0.0.1",
                        "--port=1",
                        "--user=u",
                        "--password=" + SECRET,
                        "--database=d",
                        "--table=t",
                        "--alter=ADD a INT"),
                run("status", "--url", "jdbc:crossfade:mysql://u:" + SECRET + "@127.0.0.1:1/d"))) {
            assertThat(said.code()).as(said.text()).isNotZero();
            assertThat(said.lastLine())
                    .startsWith("crossfade: cannot connect to ")
                    .contains("127.0.0.1:1", "Connection refused", "see whether it runs");
            assertThat(said.text()).doesNotContain(SECRET);
        }
    }

    private record Said(int code, String text) {
        String lastLine() {
            String[] lines = text.strip().split("\n");
            return lines[lines.length - 1];
        }
    }

    private static Said run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            int code = Crossfade.run(new Interruption(), arguments);
            return new Said(code, bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static List<String> ghOstFlags() throws IOException {
        try (InputStream in = AlterCommandTest.class.getResourceAsStream("gh-ost-flags.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
