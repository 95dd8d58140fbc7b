package io.crossfade.migrator.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.mysql.PrimaryKey;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
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

    /** Cut by a key that begins with a word or with one of few numbers, or has one within, each row is read once or twice, not once for each range. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rangesOfWordsAreReadByTheIndex(TestDatabase database) throws Exception {
        for (String type : List.of("ENUM('b','a','it''s')", "SET('b','a')", "INT")) {
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

    /** The walk goes in the index's own order, so that no range is sorted; what orders keys here agrees with the server. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void rangesOfAKeyThatGoesUpAndDownAreReadByTheIndex(TestDatabase database) throws Exception {
        for (String type : List.of(
                "INT", "VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "ENUM('b','a','it''s')", "TIME")) {
            for (String order : List.of(
                    "k, n",
                    "z, k, n",
                    "z, k DESC, n",
                    "k, n DESC",
                    "k DESC, n",
                    "n, k DESC",
                    "n DESC, k",
                    "n DESC, k DESC")) {
                database.execute(
                        "DROP TABLE IF EXISTS t",
                        "CREATE TABLE t (k " + type + " NOT NULL, n INT NOT NULL, v INT, z INT NOT NULL DEFAULT 5,"
                                + " PRIMARY KEY (" + order + "))",
                        "INSERT INTO t (k, n, v) VALUES (1, 1, 1), (2, 1, 1), (3, 1, 1)");
                for (int i = 0; i < 9; i++) {
                    database.execute("INSERT INTO t (k, n, v) SELECT k, n + " + (1 << i) + ", v FROM t");
                }
                String what = type + " " + order;
                try (Connection connection = database.connect()) {
                    Table table = new CatalogReader(connection)
                            .table(new TableName(database.name(), "t"))
                            .orElseThrow();
                    Key key = PrimaryKey.of(connection, MySqlDialect.of("8.0.15"), table);
                    requireReadOnce(database, key, what);
                    requireServersOrder(connection, key, what);
                }
            }
        }
    }

    /** Rows that are looked at one by one are found one by one. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void severalKeysAreFoundByTheIndex(TestDatabase database) throws Exception {
        for (String type :
                List.of("INT", "VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "ENUM('1','2','3')")) {
            database.execute(
                    "DROP TABLE IF EXISTS t",
                    "CREATE TABLE t (k " + type + " NOT NULL, n INT NOT NULL, v INT, PRIMARY KEY (k, n))",
                    "INSERT INTO t VALUES (1, 1, 1), (2, 1, 1), (3, 1, 1)");
            for (int i = 0; i < 9; i++) {
                database.execute("INSERT INTO t SELECT k, n + " + (1 << i) + ", v FROM t");
            }
            try (Connection connection = database.connect();
                    Statement s = connection.createStatement()) {
                Table table = new CatalogReader(connection)
                        .table(new TableName(database.name(), "t"))
                        .orElseThrow();
                Key key = PrimaryKey.of(connection, MySqlDialect.of("8.0.15"), table);
                String one = type.startsWith("VARCHAR") ? "31" : "1";
                List<List<String>> keys = new ArrayList<>();
                for (int i = 1; i <= 10; i++) {
                    keys.add(List.of(one, Integer.toString(i * 40)));
                }
                s.execute("FLUSH STATUS");
                try (ResultSet r = s.executeQuery("SELECT COUNT(v) FROM " + key.indexed() + " WHERE " + key.in(keys))) {
                    r.next();
                    assertThat(r.getLong(1)).as(type).isEqualTo(10);
                }
                assertThat(handlerReads(s)).as(type).isLessThan(100);
                s.execute("FLUSH STATUS");
                assertThat(s.executeUpdate("DELETE FROM " + key.quotedTable() + " WHERE " + key.in(keys)))
                        .as(type)
                        .isEqualTo(10);
                assertThat(handlerReads(s)).as(type).isLessThan(100);
            }
        }
    }

    private static void requireServersOrder(Connection connection, Key key, String what) throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT " + key.selected() + " FROM " + key.indexed() + " ORDER BY " + key.ordered())) {
            while (r.next()) {
                keys.add(key.read(r));
            }
        }
        List<KeyPoint> points = KeyOrder.of(key, Collections.nCopies(3, "utf8mb4_bin"), Collections.nCopies(3, 0))
                .points(connection, keys);
        assertThat(points).as(what).isSorted();
        assertThat(key.last(connection)).as(what).contains(keys.get(keys.size() - 1));
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
            // One look for the end, one at the rows, and what the server reads to tell; the whole table for each range
            // were 60 times.
            assertThat(handlerReads(s)).as(what).isLessThan(5 * 1536);
        }
    }

    private static long handlerReads(Statement s) throws SQLException {
        long read = 0;
        try (ResultSet r = s.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
            while (r.next()) {
                read += r.getLong(2);
            }
        }
        return read;
    }
}
