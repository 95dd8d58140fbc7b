package io.crossfade.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;

class CatalogReaderTest {

    @ServerTest
    void columnsComeInOrderWithAllTheirFacts(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t ("
                + " id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the key',"
                + " name VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s',"
                + " path VARCHAR(20) DEFAULT 'a\\\\b',"
                + " n INT DEFAULT 7,"
                + " nothing INT,"
                + " flag BIT(3) DEFAULT b'101',"
                + " made DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),"
                + " twice INT AS (n * 2) VIRTUAL)");
        try (Connection connection = database.connect()) {
            Table table = new CatalogReader(connection)
                    .table(new TableName(database.name(), "t"))
                    .orElseThrow();
            assertThat(table.columns().stream().map(Column::name))
                    .containsExactly("id", "name", "path", "n", "nothing", "flag", "made", "twice");
            Column id = table.column("id").orElseThrow();
            assertThat(id.autoIncrement()).isTrue();
            assertThat(id.nullable()).isFalse();
            assertThat(id.type()).startsWith("bigint").endsWith("unsigned");
            assertThat(id.comment()).isEqualTo("the key");
            Column name = table.column("name").orElseThrow();
            assertThat(name.charset()).isEqualTo("latin1");
            assertThat(name.collation()).isEqualTo("latin1_bin");
            Column made = table.column("made").orElseThrow();
            assertThat(made.onUpdateNow()).isTrue();
            assertThat(made.defaultSql()).containsIgnoringCase("current_timestamp(3)");
            Column nothing = table.column("nothing").orElseThrow();
            assertThat(nothing.defaultSql()).isNull();
            assertThat(nothing.nullable()).isTrue();
            Column twice = table.column("twice").orElseThrow();
            assertThat(twice.generated()).isTrue();
            assertThat(made.generated()).isFalse();
        }
    }

    @ServerTest
    void everyDefaultMayStandInDdlAndMeansTheSame(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20) DEFAULT 'it''s', path VARCHAR(20) DEFAULT"
                        + " 'a\\\\b', n INT DEFAULT 7, d DECIMAL(5,2) DEFAULT -1.50, flag BIT(3) DEFAULT b'101',"
                        + " bytes VARBINARY(4) DEFAULT 'ab', e ENUM('x','y') DEFAULT 'y', day DATE DEFAULT '2020-01-02',"
                        + " blank VARCHAR(3) DEFAULT '')");
        try (Connection connection = database.connect()) {
            Table table = new CatalogReader(connection)
                    .table(new TableName(database.name(), "t"))
                    .orElseThrow();
            StringBuilder ddl = new StringBuilder("CREATE TABLE u (id INT PRIMARY KEY");
            for (Column c : table.columns().subList(1, table.columns().size())) {
                ddl.append(", ").append(c.name()).append(' ').append(c.type());
                ddl.append(" DEFAULT ").append(c.defaultSql());
            }
            database.execute(ddl + ")", "INSERT INTO t (id) VALUES (1)", "INSERT INTO u (id) VALUES (1)");
            assertThat(database.query("SELECT COUNT(*) FROM t NATURAL JOIN u")).hasToString("[[1]]");
        }
    }

    @ServerTest
    void expressionDefaultsKeepTheirQuotes(TestDatabase database) throws SQLException {
        if (database.query("SELECT VERSION()").toString().startsWith("[[5.")) {
            return; // No expression defaults there.
        }
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20) DEFAULT (CONCAT('it''s', 'b')))");
        try (Connection connection = database.connect()) {
            Table table = new CatalogReader(connection)
                    .table(new TableName(database.name(), "t"))
                    .orElseThrow();
            database.execute(
                    "CREATE TABLE u (id INT PRIMARY KEY, s VARCHAR(20) DEFAULT "
                            + table.column("s").orElseThrow().defaultSql() + ")",
                    "INSERT INTO u (id) VALUES (1)");
            assertThat(database.query("SELECT s FROM u")).hasToString("[[it'sb]]");
        }
    }

    @ServerTest
    void missingTableIsEmpty(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            assertThat(new CatalogReader(connection).table(new TableName(database.name(), "none")))
                    .isEmpty();
        }
    }
}
