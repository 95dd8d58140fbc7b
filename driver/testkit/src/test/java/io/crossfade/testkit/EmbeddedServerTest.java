package io.crossfade.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers of our own; two at once, since each test starts some. */
@Execution(ExecutionMode.CONCURRENT)
class EmbeddedServerTest {
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void bothDriversReachAServerThatWritesARowChangeLog(ServerKind kind) throws SQLException {
        try (EmbeddedServer embedded = EmbeddedServer.start(kind)) {
            TestServer server = embedded.server();
            assertThat(ask(server, "SELECT VERSION()")).startsWith(kind.embeddedVersion());
            assertThat(ask(server, "SELECT CONCAT(@@log_bin, @@binlog_format, @@binlog_row_image)"))
                    .matches("(1|ON)ROWFULL");
            assertThat(ask(server, "SELECT COUNT(*) FROM mysql.user WHERE user = ''"))
                    .isEqualTo("0");
            try (Connection connection =
                    DriverManager.getConnection(server.mariadbUrl("mysql"), server.user(), server.password())) {
                assertThat(connection.isValid(10)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void aClosedServerLeavesNeitherProcessNorFiles(ServerKind kind, @TempDir Path parent) {
        EmbeddedServer embedded = EmbeddedServer.of(kind).in(parent).start();
        ProcessHandle process = ProcessHandle.of(embedded.pid()).orElseThrow();
        embedded.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(parent).isEmptyDirectory();
        embedded.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void aServerThatWasEndedComesBackWithItsData(ServerKind kind) throws SQLException {
        try (EmbeddedServer embedded = EmbeddedServer.start(kind)) {
            TestServer server = embedded.server();
            try (Connection connection = server.connect("");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE kept");
            }
            embedded.kill();
            assertThatThrownBy(() -> ask(server, "SELECT 1")).isInstanceOf(SQLException.class);
            embedded.startAgain();
            assertThat(ask(server, "SHOW DATABASES LIKE 'kept'")).isEqualTo("kept");
            embedded.stop();
            embedded.startAgain();
            assertThat(ask(server, "SHOW DATABASES LIKE 'kept'")).isEqualTo("kept");
            assertThatThrownBy(embedded::startAgain).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void serversStartedAtOnceAreApart() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CompletableFuture<EmbeddedServer> one =
                    CompletableFuture.supplyAsync(() -> EmbeddedServer.start(ServerKind.MYSQL_80), threads);
            CompletableFuture<EmbeddedServer> other =
                    CompletableFuture.supplyAsync(() -> EmbeddedServer.start(ServerKind.MYSQL_80), threads);
            try (EmbeddedServer first = one.get();
                    EmbeddedServer second = other.get()) {
                assertThat(first.server().port()).isNotEqualTo(second.server().port());
                assertThat(ask(first.server(), "SELECT @@server_uuid"))
                        .isNotEqualTo(ask(second.server(), "SELECT @@server_uuid"));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aSecondStartUsesTheSameTemplate() throws Exception {
        Path template = ServerInstallation.in(ServerInstallation.cache(), ServerKind.MARIADB_114)
                .template();
        Object before = Files.getAttribute(template, "unix:ino");
        EmbeddedServer.start(ServerKind.MARIADB_114).close();
        assertThat(Files.getAttribute(template, "unix:ino")).isEqualTo(before);
    }

    @Test
    void anExtraOptionOverridesOurs() throws SQLException {
        try (EmbeddedServer embedded = EmbeddedServer.of(ServerKind.MARIADB_114)
                .bufferPoolMebibytes(16)
                .option("--sync-binlog=1")
                .start()) {
            assertThat(ask(embedded.server(), "SELECT @@sync_binlog")).isEqualTo("1");
            assertThat(ask(embedded.server(), "SELECT @@innodb_buffer_pool_size DIV 1048576"))
                    .isEqualTo("16");
        }
    }

    @Test
    void aServerThatEndsAtOnceTellsItsLog(@TempDir Path parent) {
        EmbeddedServer.Builder builder =
                EmbeddedServer.of(ServerKind.MARIADB_114).in(parent).option("--no-such-option");
        assertThatThrownBy(builder::start)
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessageContaining("unknown option '--no-such-option'");
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aMissingLibraryIsNamedWithItsPackage(@TempDir Path directory) throws Exception {
        Path program = directory.resolve("mysqld");
        Files.write(
                program,
                List.of(
                        "#!/bin/sh",
                        "echo \"$0: error while loading shared libraries: libaio.so.1: cannot open shared object file\" >&2",
                        "exit 127"));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> ServerInstallation.requireRunnable(ServerKind.MYSQL_80, program))
                .isInstanceOf(ServerUnavailableException.class)
                .hasMessageContaining("this system has no libaio.so.1")
                .hasMessageContaining("apt-get install libaio1 libnuma1")
                .hasMessageContaining("-Dcrossfade.test.mysql.url=");
    }

    private static String ask(TestServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
