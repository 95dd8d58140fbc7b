package io.crossfade.migrator.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

class KeyTest {

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void severalKeysWithWordsInThemAreFound(TestDatabase database) throws Exception {
        for (String type : List.of("ENUM('b','a')", "SET('b','a')", "BIT(4)")) {
            database.execute(
                    "DROP TABLE IF EXISTS t",
                    "CREATE TABLE t (k " + type + " NOT NULL, n INT NOT NULL, PRIMARY KEY (k, n))",
                    "INSERT INTO t VALUES (1, 7), (2, 7), (2, 8)");
            Key key = new Key(
                    MySqlDialect.of("8.0.15"),
                    new TableName(database.name(), "t"),
                    "PRIMARY",
                    List.of(KeyColumn.of(Column.plain("k", type)), KeyColumn.of(Column.plain("n", "int"))));
            String condition = key.in(List.of(List.of("1", "7"), List.of("2", "8"), List.of("1", "8")));
            assertThat(database.queryLong("SELECT COUNT(*) FROM " + key.indexed() + " WHERE " + condition))
                    .describedAs(type)
                    .isEqualTo(2);
        }
    }

    /** Cut by a key that begins with a word, or has one within, each row is read once or twice, not once for each range. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rangesOfWordsAreReadByTheIndex(TestDatabase database) throws Exception {
        for (String type : List.of("ENUM('b','a','it''s')", "SET('b','a')")) {
            for (List<String> order : List.of(List.of("k", "n"), List.of("n", "k"))) {
                database.execute(
                        "DROP TABLE IF EXISTS t",
                        "CREATE TABLE t (k " + type + " NOT NULL, n INT NOT NULL, v INT, PRIMARY KEY ("
                                + String.join(", ", order) + "))",
                        "INSERT INTO t VALUES (1, 1, 1), (2, 1, 1), (3, 1, 1)");
                for (int i = 0; i < 9; i++) {
                    database.execute("INSERT INTO t SELECT k, n + " + (1 << i) + ", v FROM t");
                }
                Key key = new Key(
                        MySqlDialect.of("8.0.15"),
                        new TableName(database.name(), "t"),
                        "PRIMARY",
                        order.stream()
                                .map(c -> KeyColumn.of(Column.plain(c, c.equals("k") ? type : "int")))
                                .toList());
                requireReadOnce(database, key, type + " " + order);
            }
        }
    }

    private static void requireReadOnce(TestDatabase database, Key key, String what) throws SQLException {
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            s.execute("FLUSH STATUS");
            long rows = 0;
            List<String> after = List.of();
            for (boolean isAtEnd = false; !isAtEnd; isAtEnd = after.isEmpty()) {
                KeyRange range = key.open(connection, after, 50);
                rows += key.count(connection, range);
                after = range.upTo();
            }
            assertThat(rows).as(what).isEqualTo(1536);
            long read = 0;
            try (ResultSet r = s.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
                while (r.next()) {
                    read += r.getLong(2);
                }
            }
            // One look for the end, one at the rows, and what the server reads to tell; the whole table for each range
            // were 60 times.
            assertThat(read).as(what).isLessThan(5 * 1536);
        }
    }
}
