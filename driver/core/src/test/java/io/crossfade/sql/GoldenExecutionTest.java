package io.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.Column;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Every golden text is taken by real servers: each is run, with parameters, inside a transaction that is rolled back. */
class GoldenExecutionTest {

    @ServerTest
    void everyGoldenTextIsTakenByTheServer(TestDatabase database) throws Exception {
        List<String> failures = new ArrayList<>();
        int run = 0;
        String there = "";
        boolean isMariaDb = database.server().kind().isMariaDb();
        for (GoldenCase c : GoldenCase.all()) {
            String sql = sent(c);
            if (sql != null && isRunnable(sql) && (!isForMySqlAlone(sql) || !isMariaDb)) {
                String tables = c.change() + c.stage();
                if (!tables.equals(there)) {
                    create(database, c);
                    there = tables;
                }
                run++;
                try (Connection connection = database.connect()) {
                    connection.setAutoCommit(false);
                    for (String one : inSchema(sql, database.name()).split(";")) {
                        if (!one.isBlank()) {
                            execute(connection, one);
                        }
                    }
                    connection.rollback();
                } catch (SQLException e) {
                    failures.add(c + "\n  " + sql + "\n  " + e.getMessage());
                }
            }
        }
        assertThat(failures).as("%d were run", run).isEmpty();
        assertThat(run).isGreaterThan(100);
    }

    private static String sent(GoldenCase c) {
        String expected = c.expected().split("\n(kept|not compared):")[0];
        return expected.startsWith("refused") ? null : expected.equals("same") ? c.sql() : expected;
    }

    private static String inSchema(String sql, String schema) {
        return sql.replace("shop.", schema + ".").replace("`shop`.", "`" + schema + "`.");
    }

    /** A trap for the reader or a statement that needs what the tables do not have. */
    private static boolean isRunnable(String sql) {
        return !sql.contains("MATCH")
                && !sql.contains("FORCE INDEX")
                && !sql.contains("NATURAL")
                && !sql.startsWith("TRUNCATE")
                && !sql.startsWith("LOCK")
                && !sql.contains("WITH ROLLUP")
                && !sql.contains("other.orders")
                && !sql.contains("last_login_at)")
                && !sql.startsWith("ANALYZE")
                && !sql.contains("customers SET orders")
                && !sql.contains("WHERE orders = 1")
                && !sql.contains("id = 1, orders = 1")
                && !sql.contains("Orders");
    }

    /** A common table that is given names from outside, and LATERAL. */
    private static boolean isForMySqlAlone(String sql) {
        return sql.contains("AS correlated") || sql.contains("LATERAL");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        long marks = sql.chars().filter(ch -> ch == '?').count();
        try (var s = connection.prepareStatement(sql)) {
            for (int i = 1; i <= marks; i++) {
                s.setString(i, "1");
            }
            s.execute();
        }
    }

    private static void create(TestDatabase database, GoldenCase c) throws SQLException {
        database.execute(
                "DROP TABLE IF EXISTS orders",
                "DROP TABLE IF EXISTS customers",
                create(GoldenFixture.live(
                        GoldenFixture.change(c.change()), c.stage() == Stage.OFF ? Stage.EXPAND : c.stage())),
                create(GoldenFixture.CUSTOMERS));
    }

    private static String create(Table table) {
        StringBuilder sql = new StringBuilder("CREATE TABLE " + table.name().table() + " (");
        for (Column column : table.columns()) {
            sql.append(column.name()).append(' ').append(column.type());
            sql.append(
                    column.charset() == null
                            ? ""
                            : " CHARACTER SET " + column.charset() + " COLLATE " + column.collation());
            sql.append(column.nullable() ? " NULL" : " NOT NULL")
                    .append(column.autoIncrement() ? " AUTO_INCREMENT" : "");
            sql.append(column.defaultSql() == null ? "" : " DEFAULT " + column.defaultSql())
                    .append(", ");
        }
        return sql.append("PRIMARY KEY (id))").toString();
    }
}
