package io.crossfade.migrator.alter;

import io.crossfade.testkit.SeededRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One session of an application. Each of its transactions does the same to the table {@code t} and to its twin, which nobody changes;
 * so the twin is what the table should be. Under REPEATABLE READ both tables are locked alike, {@code t} first, so that sessions
 * meet on both in the same order.
 *
 * <p>One thread at a time.
 */
final class StressWriter {
    private static final int DUPLICATE = 1062;

    /** Keys that rows may have; about half of them do. */
    static final int KEYS = 6000;

    private final SeededRandom random;
    private final StressTable table;
    private final Connection connection;
    private final Statement statement;
    private boolean isWithinSavepoint;

    StressWriter(SeededRandom random, StressTable table, Connection connection) throws SQLException {
        this.random = random;
        this.table = table;
        this.connection = connection;
        this.statement = connection.createStatement();
        statement.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO',"
                + " innodb_lock_wait_timeout = 3, transaction_isolation = 'REPEATABLE-READ'");
        connection.setAutoCommit(false);
    }

    /** Fills both tables. */
    static void fill(Connection connection, SeededRandom random, StressTable table, int rows) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO'");
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < rows; i++) {
                int number = i * (KEYS / rows);
                String unique = random.chance(10) ? "NULL" : table.uniqueValue(number);
                text.append(text.isEmpty() ? "" : ", ")
                        .append(table.row(random, table.key().values().apply(number), unique));
                if (i % 200 == 199 || i == rows - 1) {
                    s.execute(table.called().sql("INSERT INTO t " + table.names() + " VALUES ") + text);
                    text.setLength(0);
                }
            }
            String columns = everything(s, table.called());
            s.execute("INSERT INTO twin (" + columns + ") SELECT " + columns + " FROM "
                    + table.called().sql("t"));
        }
        connection.commit();
    }

    private static String everything(Statement s, StressNames called) throws SQLException {
        s.execute("SET SESSION group_concat_max_len = 10000");
        try (ResultSet r = s.executeQuery("SELECT GROUP_CONCAT(CONCAT('`', REPLACE(COLUMN_NAME, '`', '``'), '`')"
                + " ORDER BY ORDINAL_POSITION) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_NAME = " + called.literal("t")
                + " AND EXTRA NOT LIKE '%VIRTUAL%' AND EXTRA NOT LIKE '%STORED%'")) {
            r.next();
            return r.getString(1);
        }
    }

    /** Does one transaction; tells whether it was committed. */
    boolean transaction() throws SQLException {
        isWithinSavepoint = false;
        statement.execute("SET timestamp = " + System.currentTimeMillis() / 1000 + ".125");
        int steps = random.chance(4) ? 150 : 1 + random.nextInt(4);
        for (int i = 0; i < steps; i++) {
            step();
        }
        if (random.chance(10)) {
            connection.rollback();
            return false;
        }
        connection.commit();
        return true;
    }

    private void step() throws SQLException {
        if (random.chance(8)) {
            // In words, since a connector would quote its name as the server's mode says, not as this session's does.
            statement.execute("SAVEPOINT here");
            isWithinSavepoint = true;
            one();
            isWithinSavepoint = false;
            if (random.chance(70)) {
                statement.execute("ROLLBACK TO here");
            }
        }
        one();
    }

    private void one() throws SQLException {
        int kind = random.nextInt(100);
        if (kind < 20) {
            insert();
        } else if (kind < 45) {
            change();
        } else if (kind < 55) {
            both("DELETE FROM %t WHERE " + table.where(key()));
        } else if (kind < 63) {
            List<String> key = key();
            both("DELETE FROM %t WHERE " + table.where(key));
            both("INSERT INTO %t " + table.names() + " VALUES " + table.row(random, key, unique()));
        } else if (kind < 71) {
            both("UPDATE %t SET " + table.assigned(key()) + " WHERE " + table.where(key()));
        } else if (kind < 75) {
            int number = number();
            both("UPDATE %t SET " + table.assigned(table.key().respelled().apply(number)) + " WHERE "
                    + table.where(table.key().values().apply(number)));
        } else if (kind < 82) {
            both("REPLACE INTO %t " + table.names() + " VALUES " + table.row(random, key(), unique()));
        } else if (kind < 90) {
            String name = random.pick(table.written()).name();
            both("INSERT INTO %t " + table.names() + " VALUES " + table.row(random, key(), unique())
                    + " ON DUPLICATE KEY UPDATE " + name + " = VALUES(" + name + ")");
        } else if (kind < 98) {
            swap();
        } else if (random.chance(30)) {
            many();
        }
    }

    private void insert() throws SQLException {
        boolean isNumbered = table.key().isAutomatic() && random.chance(50);
        if (!isNumbered) {
            both("INSERT INTO %t " + table.names() + " VALUES " + table.row(random, key(), unique()));
            return;
        }
        String row = table.row(random, List.of("NULL"), unique());
        if (run("INSERT INTO t " + table.names() + " VALUES " + row) <= 0) {
            return;
        }
        try (ResultSet r = statement.executeQuery("SELECT LAST_INSERT_ID()")) {
            r.next();
            must("INSERT INTO twin " + table.names() + " VALUES (" + r.getString(1) + row.substring(row.indexOf(',')));
        }
    }

    private void change() throws SQLException {
        List<String> assignments = new ArrayList<>();
        for (StressTable.Written column : table.written()) {
            if (random.chance(40)) {
                assignments.add(column.name() + " = " + column.literal(random));
            }
        }
        if (table.hasUnique() && random.chance(30)) {
            assignments.add("u = " + unique());
        }
        if (!assignments.isEmpty()) {
            both("UPDATE %t SET " + String.join(", ", assignments) + " WHERE " + table.where(key()));
        }
    }

    /** Two rows exchange their unique values, or hand one on. */
    private void swap() throws SQLException {
        if (!table.hasUnique()) {
            return;
        }
        List<String> one = key();
        List<String> other = key();
        String ofOne = held(one);
        String ofOther = held(other);
        if (ofOne.isEmpty() || ofOther.isEmpty() || one.equals(other)) {
            return;
        }
        both("UPDATE %t SET u = " + (random.chance(50) ? "NULL" : table.uniqueValue(-1 - random.nextInt(1_000_000_000)))
                + " WHERE " + table.where(one));
        if (!isWithinSavepoint && random.chance(15)) {
            connection.commit();
        }
        both("UPDATE %t SET u = " + ofOne + " WHERE " + table.where(other));
        both("UPDATE %t SET u = " + ofOther + " WHERE " + table.where(one));
    }

    private String held(List<String> key) throws SQLException {
        try (ResultSet r = statement.executeQuery(
                table.called().sql("SELECT QUOTE(u) FROM t WHERE " + table.where(key) + " FOR UPDATE"))) {
            return r.next() ? r.getString(1) : "";
        }
    }

    private void many() throws SQLException {
        String ordered = " ORDER BY " + String.join(", ", table.keyNames()) + " LIMIT ";
        String name = table.keyNames().get(0);
        String behind = " WHERE " + name + " >= " + key().get(0);
        if (random.chance(20)) {
            both("DELETE FROM %t" + behind + ordered + random.nextInt(100, 300));
            return;
        }
        StressTable.Written column = random.pick(table.written());
        both("UPDATE %t SET " + column.name() + " = " + column.literal(random) + behind + ordered
                + random.nextInt(100, 2500));
    }

    private int number() {
        return random.nextInt(KEYS);
    }

    private List<String> key() {
        return random.chance(90)
                ? table.key().values().apply(number())
                : table.key().respelled().apply(number());
    }

    private String unique() {
        return random.chance(15) ? "NULL" : table.uniqueValue(random.nextInt(2 * KEYS));
    }

    private void both(String text) throws SQLException {
        int rows = run(text.replace("%t", "t"));
        if (rows >= 0) {
            int twinRows = must(text.replace("%t", "twin"));
            if ((rows > 0) != (twinRows > 0)) {
                throw new IllegalStateException(
                        "the table had " + rows + " rows and its twin " + twinRows + " for " + text);
            }
        }
    }

    private int must(String text) throws SQLException {
        int rows = run(text);
        if (rows < 0) {
            throw new IllegalStateException("a duplicate in the twin alone: " + text);
        }
        return rows;
    }

    /** Gives the rows, or -1 where the statement was refused for a duplicate. */
    private int run(String text) throws SQLException {
        try {
            return statement.executeUpdate(table.called().sql(text));
        } catch (SQLException e) {
            if (e.getErrorCode() != DUPLICATE) {
                throw new SQLException(e.getMessage() + "; " + text, e.getSQLState(), e.getErrorCode(), e);
            }
            return -1;
        }
    }
}
