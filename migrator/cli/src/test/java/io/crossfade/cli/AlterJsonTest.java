package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code crossfade alter --json} says of its end: the last object on stdout, and of errors the last line on stderr. */
class AlterJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ServerTest
    void theLastObjectTellsHowARunAndItsWayBackEnded(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE users (id INT PRIMARY KEY)", "INSERT INTO users VALUES (1), (2)");
        Said there = alter(server, database, "--alter=ADD n INT", "--route=ghost", "--execute");
        assertEnded(there, 0, "done");
        assertThat(there.last().path("reason").asText("?")).isEmpty();
        Said standing = alter(server, database, "--status");
        assertThat(standing.out()).hasSize(1);
        assertThat(standing.last().path("isRevertible").asBoolean()).isTrue();
        assertThat(alter(server, database, "--revert").out())
                .as("without --execute it asks how the table stands")
                .isEqualTo(standing.out());
        assertEnded(alter(server, database, "--revert", "--execute"), 0, "done");
        assertRefused(alter(server, database, "--revert", "--execute"), "reverted already");
        assertThat(alter(server, database, "--alter=ADD n INT", "--execute", "--quiet")
                        .out())
                .as("errors alone")
                .isEmpty();
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aRefusalIsTheLastObjectToo(TestServer server, TestDatabase database) throws Exception {
        database.execute("CREATE TABLE users (id INT, n INT PRIMARY KEY)", "INSERT INTO users VALUES (1, 1), (1, 2)");
        String duplicates = "--alter=ADD UNIQUE KEY (id)";
        assertRefused(alter(server, database, duplicates, "--execute"), "unique key");
        assertRefused(alter(server, database, duplicates, "--execute", "--quiet"), "unique key");
        Said plan = alter(server, database, duplicates);
        assertRefused(plan, "this would be refused");
        assertThat(plan.out().get(0).path("event").asText()).isEqualTo("plan");
        for (String wish : List.of("--status", "--revert")) {
            assertRefused(alter(server, database, "--table=usesr", wish), "there is no such table");
            assertRefused(alter(server, database, "--table=usesr", wish, "--execute"), "there is no such table");
        }
    }

    @Test
    void aCommandLineThatCannotBeReadHasItsEndToo() throws Exception {
        assertEnded(run("alter", "--json", "--pasword=x"), 2, "usage");
        assertEnded(run("alter", "-json", "--port=abc"), 2, "usage");
        assertEnded(run("alter", "--json=true", "--table=t", "--alter=ENGINE=InnoDB"), 2, "usage");
        assertEnded(run("alter", "--json", "--check-flag=nothing-such"), 2, "usage");
        String[] nobody = {
            "alter", "--host=127.0.0.1", "--port=1", "--user=u", "--database=d", "--table=t", "--alter=ADD a INT"
        };
        assertThat(run(nobody).out()).isEmpty();
        assertEnded(run(AlterCommandTest.with(nobody, "--json")), 1, "failed");
    }

    private static void assertRefused(Said said, String why) {
        assertEnded(said, 3, "refused");
        assertThat(said.last().path("reason").asText()).contains(why);
    }

    private static void assertEnded(Said said, int code, String outcome) {
        assertThat(said.code()).as(said.toString()).isEqualTo(code);
        JsonNode last = said.last();
        assertThat(last.path("event").asText()).isEqualTo("ended");
        assertThat(last.path("exitCode").asInt(-1)).isEqualTo(code);
        assertThat(last.path("outcome").asText()).isEqualTo(outcome);
        if (code != 0) {
            assertThat(said.err().lines().reduce((a, b) -> b))
                    .hasValue("crossfade: " + last.path("reason").asText());
        }
    }

    private static Said alter(TestServer server, TestDatabase database, String... more) throws Exception {
        return run(AlterCommandTest.with(
                new String[] {
                    "alter",
                    "--url=" + database.jdbcUrl(),
                    "--user=" + server.user(),
                    "--password=" + server.password(),
                    "--table=users",
                    "--json"
                },
                more));
    }

    /** What came on stdout, where each line is an object, but for notes, and on stderr. */
    private record Said(int code, List<JsonNode> out, String err) {
        JsonNode last() {
            return out.get(out.size() - 1);
        }
    }

    private static Said run(String... arguments) throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream blamed = new ByteArrayOutputStream();
        int code;
        try (PrintStream newOut = new PrintStream(said, true, StandardCharsets.UTF_8);
                PrintStream newErr = new PrintStream(blamed, true, StandardCharsets.UTF_8)) {
            System.setOut(newOut);
            System.setErr(newErr);
            code = Crossfade.run(new Interruption(), arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        List<JsonNode> objects = new ArrayList<>();
        for (String line : said.toString(StandardCharsets.UTF_8).lines().toList()) {
            objects.add(JSON.readTree(line));
        }
        // That the password can be seen.
        objects.removeIf(o -> o.path("event").asText().equals("note"));
        return new Said(code, objects, blamed.toString(StandardCharsets.UTF_8).strip());
    }
}
