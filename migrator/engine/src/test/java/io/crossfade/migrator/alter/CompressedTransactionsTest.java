package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.stream.PackedLog;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Hard case 6: a session compresses its transactions in the change log. Servers that can (MySQL 8.0.20 and later) do it themselves;
 * the log of older ones is packed on its way.
 */
class CompressedTransactionsTest {
    private static final int ROWS = 900;

    /** A type, and a value of it for each row n. */
    private static final List<String[]> TYPES = List.of(
            new String[] {"TINYINT UNSIGNED", "n % 256"},
            new String[] {"BIGINT UNSIGNED", "18446744073709551615 - n"},
            new String[] {"DECIMAL(30,10)", "n / -7"},
            new String[] {"FLOAT", "n / 8"},
            new String[] {"DOUBLE", "n / 3"},
            new String[] {"BIT(13)", "n"},
            new String[] {"YEAR", "1901 + n % 200"},
            new String[] {"DATE", "DATE('2020-02-28') + INTERVAL n DAY"},
            new String[] {"TIME(3)", "SEC_TO_TIME(n * -7.125)"},
            new String[] {"DATETIME(6)", "TIMESTAMP('2020-02-28 01:02:03.000004') + INTERVAL n HOUR"},
            new String[] {"TIMESTAMP(2) NULL", "TIMESTAMP('2020-02-28 01:02:03.04') + INTERVAL n MINUTE"},
            new String[] {"CHAR(9) CHARACTER SET latin1", "CONCAT('ü', n)"},
            new String[] {"VARCHAR(300)", "REPEAT(CONCAT('ä€', n), 1 + n % 30)"},
            new String[] {"BINARY(6)", "UNHEX(HEX(n * 256))"},
            new String[] {"VARBINARY(40)", "UNHEX(SHA2(n, 256))"},
            new String[] {"ENUM('a','ß','c')", "1 + n % 3"},
            new String[] {"SET('x','y','z')", "n % 8"},
            new String[] {"TEXT", "REPEAT(n, 1 + n % 100)"},
            new String[] {"LONGBLOB", "REPEAT(UNHEX(SHA2(n, 256)), 1 + n % 9)"},
            new String[] {"JSON", "JSON_OBJECT('n', n, 'd', n / 4, 't', CONCAT('ö', n))"},
            new String[] {"POINT", "POINT(n, n / 2)"});

    @ServerTest(ServerKind.MYSQL_80)
    void aWholeRunReadsTransactionsThatComeCompressed(TestServer server, TestDatabase database) throws Exception {
        boolean canCompress;
        try (Connection connection = database.connect()) {
            canCompress = Server.variable(connection, "binlog_transaction_compression") != null;
        }
        try (PackedLog packed = PackedLog.of(server);
                Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            if (!canCompress) {
                trial.logPort = packed.port();
            }
            create(scene);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1, ADD KEY (c0)")
                    .untilHalf();
            try (Connection connection = trial.connect();
                    Statement s = connection.createStatement()) {
                if (canCompress) {
                    s.execute("SET SESSION binlog_transaction_compression = ON");
                }
                write(connection, s);
            }
            scene.open().finish();

            assertThat(scene.repaired()).as("%s", trial.said()).isZero();
            assertThat(trial.one("SELECT SUM(note) = COUNT(*) FROM t")).isEqualTo("1");
            assertThat(trial.one(sum("t"))).isEqualTo(trial.one(sum("twin")));
            if (canCompress) {
                assertThat(payloads(trial)).isPositive();
            } else {
                assertThat(packed.packed()).isGreaterThanOrEqualTo(6);
            }
        }
    }

    private static void create(Scene scene) throws SQLException {
        StringBuilder create = new StringBuilder(" (id INT NOT NULL PRIMARY KEY");
        StringBuilder columns = new StringBuilder("id");
        StringBuilder values = new StringBuilder("n");
        for (int i = 0; i < TYPES.size(); i++) {
            create.append(", c").append(i).append(' ').append(TYPES.get(i)[0]);
            columns.append(", c").append(i);
            values.append(", ").append(TYPES.get(i)[1]);
        }
        for (String table : new String[] {"t", "twin"}) {
            scene.trial.execute("CREATE TABLE " + table + create + ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
            scene.fill(table, columns.toString(), values.toString(), ROWS);
        }
    }

    /** Large and small ones, in what is copied and in what is not. */
    private static void write(Connection connection, Statement s) throws SQLException {
        connection.setAutoCommit(false);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < TYPES.size(); i++) {
            all.append(i == 0 ? "" : ", ")
                    .append('c')
                    .append(i)
                    .append(" = ")
                    .append(TYPES.get(i)[1].replaceAll("\\bn\\b", "(ABS(id) % 3000 + 7)"));
        }
        for (int round = 0; round < 6; round++) {
            for (String table : new String[] {"t", "twin"}) {
                // The first is of some MiB, in some hundred events.
                s.execute("UPDATE " + table + " SET " + all + (round == 0 ? "" : " WHERE id % 97 = " + round));
                s.execute("DELETE FROM " + table + " WHERE id % 101 = " + round);
                s.execute("UPDATE " + table + " SET id = id + 100000 WHERE id % 103 = " + round);
                s.execute("INSERT INTO " + table + " (id, c17) VALUES (" + -round + ", 'new')");
                // One event larger than what is read at once.
                s.execute("UPDATE " + table + " SET c18 = REPEAT('b', 1500000) WHERE id = " + (200 + round * 600));
                s.execute("SAVEPOINT a");
                s.execute("UPDATE " + table + " SET c17 = 'never' WHERE id < 50");
                s.execute("ROLLBACK TO SAVEPOINT a");
            }
            connection.commit();
        }
    }

    private static String sum(String table) {
        StringBuilder row = new StringBuilder("id");
        for (int i = 0; i < TYPES.size(); i++) {
            row.append(", COALESCE(HEX(CAST(c").append(i).append(" AS ").append("BINARY)), '-')");
        }
        return "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', " + row + ")))) FROM " + table;
    }

    private static int payloads(AlterTrial trial) throws SQLException {
        int found = 0;
        for (String file : trial.column("SHOW BINARY LOGS")) {
            try (Connection connection = trial.connect();
                    Statement s = connection.createStatement();
                    var r = s.executeQuery("SHOW BINLOG EVENTS IN '" + file + "'")) {
                while (r.next()) {
                    found += r.getString(3).equals("Transaction_payload") ? 1 : 0;
                }
            }
        }
        return found;
    }
}
