package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.cli.AlterCommandTest.Said;
import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code crossfade alter} at a replica: which server is changed, and which is not. */
class ReplicaCommandTest {
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(90);

    @Test
    void theReplicaOrItsSourceIsChangedAndNeverTheOther() throws Exception {
        try (EmbeddedServer first = server(1);
                EmbeddedServer second = server(2)) {
            TestServer source = first.server();
            TestServer replica = second.server();
            execute(replica, follow(source), "START SLAVE");
            TestDatabase database = TestDatabase.create(source);
            database.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
            until("the table is on the replica", () -> rows(replica, database.name() + ".t")
                    .equals("2"));

            bothWays(source, replica, database);
            Said there = alter(replica, database, "ADD COLUMN there INT");
            assertThat(there.code()).as(there.text()).isZero();
            assertThat(there.text()).contains("is a replica; its source");
            assertThat(columns(source, database)).containsExactly("id", "there");
            until("the replica follows", () -> columns(replica, database).contains("there"));

            Said here = alter(
                    replica,
                    database,
                    "ADD COLUMN here INT",
                    "--migrate-on-replica",
                    "--assume-master-host=" + source.host() + ":" + source.port());
            assertThat(here.code()).as(here.text()).isZero();
            assertThat(columns(source, database)).containsExactly("id", "there");
            assertThat(columns(replica, database)).containsExactly("id", "there", "here");
            Said wrong = alter(source, database, "ADD COLUMN here INT", "--migrate-on-replica");
            assertThat(wrong.code()).isEqualTo(3);
            assertThat(wrong.lastLine()).contains("does not replicate from another server");

            Said tried = alter(replica, database, "ADD COLUMN tried INT", "--test-on-replica");
            assertThat(tried.code()).as(tried.text()).isZero();
            assertThat(columns(replica, database)).containsExactly("id", "there", "here");
            assertThat(rows(replica, database.name() + "._t_gho")).isEqualTo("2");

            Said standing = alter(replica, database, "ADD COLUMN never INT");
            assertThat(standing.code()).isEqualTo(3);
            assertThat(standing.lastLine()).contains("but does not replicate (Slave_IO_Running: No)");
            assertThat(columns(source, database)).containsExactly("id", "there");
        }
    }

    /** While the two replicate from each other, the one that is named is written, and only where that is said; the other follows. */
    private static void bothWays(TestServer source, TestServer replica, TestDatabase database) throws Exception {
        execute(source, follow(replica), "START SLAVE");
        Said untold = alter(replica, database, "ADD COLUMN note INT", "--route=ghost");
        assertThat(untold.code()).isEqualTo(3);
        assertThat(untold.lastLine()).contains("replicate from each other", "--allow-master-master");
        assertThat(columns(replica, database)).containsExactly("id");

        Said told = alter(replica, database, "ADD COLUMN note INT", "--route=ghost", "--allow-master-master");
        assertThat(told.code()).as(told.text()).isZero();
        assertThat(told.text()).contains("# Migrating " + replica.host() + ":" + replica.port());
        assertThat(columns(replica, database)).containsExactly("id", "note");
        until("the other follows", () -> columns(source, database).contains("note"));
        execute(source, "INSERT INTO " + database.name() + ".t VALUES (3, 3)");
        until("what the other writes comes back", () -> rows(replica, database.name() + ".t")
                .equals("3"));
        execute(
                source,
                "USE " + database.name(),
                "DELETE FROM t WHERE id = 3",
                "DROP TABLE _t_del, _t_ghk",
                "ALTER TABLE t DROP COLUMN note");
        until("the replica follows", () -> columns(replica, database).equals(List.of("id")));
        execute(source, "STOP SLAVE", "RESET SLAVE ALL");
    }

    private static String follow(TestServer source) {
        return "CHANGE MASTER TO MASTER_HOST='" + source.host() + "', MASTER_PORT=" + source.port() + ", MASTER_USER='"
                + source.user() + "', MASTER_PASSWORD='" + source.password()
                + "', MASTER_AUTO_POSITION=1, GET_MASTER_PUBLIC_KEY=1";
    }

    private static EmbeddedServer server(int id) {
        return EmbeddedServer.of(ServerKind.MYSQL_80)
                .bufferPoolMebibytes(16)
                .option("--server-id=" + id)
                .option("--log-slave-updates")
                .start();
    }

    private static Said alter(TestServer at, TestDatabase database, String change, String... flags) {
        List<String> arguments = new ArrayList<>(List.of(
                "alter",
                "--host=" + at.host(),
                "--port=" + at.port(),
                "--user=" + at.user(),
                "--password=" + at.password(),
                "--database=" + database.name(),
                "--table=t",
                "--alter=" + change,
                "--execute"));
        arguments.addAll(List.of(flags));
        return AlterCommandTest.run(arguments.toArray(new String[0]));
    }

    private static List<String> columns(TestServer server, TestDatabase database) throws SQLException {
        return values(server, "SHOW COLUMNS FROM " + database.name() + ".t");
    }

    private static String rows(TestServer server, String table) throws SQLException {
        try {
            return values(server, "SELECT COUNT(*) FROM " + table).get(0);
        } catch (SQLException notYet) {
            return "";
        }
    }

    private static List<String> values(TestServer server, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = server.connect("");
                Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(query)) {
            while (r.next()) {
                values.add(r.getString(1));
            }
        }
        return values;
    }

    private static void execute(TestServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect("");
                Statement s = connection.createStatement()) {
            for (String sql : statements) {
                s.execute(sql);
            }
        }
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        long beganNanos = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - beganNanos)
                    .as("not in time: " + what)
                    .isLessThan(WAIT_NANOS_MAX);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
