package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.model.Side;
import io.crossfade.model.TableName;
import io.crossfade.state.Announcement;
import io.crossfade.state.ClientState;
import io.crossfade.state.ControlStore;
import io.crossfade.state.Naming;
import io.crossfade.state.RowsCompared;
import io.crossfade.state.Usage;
import io.crossfade.state.Watch;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @ServerTest
    void aChangeGoesToItsEndByCommands(TestDatabase database) throws IOException, SQLException {
        Path file = changeFile(database, "status");
        assertThat(run(database, "plan", file.toString())).isEqualTo(0);
        assertThat(run(database, "start", file.toString(), "--discovery-millis", "0"))
                .isEqualTo(0);
        assertThat(run(database, "start", file.toString(), "--discovery-millis", "0", "--json"))
                .isEqualTo(0);
        assertThat(run(database, "advance", "c", "--to", "complete")).isEqualTo(3);
        assertThat(run(database, "switch", "c", "--percent", "10")).isEqualTo(0);
        assertThat(run(database, "verify", "c")).isEqualTo(0);
        // What is not in the change log is mended by nobody.
        database.execute("SET sql_log_bin = 0", "UPDATE t SET status = 'past Crossfade' WHERE id = 1");
        assertThat(run(database, "verify", "c")).isEqualTo(5);
        database.execute("UPDATE t SET status = order_status WHERE id = 1");
        assertThat(run(database, "switch", "c", "--percent", "100", "--settle")).isEqualTo(0);
        assertThat(run(database, "advance", "c", "--to", "complete", "--quiet-for", "0"))
                .isEqualTo(0);
        assertThat(run(database, "status")).isEqualTo(0);
        assertThat(run(database, "status", "c", "--json")).isEqualTo(0);
        assertThat(run(database, "advance", "c", "--to", "contract", "--quiet-for=0"))
                .isEqualTo(0);
        assertThat(run(database, "close", "c")).isEqualTo(0);
        assertThat(run(database, "close", "c")).as("said once more").isEqualTo(0);
        assertThat(run(database, "rollback", "c")).as("contracted").isEqualTo(3);
        assertThat(database.query("SELECT * FROM t").get(0)).containsExactly(1, "new");
    }

    @ServerTest
    void aLongTransactionIsNamedByTheStatus(TestDatabase database) throws Exception {
        Path file = changeFile(database, "status");
        assertThat(run(database, "start", file.toString(), "--discovery-millis", "0"))
                .isEqualTo(0);
        try (Connection connection = database.connect()) {
            ClientState billing = new ClientState(
                    UUID.randomUUID(),
                    "billing",
                    "host-7",
                    1,
                    "1.0",
                    Side.OLD,
                    1,
                    1,
                    1,
                    Instant.parse("2026-01-02T03:04:05Z"),
                    4711L,
                    null);
            new ControlStore(connection).clients().renew(billing, Duration.ofMinutes(1));
        }
        assertThat(said(database, "status"))
                .contains("a transaction is open since 2026-01-02T03:04:05Z on connection 4711");
        assertThat(said(database, "status", "--json")).contains("\"oldestTransactionConnection\":4711");
    }

    @ServerTest
    void theLastStagesAreRefusedWhileSomebodyNamesTheOldColumns(TestDatabase database) throws Exception {
        Path file = changeFile(database, "status");
        assertThat(run(database, "start", file.toString(), "--discovery-millis", "0"))
                .isEqualTo(0);
        readsGoBackToOld(database);
        assertThat(run(database, "switch", "c", "--percent", "100", "--settle")).isEqualTo(0);
        String[] complete = {"advance", "c", "--to", "complete"};
        assertThat(said(database, complete)).contains("clients have been watched for", "only", "--quiet-for");
        database.execute("UPDATE crossfade_change SET opened_at = opened_at - INTERVAL 2 DAY");
        try (Connection connection = database.connect()) {
            ClientState billing = new ClientState(
                    UUID.randomUUID(), "billing", "host-7", 1, "1.0", Side.OLD, 1, 1, 1, null, null, null);
            new ControlStore(connection)
                    .usage()
                    .add(
                            billing,
                            List.of(new Usage(
                                    new Naming("c", Side.OLD, false, "UPDATE", "UPDATE t SET status = ?"),
                                    3,
                                    Duration.ofHours(23))));
        }
        assertThat(said(database, complete))
                .contains(
                        "the old columns were named within the last 24 h by billing on host-7 (23 h ago): UPDATE t SET status = ?");
        assertThat(said(database, "status", "c"))
                .contains("old columns named by billing on host-7 (driver 1.0), 3 times, last at");
        assertThat(said(database, "status", "c", "--json")).contains("\"named\":[{\"application\":\"billing\"");
        assertThat(said(database, "advance", "c", "--to", "complete", "--quiet-for", "soon"))
                .contains("--quiet-for cannot be read");
        assertThat(run(database, "advance", "c", "--to", "complete", "--quiet-for", "22h"))
                .isEqualTo(0);
        assertThat(run(database, "advance", "c", "--to", "contract")).isEqualTo(3);
        database.execute("UPDATE crossfade_usage SET last_at = last_at - INTERVAL 2 HOUR");
        assertThat(run(database, "advance", "c", "--to", "contract")).isEqualTo(0);
    }

    /** What two clients do that have read a row whose sides differ. */
    private static void readsGoBackToOld(TestDatabase database) throws SQLException {
        assertThat(run(database, "switch", "c", "--percent", "10")).isEqualTo(0);
        try (Connection connection = database.connect()) {
            ClientState billing = new ClientState(
                    UUID.randomUUID(), "billing", "host-7", 1, "1.0", Side.OLD, 1, 1, 1, null, null, null);
            ControlStore store = new ControlStore(connection);
            Duration now = Duration.ZERO;
            store.comparisons()
                    .add(billing, List.of(new RowsCompared("c", 1000, 2, now, now, List.of("id=1", "id=2"))));
            store.comparisons().add(billing, List.of(new RowsCompared("c", 234, 0, now, now, List.of("id=1"))));
            long epoch = store.changes().readOld("c", "billing", "2 rows differ");
            assertThat(store.changes().readOld("c", "checkout", "3 rows differ"))
                    .isEqualTo(epoch);
            assertThat(store.epoch()).isEqualTo(epoch);
        }
        assertThat(said(database, "status", "c"))
                .contains("live, 0 % of reads go to new")
                .contains("1,234 rows compared in reads of billing on host-7 (driver 1.0), 2 differed, from ")
                .contains("the last: id=1; id=2")
                .contains("by billing: reads back to old: 2 rows differ")
                .contains("crossfade switch c --percent N");
        assertThat(said(database, "status", "c", "--json"))
                .contains("\"rowsDiffering\":2", "\"readOldBecause\":\"reads back to old: 2 rows differ\"");
    }

    @ServerTest
    void whatIsWrittenWithoutTheDriverIsMendedAndShown(TestDatabase database) throws Exception {
        Path file = changeFile(database, "status");
        assertThat(said(database, "follow", "c")).contains("there is no change c");
        assertThat(run(database, "start", file.toString(), "--discovery-millis", "0"))
                .isEqualTo(0);
        database.execute("UPDATE t SET status = 'cron'");
        assertThat(said(database, "follow", "c", "--once")).contains("1 row changes were written without the driver");
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE order_status = 'cron'"))
                .isEqualTo(1);
        assertThat(said(database, "status", "c"))
                .contains(
                        "writers without the driver: all known up to ",
                        "old side written without the driver by ",
                        ", 1 row changes, 1 mended, first at ",
                        ": row id=1");
        assertThat(said(database, "status", "c", "--json"))
                .contains(
                        "\"followed\":{\"since\":",
                        "\"secondsBehind\":",
                        "\"side\":\"old\",\"times\":1,\"repaired\":1");
    }

    @ServerTest
    void aGateThatStandsIsShown(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            ControlStore store = new ControlStore(connection);
            store.install();
            UUID gate = UUID.randomUUID();
            UUID client = UUID.randomUUID();
            TableName table = new TableName(database.name(), "t");
            store.clients()
                    .renew(
                            new ClientState(client, "shop", "web-3", 4711, "1", Side.OLD, 1, 1, 2, null, null, "{}"),
                            Duration.ofHours(1));
            store.gates()
                    .announce(gate, List.of(table), Duration.ofMillis(200), Duration.ofMillis(5), LONG, "somebody");
            assertThat(said(database, "status"))
                    .contains("gate of " + table + ": near, by somebody since ")
                    .contains("  shop on web-3 (process 4711): has not answered");
            store.gates().move(gate, Announcement.Phase.CLOSED, 2, Duration.ofMillis(5), LONG);
            store.gates().answer(gate, client, 2, 0, 12L);
            assertThat(said(database, "status"))
                    .contains("gate of " + table + ": closed, by somebody")
                    .contains("(process 4711): is waited for, connection 12 was in the way");
            assertThat(said(database, "status", "--json"))
                    .contains("\"phase\":\"closed\",\"turn\":2,\"who\":\"somebody\"", "\"isLeft\":false")
                    .contains("\"turnSeen\":2,\"turnPassed\":0,\"holder\":12");
            store.gates().withdraw(gate);
            assertThat(said(database, "status")).doesNotContain("gate");
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aBackfillHoldsBackForWhatTheDriversMeasure(TestDatabase database) throws Exception {
        Path file = changeFile(database, "status");
        Path flag = Files.createFile(directory.resolve("hold"));
        String[] start = {
            "start",
            file.toString(),
            "--discovery-millis=0",
            "--max-statement-millis=50",
            "--throttle-flag-file=" + flag,
            "--json"
        };
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (PrintStream told = new PrintStream(bytes, true, StandardCharsets.UTF_8);
                Connection connection = database.connect()) {
            System.setOut(told);
            Future<Integer> started = thread.submit(() -> run(database, start));
            ControlStore store = new ControlStore(connection);
            await().atMost(WAIT_MAX)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> !store.watches().all().isEmpty());
            Watch watch = store.watches().all().get(0);
            assertThat(watch.limit()).isEqualTo(Duration.ofMillis(50));
            ClientState shop =
                    new ClientState(UUID.randomUUID(), "shop", "web-3", 4711, "1", Side.OLD, 1, 1, 1, null, null, null);
            store.clients().renew(shop, LONG);
            store.watches().report(watch, shop.id(), 100, 2, Duration.ofMillis(80));
            await().atMost(WAIT_MAX).until(() -> bytes.toString(StandardCharsets.UTF_8)
                    .contains("2.0 % of the drivers' statements took longer than 50 ms, the slowest 80 ms;"
                            + " most of them those of shop on web-3 (process 4711)"));
            database.execute("DELETE FROM crossfade_client");
            Files.delete(flag);
            assertThat(started.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS)).isZero();
            assertThat(store.watches().all()).isEmpty();
        } finally {
            System.setOut(out);
            thread.shutdownNow();
        }
        assertThat(said(database, "start", file.toString(), "--max-statement-millis=-1"))
                .contains("cannot set max-statement-millis to -1; give 0 or more");
    }

    @ServerTest
    void aChangeIsRolledBackAndARefusedOneNotBegun(TestDatabase database) throws IOException, SQLException {
        Path file = changeFile(database, "status");
        assertThat(run(database, "start", file.toString(), "--discovery-millis", "0"))
                .isEqualTo(0);
        assertThat(run(database, "rollback", "c")).isEqualTo(0);
        assertThat(run(database, "rollback", "c")).as("said once more").isEqualTo(0);
        assertThat(run(database, "start", changeFile(database, "nothing").toString()))
                .isEqualTo(3);
        assertThat(run(database, "start", directory.resolve("none.yaml").toString()))
                .isEqualTo(2);
        assertThat(run(database, "start", "--no-such-option")).isEqualTo(2);
    }

    @Test
    void aFaultThatTheCatalogShowsIsNamedWithItsPlaceInTheFile() throws IOException {
        Path file = Files.writeString(
                directory.resolve("a.yaml"), "change: c\ntable: s.t\ncolumns:\n  - rename: {from: stats, to: state}\n");
        MigrationException seen = MigrationException.refused(
                "cannot make change c of s.t:\n  there is no column \"stats\" in s.t; look at its spelling");
        assertThat(ChangeFileArgument.located(file, seen))
                .hasMessage("cannot make change c of s.t:\n  " + file
                        + ":4:20: there is no column \"stats\" in s.t; look at its spelling");
    }

    @Test
    void urlsOfAllKindsAreTaken() {
        assertThat(DatabaseUrl.of("jdbc:crossfade:mariadb://h:1/d?sslMode=disable&crossfade.view=new&user=u")
                        .url())
                .isEqualTo("jdbc:mysql://h:1/d?sslMode=DISABLED&user=u");
        assertThat(DatabaseUrl.of("jdbc:mysql://h/d?password=p").shown()).isEqualTo("jdbc:mysql://h/d");
    }

    @Test
    void theChangeLogIsReadWhereTheUrlPoints() {
        Properties user = new Properties();
        user.setProperty("user", "u");
        user.setProperty("password", "p");
        assertThat(ChangeLogAddress.of(DatabaseUrl.of("jdbc:crossfade:mariadb://h:3307/d?sslMode=disable"), user))
                .isEqualTo(new Endpoint(
                        "h",
                        3307,
                        "u",
                        "p",
                        Endpoint.Tls.OFF,
                        Endpoint.REPLICA_SERVER_ID + ProcessHandle.current().pid()));
        Endpoint plain =
                ChangeLogAddress.of(DatabaseUrl.of("jdbc:mysql://[::1]/d?user=a&password=b%26"), new Properties());
        assertThat(plain).isNotNull().hasToString("a@::1:3306");
        assertThat(plain.password()).isEqualTo("b&");
        assertThat(plain.tls()).isEqualTo(Endpoint.Tls.PREFERRED);
        assertThat(ChangeLogAddress.of(DatabaseUrl.of("jdbc:mysql://h1,h2/d"), user))
                .isNull();
    }

    private Path changeFile(TestDatabase database, String column) throws IOException, SQLException {
        database.execute(
                "CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY, status VARCHAR(20) NOT NULL)",
                "INSERT IGNORE INTO t VALUES (1, 'new')");
        return Files.writeString(
                directory.resolve(column + ".yaml"),
                "change: c\ntable: " + database.name() + ".t\ncolumns:\n  - rename: {from: " + column
                        + ", to: order_status}\n");
    }

    private static String said(TestDatabase database, String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            run(database, arguments);
            return bytes.toString(StandardCharsets.UTF_8);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static int run(TestDatabase database, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of("--url", database.jdbcUrl() + "&password=" + database.password(), "--user", database.user()));
        return Crossfade.run(new Interruption(), all.toArray(new String[0]));
    }
}
