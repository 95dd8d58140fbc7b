package io.crossfade.migrator.mysql;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_57;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** How large a table is of which the statistics know nothing yet. */
final class FileSizeTest {
    private static final long LOADED = 8L << 20;

    /** The server has not looked at it since it was empty, and does not. */
    private static void load(TestDatabase database, String name, String partitions) throws SQLException {
        String table = "`" + name + "`";
        database.execute(
                "CREATE TABLE " + table + " (id INT NOT NULL PRIMARY KEY AUTO_INCREMENT, a VARBINARY(8000) NOT NULL)"
                        + " ENGINE=InnoDB STATS_PERSISTENT=1 STATS_AUTO_RECALC=0 " + partitions,
                "INSERT INTO " + table + " (a) VALUES (REPEAT('a', 8000))");
        for (int i = 0; i < 10; i++) {
            database.execute("INSERT INTO " + table + " (a) SELECT a FROM " + table);
        }
    }

    private static TableFacts facts(Connection connection, TestDatabase database, String table) throws SQLException {
        return TableFacts.of(connection, new TableName(database.name(), table)).orElseThrow();
    }

    @ServerTest({MYSQL_57, MYSQL_80, MARIADB_114})
    void aTableThatWasJustLoadedIsAsLargeAsItsFile(TestDatabase database) throws Exception {
        load(database, "t", "");
        load(database, "p", "PARTITION BY HASH (id) PARTITIONS 3");
        // Of another name, that begins alike.
        load(database, "t2", "");
        try (Connection connection = database.connect()) {
            for (String table : new String[] {"t", "p"}) {
                TableFacts facts = facts(connection, database, table);
                assertThat(facts.dataBytes() + facts.indexBytes())
                        .as("by the statistics")
                        .isLessThan(LOADED / 4);
                TableFacts now = facts.withFile(connection);
                // Each partition has a file, which grows by megabytes.
                assertThat(now.dataBytes()).as(table).isBetween(LOADED, LOADED * (table.equals("p") ? 3 : 2));
                assertThat(now.indexBytes()).isEqualTo(facts.indexBytes());
            }
        }
    }

    /** MySQL 8.0.15 shows no size of those. */
    @ServerTest({MYSQL_57, MARIADB_114})
    void namesAreFoundAsTheFileSystemHasThem(TestDatabase database) throws Exception {
        load(database, "o-o $", "");
        try (Connection connection = database.connect()) {
            assertThat(facts(connection, database, "o-o $").withFile(connection).dataBytes())
                    .isBetween(LOADED, LOADED * 2);
        }
    }

    /** MySQL 8.0 gives pages back when it likes. */
    @ServerTest({MYSQL_57, MARIADB_114})
    void whatIsFreeInAFileIsNotTheTables(TestDatabase database) throws Exception {
        load(database, "t", "");
        database.execute("DELETE FROM t WHERE id > 8");
        try (Connection connection = database.connect()) {
            for (long untilNanos = System.nanoTime() + 60_000_000_000L; ; ) {
                TableFacts now = facts(connection, database, "t").withFile(connection);
                if (now.dataBytes() < LOADED * 3 / 4) {
                    return;
                }
                // Rows that were deleted are taken out by and by.
                assertThat(System.nanoTime()).as("bytes: " + now.dataBytes()).isLessThan(untilNanos);
            }
        }
    }

    @ServerTest({MYSQL_57, MYSQL_80, MARIADB_114})
    void whoMayNotSeeFilesIsToldWhatTheStatisticsSay(TestDatabase database) throws Exception {
        load(database, "t", "");
        String user = "low_" + database.name();
        database.execute(
                "CREATE USER '" + user + "'@'%' IDENTIFIED BY 'secret'",
                "GRANT SELECT ON `" + database.name() + "`.* TO '" + user + "'@'%'");
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), user, "secret")) {
            TableFacts facts = facts(connection, database, "t");
            assertThat(facts.withFile(connection)).isEqualTo(facts);
        } finally {
            database.execute("DROP USER '" + user + "'@'%'");
        }
    }
}
