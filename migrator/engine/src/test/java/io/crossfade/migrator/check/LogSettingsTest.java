package io.crossfade.migrator.check;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_57;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.mysql.Switches;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;

class LogSettingsTest {
    private static final Table TABLE = new Table(new TableName("shop", "orders"), List.of(Column.plain("id", "int")));

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void aServerWithRowsInItsLogWillDo(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(LogSettings.look(connection, TABLE, Switches.NONE)).isEmpty();
        }
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void everySettingThatHidesChangesIsNamed(ServerKind kind) throws Exception {
        EmbeddedServer.Builder builder = EmbeddedServer.of(kind)
                .option("--binlog-format=MIXED")
                .option("--binlog-row-image=MINIMAL")
                .option("--binlog-ignore-db=shop")
                .option("--binlog-expire-logs-seconds=3600");
        builder.option(kind.isMariaDb() ? "--log-bin-compress=ON" : "--binlog-row-value-options=PARTIAL_JSON");
        if (!kind.isMariaDb()) {
            builder.option("--binlog-order-commits=OFF");
        }
        try (EmbeddedServer server = builder.start();
                Connection connection = server.server().connect("")) {
            String found = shown(LogSettings.look(connection, TABLE, Switches.NONE));
            assertThat(found)
                    .contains("binlog_format", "binlog_row_image", "leaves out database \"shop\"", "3600 s only");
            assertThat(found).contains(kind.isMariaDb() ? "log_bin_compress" : "PARTIAL_JSON");
            assertThat(found.contains("binlog_order_commits")).isEqualTo(!kind.isMariaDb());
            assertThat(shown(LogSettings.look(connection, TABLE, new Switches(true, List.of()))))
                    .doesNotContain("binlog_format");
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void missingPrivilegesAreNamed(TestDatabase database) throws Exception {
        String user = "'reader'@'%'";
        database.execute("CREATE USER " + user + " IDENTIFIED BY 'reader'", "GRANT SELECT ON *.* TO " + user);
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), "reader", "reader")) {
            assertThat(shown(LogSettings.look(connection, TABLE, Switches.NONE)))
                    .contains("REPLICATION SLAVE", database.server().kind().isMariaDb() ? "BINLOG MONITOR" : "CLIENT");
        } finally {
            database.execute("DROP USER " + user);
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void aPreparedTransactionIsInTheWay(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            s.execute("XA START 'waits'");
            s.execute("INSERT INTO t VALUES (1)");
            s.execute("XA END 'waits'");
            s.execute("XA PREPARE 'waits'");
            try (Connection other = database.connect()) {
                assertThat(shown(LogSettings.look(other, TABLE, Switches.NONE))).contains("XA transaction");
            }
            s.execute("XA ROLLBACK 'waits'");
        }
    }

    @ServerTest({MYSQL_80})
    void columnsThatTheLogCannotGiveAreNamed(TestDatabase database) throws Exception {
        Table table = new Table(
                TABLE.name(),
                List.of(Column.plain("v", "vector(3)"), Column.plain("c", "text /*M!100301 COMPRESSED*/")));
        try (Connection connection = database.connect()) {
            assertThat(shown(LogSettings.look(connection, table, Switches.NONE)))
                    .contains("\"v\"", "\"c\"");
        }
    }

    private static String shown(List<Finding> findings) {
        return String.join("\n", findings.stream().map(Finding::toString).toList());
    }
}
