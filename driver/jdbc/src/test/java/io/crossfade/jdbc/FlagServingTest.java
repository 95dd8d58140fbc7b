package io.crossfade.jdbc;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.crossfade.flag.ReadShare;
import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/** Which side the reads of an application go to, by its keys and its flags. */
class FlagServingTest {
    private static final int CLIENTS_MAX = 6;
    private static final String READ = "SELECT status FROM orders WHERE id = 1";

    /** Keys that read old and new at fifty percent. */
    private static final String OLD = key(false);

    private static final String NEW = key(true);

    @TempDir
    private Path folder;

    @ServerTest
    void clientInfoIsAboveTheCommentAndThatAboveTheInstance(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            live(database, migrator, 50);
            String instance = side(statement, READ);
            assertThat(side(statement, READ + comment(OLD))).isEqualTo("old");
            assertThat(side(statement, READ + comment(NEW))).isEqualTo("new");
            assertThat(side(statement, "/* crossfade.key=" + OLD + " */ " + READ))
                    .isEqualTo("old");
            assertThat(side(statement, READ)).isEqualTo(instance);
            connection.setClientInfo("crossfade.key", OLD);
            assertThat(side(statement, READ + comment(NEW))).isEqualTo("old");
            connection.setClientInfo("crossfade.key", NEW);
            assertThat(side(statement, READ + comment(OLD))).isEqualTo("new");
            try (PreparedStatement read = connection.prepareStatement(READ + comment(OLD))) {
                assertThat(side(read)).isEqualTo("new");
                connection.setClientInfo("crossfade.key", null);
                assertThat(side(read)).isEqualTo("old");
            }
        }
    }

    @ServerTest
    void transactionKeepsTheKeyOfItsFirstStatementOnAChangingTable(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement(READ + comment(OLD))) {
            live(database, migrator, 50);
            connection.setAutoCommit(false);
            statement.execute("SELECT 1" + comment(OLD));
            assertThat(side(statement, READ + comment(NEW))).isEqualTo("new");
            assertThat(side(statement, READ + comment(OLD))).isEqualTo("new");
            assertThat(side(statement, READ)).isEqualTo("new");
            assertThat(side(prepared)).isEqualTo("new");
            connection.setClientInfo("crossfade.key", OLD);
            assertThat(side(statement, READ)).isEqualTo("new");
            connection.commit();
            assertThat(side(statement, READ)).isEqualTo("old");
            connection.setClientInfo("crossfade.key", NEW);
            statement.execute("COMMIT AND CHAIN");
            assertThat(side(statement, READ)).isEqualTo("new");
            connection.rollback();
            connection.setAutoCommit(true);
            statement.execute("BEGIN");
            assertThat(side(statement, READ)).isEqualTo("new");
            connection.setClientInfo("crossfade.key", OLD);
            assertThat(side(statement, READ)).isEqualTo("new");
            statement.execute("COMMIT");
            assertThat(side(statement, READ)).isEqualTo("old");
        }
    }

    @ServerTest
    void keyThatReadsNewGoesOnDoingSoAsTheShareRises(TestDatabase database) throws Exception {
        Path file = folder.resolve(database.name() + ".yaml");
        write(file, "orders-status: 0\n");
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, flags(file));
                Statement statement = connection.createStatement()) {
            live(database, migrator, 1);
            boolean[] isNew = new boolean[20];
            for (int percent = 0; percent <= 100; percent += 20) {
                write(file, "orders-status: " + percent + "\n");
                String seen = "\"flag-percent:orders-status\":" + percent;
                await().atMost(Migrator.BOUND)
                        .until(() ->
                                String.valueOf(migrator.client().counters()).contains(seen));
                for (int key = 0; key < isNew.length; key++) {
                    boolean now =
                            side(statement, READ + comment("customer " + key)).equals("new");
                    assertThat(now).isEqualTo(ReadShare.readsNew("customer " + key, "orders-status", percent));
                    assertThat(now || !isNew[key]).isTrue();
                    isNew[key] = now;
                }
            }
            assertThat(isNew).doesNotContain(false);
        }
    }

    @ServerTest
    void transactionKeepsItsFlags(TestDatabase database) throws Exception {
        Path file = folder.resolve(database.name() + ".yaml");
        write(file, "orders-status: 0\n");
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, flags(file));
                Connection other = Urls.connect(database, flags(file));
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement(READ);
                Statement watching = other.createStatement()) {
            live(database, migrator, 100);
            await().atMost(Migrator.BOUND).until(() -> side(watching, READ).equals("old"));
            connection.setAutoCommit(false);
            assertThat(side(statement, READ)).isEqualTo("old");
            write(file, "orders-status: 100\n");
            await().atMost(Migrator.BOUND).until(() -> side(watching, READ).equals("new"));
            assertThat(side(statement, READ)).isEqualTo("old");
            assertThat(side(prepared)).isEqualTo("old");
            connection.commit();
            assertThat(side(prepared)).isEqualTo("new");
            assertThat(side(statement, READ)).isEqualTo("new");
        }
    }

    @ServerTest
    void sourceThatIsGoneKeepsItsValueAndARestartFallsBackAndTheKillSwitchWins(TestDatabase database) throws Exception {
        Path file = folder.resolve(database.name() + ".yaml");
        write(file, "orders-status: 0\n");
        ControlLinks after = new ControlLinks();
        try (Migrator migrator = new Migrator(database);
                Connection before = Urls.connect(database, flags(file));
                Statement running = before.createStatement()) {
            live(database, migrator, 100);
            await().atMost(Migrator.BOUND).until(() -> side(running, READ).equals("old"));
            Files.delete(file);
            try (Connection restarted = connect(after, database, flags(file));
                    Statement statement = restarted.createStatement()) {
                assertThat(side(statement, READ)).as("the control table's").isEqualTo("new");
                assertThat(side(running, READ)).as("the last good one").isEqualTo("old");
                write(file, "orders-status: 100\n");
                await().atMost(Migrator.BOUND).until(() -> side(running, READ).equals("new"));
                migrator.store
                        .changes()
                        .move(migrator.row(), Stage.LIVE, migrator.row().state().direction(), 0, "test", "kill");
                await().atMost(Migrator.BOUND).until(() -> side(running, READ).equals("old"));
                await().atMost(Migrator.BOUND).until(() -> side(statement, READ).equals("old"));
            }
        } finally {
            after.closeAll();
        }
    }

    /** The service is slower than a connection, and is waited for. */
    @ServerTest
    void clientBeginsWithItsFlags(TestDatabase database) throws Exception {
        WireMockServer service = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        service.start();
        service.stubFor(any(anyUrl())
                .willReturn(ok("{\"flags\": [{\"key\": \"crossfade.orders-status\", \"value\": 0}]}")
                        .withFixedDelay(300)));
        String flags = "&crossfade.flags=ofrep&crossfade.flags.url=" + service.baseUrl();
        try (Migrator migrator = new Migrator(database);
                Connection other = Urls.connect(database, "")) {
            live(database, migrator, 100);
            // A client that did not wait would never read old first; one that waits may meet its bound on a crowded
            // machine.
            List<String> first = new ArrayList<>();
            while (!first.contains("old") && first.size() < CLIENTS_MAX) {
                ControlLinks links = new ControlLinks();
                try (Connection connection = connect(links, database, flags);
                        Statement statement = connection.createStatement()) {
                    first.add(side(statement, READ));
                } finally {
                    links.closeAll();
                }
            }
            assertThat(first).contains("old");
        } finally {
            service.stop();
        }
    }

    private static Connection connect(ControlLinks links, TestDatabase database, String parameters)
            throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", database.user());
        login.setProperty("password", database.password());
        return new CrossfadeDriver(links)
                .connect(Urls.mysql(database) + "&crossfade.pollMillis=50" + parameters, login);
    }

    /** A row whose sides disagree on purpose, so that a read tells which one it took. */
    private static void live(TestDatabase database, Migrator migrator, int percent) throws SQLException {
        migrator.open();
        migrator.moveTo(Stage.LIVE);
        database.execute("INSERT INTO orders (id, status, order_status) VALUES (1, 'old', 'new')");
        migrator.readPercent(percent);
    }

    private static String flags(Path file) {
        return "&crossfade.flags=file&crossfade.flags.pollMillis=50&crossfade.flags.file="
                + URLEncoder.encode(file.toString(), StandardCharsets.UTF_8);
    }

    private static void write(Path file, String text) throws IOException {
        Path beside = file.resolveSibling("new");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String comment(String key) {
        return " /*action='test',crossfade.key='" + key.replace(" ", "%20") + "'*/";
    }

    private static String key(boolean readsNew) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "customer-" + i)
                .filter(key -> ReadShare.readsNew(key, "orders-status", 50) == readsNew)
                .findFirst()
                .orElseThrow();
    }

    private static String side(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String side(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }
}
