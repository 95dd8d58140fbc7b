package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.cli.AlterCommandTest.Said;
import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code crossfade alter} over TLS, on servers that take nothing else: whatever of a run came in plain text, its change log too, would
 * be refused. One has a certificate of our authority that names its address; the other has what MySQL makes for itself, which names no host.
 */
final class TlsCommandTest {
    private static final String PASSWORD = "Pass-word1";
    private static final int ROWS = 500;

    @TempDir
    private static Path folder;

    private static Certificates authority;
    private static EmbeddedServer named;
    private static EmbeddedServer selfMade;

    @BeforeAll
    static void start() throws Exception {
        authority = new Certificates(folder, "authority");
        named = server(
                "--ssl-ca=" + authority.authority(),
                "--ssl-cert=" + authority.sign("server", "san=ip:127.0.0.1"),
                "--ssl-key=" + authority.keyOf("server"));
        selfMade = server();
    }

    @AfterAll
    static void stop() {
        named.close();
        selfMade.close();
    }

    private static EmbeddedServer server(String... options) throws SQLException {
        EmbeddedServer.Builder builder = EmbeddedServer.of(ServerKind.MYSQL_80).bufferPoolMebibytes(16);
        for (String option : options) {
            builder.option(option);
        }
        EmbeddedServer server = builder.start();
        try (Connection connection = server.server().connect("");
                Statement s = connection.createStatement()) {
            s.execute("CREATE USER secure@'%' IDENTIFIED BY '" + PASSWORD + "' REQUIRE X509");
            s.execute("GRANT ALL ON *.* TO secure@'%'");
            s.execute("SET GLOBAL require_secure_transport = ON");
        }
        return server;
    }

    @BeforeEach
    void makeTables() throws SQLException {
        for (EmbeddedServer server : List.of(named, selfMade)) {
            try (Connection connection = connect(server.server());
                    Statement s = connection.createStatement()) {
                s.execute("DROP DATABASE IF EXISTS shop");
                s.execute("CREATE DATABASE shop");
                s.execute("CREATE TABLE shop.t (id INT NOT NULL PRIMARY KEY)");
                s.execute(
                        "INSERT INTO shop.t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                                + ROWS + ") SELECT i FROM n");
            }
        }
    }

    private static Connection connect(TestServer server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://" + server.host() + ":" + server.port() + "/?sslMode=REQUIRED",
                server.user(),
                server.password());
    }

    private static Said alterAs(EmbeddedServer server, String user, String password, String... flags) {
        TestServer at = server.server();
        List<String> arguments = new ArrayList<>(List.of(
                "alter",
                "--host=" + at.host(),
                "--port=" + at.port(),
                "--user=" + user,
                "--password=" + password,
                "--database=shop",
                "--table=t",
                "--alter=ADD COLUMN note INT NOT NULL DEFAULT 7",
                "--route=ghost",
                "--execute"));
        arguments.addAll(List.of(flags));
        return AlterCommandTest.run(arguments.toArray(new String[0]));
    }

    private static Said alter(EmbeddedServer server, String... flags) {
        return alterAs(server, server.server().user(), server.server().password(), flags);
    }

    private static void requireDone(EmbeddedServer server, Said said) throws SQLException {
        assertThat(said.code()).as(said.text()).isZero();
        try (Connection connection = connect(server.server());
                Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT SUM(note) FROM shop.t")) {
            row.next();
            assertThat(row.getLong(1)).isEqualTo(7L * ROWS);
        }
    }

    private static void requireRefused(EmbeddedServer server, Said said, String... parts) throws SQLException {
        assertThat(said.code()).as(said.text()).isNotZero();
        assertThat(said.lastLine()).startsWith("crossfade: ").contains(parts).doesNotContain(PASSWORD);
        assertThat(said.text().lines().filter(line -> line.contains("crossfade: ")))
                .hasSize(1);
        try (Connection connection = connect(server.server());
                Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT COUNT(*), GROUP_CONCAT(COLUMN_NAME) FROM"
                        + " information_schema.COLUMNS WHERE TABLE_SCHEMA = 'shop'")) {
            row.next();
            assertThat(row.getString(1) + row.getString(2)).isEqualTo("1id");
        }
    }

    @Test
    void aWholeChangeGoesOverTlsThatIsVerified() throws Exception {
        requireDone(named, alter(named, "--ssl", "--ssl-ca=" + authority.authority()));
    }

    @Test
    void whereNothingIsAskedForTlsIsUsedAllTheSame() throws Exception {
        requireDone(selfMade, alter(selfMade));
    }

    @Test
    void anotherAuthorityIsRefused() throws Exception {
        Path other = new Certificates(folder, "other").authority();
        requireRefused(named, alter(named, "--ssl", "--ssl-ca=" + other), "its certificate is not trusted", "--ssl-ca");
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefusedUnlessThatIsAllowed() throws Exception {
        requireRefused(
                selfMade,
                alter(selfMade, "--ssl"),
                "its certificate is not trusted",
                "--ssl-ca",
                "--ssl-allow-insecure");
        requireDone(selfMade, alter(selfMade, "--ssl", "--ssl-allow-insecure"));
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws Exception {
        requireRefused(
                selfMade,
                alter(selfMade, "--ssl", "--ssl-ca=" + madeByMySql("ca.pem")),
                "its certificate is not trusted",
                "name");
    }

    @Test
    void aUserWhoMustShowACertificateDoes() throws Exception {
        requireRefused(
                named,
                alterAs(named, "secure", PASSWORD, "--ssl", "--ssl-ca=" + authority.authority()),
                "Access denied",
                "REQUIRE X509",
                "--ssl-cert");
        Path certificate = authority.sign("client", "");
        requireDone(
                named,
                alterAs(
                        named,
                        "secure",
                        PASSWORD,
                        "--ssl",
                        "--ssl-ca=" + authority.authority(),
                        "--ssl-cert=" + certificate,
                        "--ssl-key=" + authority.keyOf("client")));
    }

    /** MySQL 8.0 writes the key as PKCS #1; gh-ost takes it. */
    @Test
    void theCertificateAndKeyThatMySqlMakesAreTaken() throws Exception {
        requireDone(
                selfMade,
                alterAs(
                        selfMade,
                        "secure",
                        PASSWORD,
                        "--ssl",
                        "--ssl-allow-insecure",
                        "--ssl-cert=" + madeByMySql("client-cert.pem"),
                        "--ssl-key=" + madeByMySql("client-key.pem")));
    }

    private static Path madeByMySql(String file) {
        return selfMade.directory().resolve("data").resolve(file);
    }
}
