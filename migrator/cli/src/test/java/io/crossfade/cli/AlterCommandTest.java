package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.cli.alter.GoFlags;
import io.crossfade.cli.operate.OperatorSocket;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AlterCommandTest {
    private static final String SECRET = "s3cr3t-word";

    @TempDir
    private Path folder;

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
        Said said = run(seed(server, database, "--max-statement-millis=50"));
        assertThat(said.code()).as(said.text()).isEqualTo(0);
        assertThat(said.text())
                .contains("--allow-on-master changes nothing here")
                .contains(
                        "it holds back while more than 1 % of the drivers' statements on these tables take longer than 50 ms")
                .contains("last_login_at");
        assertThat(said.text()).as("it changes the server").doesNotContain("--switch-to-rbr changes nothing");
        assertThat(database.query(
                        "SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '" + database.name() + "'"))
                .hasSize(1);
    }

    @ServerTest
    void aDryRunIsJsonWhereAskedFor(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)");
        Said said = run(seed(server, database, "--route=ghost", "--json"));
        assertThat(said.code()).as(said.text()).isEqualTo(0);
        List<JsonNode> plans = new ArrayList<>();
        for (String line : said.text().lines().filter(l -> l.startsWith("{")).toList()) {
            plans.add(new ObjectMapper().readTree(line));
        }
        JsonNode plan = plans.stream()
                .filter(p -> p.path("event").asText().equals("plan"))
                .findFirst()
                .orElseThrow();
        assertThat(plan.path("table").asText()).isEqualTo(database.name() + ".users");
        assertThat(plan.path("route").asText()).isEqualTo("GHOST");
        assertThat(plan.path("oldTable").asText()).isEqualTo("_users_del");
        assertThat(plan.path("isRefused").asBoolean(true)).isFalse();
        assertThat(said.text()).doesNotContain("dry run on");
    }

    @ServerTest
    void theSeedCommandRuns(TestServer server, TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)", "INSERT INTO users VALUES (1), (2)");
        Said said = run(seed(server, database, "--execute", "--execute", "--max-statement-millis=50"));
        assertThat(said.code()).as(said.text()).isEqualTo(0);
        assertThat(said.lastLine()).contains("State: done");
        assertThat(said.text()).containsOnlyOnce("State: done");
        assertThat(said.text()).contains("# Migrating `" + database.name() + "`.`users`");
        assertThat(database.query("SELECT id, last_login_at FROM users ORDER BY id"))
                .containsExactly(Arrays.asList(1, null), Arrays.asList(2, null));
        assertThat(said.text()).contains("# max-statement-millis: 50ms");
        assertThat(database.query("SELECT * FROM crossfade_watch"))
                .as("the run has ended")
                .isEmpty();
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

    @ServerTest(ServerKind.MYSQL_80)
    void aBusySocketIsToldWithOneWayOutForEach(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)");
        Path file = folder.resolve("run.sock");
        try (OperatorSocket other = new OperatorSocket(command -> "")) {
            other.listen(file, false);
            int port = other.listen(0);
            Said said = run(seed(server, database, "--execute", "--serve-socket-file=" + file));
            assertThat(said.code()).as(said.text()).isEqualTo(2);
            assertThat(said.lastLine())
                    .contains("cannot take commands at " + file, "somebody listens")
                    .containsOnlyOnce("--serve-socket-file")
                    .containsOnlyOnce("--initially-drop-socket-file")
                    .doesNotContain("--serve-tcp-port");
            said = run(seed(server, database, "--execute", "--serve-tcp-port=" + port));
            assertThat(said.code()).as(said.text()).isEqualTo(2);
            assertThat(said.lastLine())
                    .contains("cannot take commands at port " + port)
                    .containsOnlyOnce("--serve-tcp-port")
                    .doesNotContain("socket-file");
        }
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
        Said replica = run(
                "alter", "--database=d", "--table=t", "--alter=ENGINE=InnoDB", "--test-on-replica", "--route=instant");
        assertThat(replica.code()).isEqualTo(2);
        assertThat(replica.lastLine()).contains("leave out --revert and --route");
        assertThat(run("alter", "--database=d", "--table=t", "--alter=x", "--test-on-replica-skip-replica-stop")
                        .lastLine())
                .contains("give both");
        assertThat(run("alter", "--database=d", "--table=t", "--alter=x", "--cut-over=sideways")
                        .lastLine())
                .contains("the kinds are atomic");
        Said mistyped = run("alter", "--pasword=" + SECRET, "--database=d");
        assertThat(mistyped.code()).isEqualTo(2);
        assertThat(mistyped.lastLine()).contains("not known: --pasword;").contains("alter --help");
        assertThat(mistyped.text()).doesNotContain(SECRET);
        assertThat(run("alter", "--port=abc").lastLine()).contains("'abc' is not an int");
        assertThat(run("alter", "--check-flag=resume").code()).isEqualTo(0);
        assertThat(run("alter", "--check-flag", "--nice-ratio=0", "--resume").code())
                .isEqualTo(0);
        assertThat(run("alter", "--resume", "--check-flag=true").code()).isEqualTo(0);
        assertThat(run("alter", "--check-flag", "--nothing-such").code()).isEqualTo(2);
        assertThat(run("alter", "--check-flag", "--resume", "--nothing-such").code())
                .isEqualTo(2);
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

    @Test
    void helpTellsWhatFlagsDo() {
        String help = commandLine().getUsageMessage().replaceAll("\\s+", " ");
        assertThat(help).contains("set the server's binlog_format to ROW").contains("zero dates pass always");
    }

    @ServerTest({ServerKind.MYSQL_80})
    void theWayBackNeedsNoAlterAndHooksAreToldTheTablesThatThereAre(TestServer server, TestDatabase database)
            throws Exception {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)", "INSERT INTO users VALUES (1), (2)");
        Path hooks = Files.createDirectory(folder.resolve("hooks"));
        Path hook = Files.writeString(
                hooks.resolve("gh-ost-on-success"),
                "#!/bin/sh\necho $GH_OST_GHOST_TABLE_NAME $GH_OST_OLD_TABLE_NAME $GH_OST_INSTANT_DDL >> '" + folder
                        + "/told'\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        // The run makes the file and waits until it is gone.
        Path flag = folder.resolve("postponed");
        Path postponed = Files.writeString(
                hooks.resolve("gh-ost-on-begin-postponed"),
                "#!/bin/sh\nrm '" + flag + "' && echo postponed >> '" + folder + "/told'\n");
        Files.setPosixFilePermissions(postponed, PosixFilePermissions.fromString("rwx------"));
        String[] target = {
            "alter",
            "--url=" + database.jdbcUrl(),
            "--user=" + server.user(),
            "--password=" + server.password(),
            "--table=users",
            "--timestamp-old-table",
            "--hooks-path=" + hooks,
            "--execute"
        };
        assertThat(run(with(
                                target,
                                "--alter=ADD COLUMN n INT",
                                "--route=ghost",
                                "--attempt-instant-ddl",
                                "--postpone-cut-over-flag-file=" + flag))
                        .code())
                .isEqualTo(0);
        String old =
                String.valueOf(database.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '"
                                + database.name() + "' AND TABLE_NAME LIKE '%\\_del'")
                        .get(0)
                        .get(0));
        Said status = run(with(target, "--status"));
        assertThat(status.text()).contains("ADD COLUMN n INT").contains("can be reverted");
        Said never = run(with(target, "--alter=ADD COLUMN m INT", "--skip-checksum"));
        assertThat(never.code()).isNotZero();
        assertThat(never.lastLine()).contains("--skip-checksum is for --revert", "never cut over");
        Said back = run(with(target, "--revert", "--skip-checksum"));
        assertThat(back.code()).as(back.text()).isEqualTo(0);
        assertThat(back.text()).contains("not compared before their names are exchanged, as asked for");
        assertThat(back.lastLine()).contains("State: done");
        assertThat(run(with(target, "--status")).text()).contains("cannot be reverted: it is reverted already");
        assertThat(Files.readAllLines(folder.resolve("told")))
                .containsExactly("postponed", "_users_gho " + old + " false", old + " _users_gho false");
    }

    @ServerTest({ServerKind.MYSQL_80})
    void aMistypedTableHasNoStatus(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)");
        for (String wish : List.of("--status", "--revert")) {
            Said said = run(seed(server, database, "--table=usesr", wish));
            assertThat(said.code()).as(said.text()).isEqualTo(3);
            assertThat(said.lastLine())
                    .contains("there is no such table", "did you mean " + database.name() + ".users?");
            assertThat(run(seed(server, database, wish)).text()).contains("no ghost change");
        }
    }

    @ServerTest({ServerKind.MYSQL_80})
    void severalTablesArePlannedAsTheyAreChanged(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY)");
        Path alters = Files.writeString(
                folder.resolve("alters.yaml"),
                "- {table: a, alter: ADD COLUMN n INT}\n- {table: b, alter: ADD COLUMN n INT}\n");
        Said plan = run(
                "alter",
                "--url=" + database.jdbcUrl(),
                "--user=" + server.user(),
                "--password=" + server.password(),
                "--alters=" + alters);
        assertThat(plan.code()).as(plan.text()).isEqualTo(0);
        assertThat(plan.text())
                .contains("_a_gho (the ghost)", "_b_gho (the ghost)")
                .doesNotContain("INSTANT");
    }

    @ServerTest({ServerKind.MYSQL_80})
    void aValueOfARowIsNeverPrinted(TestServer server, TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(40))",
                "INSERT INTO users VALUES (1, '" + SECRET + "'), (2, '" + SECRET + "'), (3, 'x')");
        Said said = run(
                "alter",
                "--url=" + database.jdbcUrl(),
                "--user=" + server.user(),
                "--password=" + server.password(),
                "--table=users",
                "--alter=ADD UNIQUE KEY one_name (name)",
                "--route=inplace",
                "--accept-lint",
                "--stack",
                "--execute");
        assertThat(said.code()).as(said.text()).isNotEqualTo(0);
        assertThat(said.text()).contains("one_name").contains("1062").doesNotContain(SECRET);
    }

    static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    /** What a command printed, on both streams. */
    record Said(int code, String text) {
        String lastLine() {
            String[] lines = text.strip().split("\n");
            return lines[lines.length - 1];
        }
    }

    static Said run(String... arguments) {
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
