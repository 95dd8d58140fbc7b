package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.SQLException;

/** Every row is visited once, whatever the primary key is. */
class KeyTypesTest {
    private static final int ROWS = 60;

    private static final String DIGITS =
            "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL"
                    + " SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";

    /** Numbers i from 1 on; a recursive query, which would be shorter, MySQL 5.7 does not know. */
    private static final String NUMBERS = "(SELECT 1 + a.d + 10 * b.d AS i FROM " + DIGITS + " a, " + DIGITS
            + " b WHERE 10 * b.d + a.d < " + ROWS + ") n";

    @ServerTest
    void everyKindOfKeyIsWalked(TestDatabase database) throws SQLException {
        String[][] keys = {
            {"k INT", "k", "i - 30"},
            {"k BIGINT UNSIGNED", "k", "18446744073709551615 - i"},
            {"k DECIMAL(30,3)", "k", "12345678901234567890.125 * i"},
            {
                "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
                "k",
                "CONCAT(IF(i % 2, 'ä', 'Z'), i, '\\'')"
            },
            {"k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", "k", "IF(i = 1, '', CONCAT('x😀', i))"},
            {"k VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german2_ci", "k", "CONCAT('ß', i)"},
            {"k CHAR(8) CHARACTER SET ascii COLLATE ascii_bin", "k", "HEX(i)"},
            {"k BINARY(16)", "k", "UNHEX(MD5(i))"},
            {"k VARBINARY(20)", "k", "CONCAT(UNHEX('00FF27'), i)"},
            {"k CHAR(36)", "k", "INSERT(INSERT(MD5(i), 9, 0, '-'), 14, 0, '-')"},
            {"k DATE", "k", "DATE '2024-01-01' + INTERVAL i DAY"},
            {"k DATETIME(6)", "k", "TIMESTAMP '2024-10-27 02:30:00.000001' + INTERVAL i MICROSECOND"},
            {"k TIME(3)", "k", "SEC_TO_TIME(i * 100.125 - 3000)"},
            {"k ENUM('z','a','m'), b INT", "k, b", "1 + i % 3, i"},
            {
                "k INT, b VARCHAR(10) COLLATE utf8mb4_general_ci, c DATE",
                "k, b, c",
                "i % 3, CONCAT('b', i % 7), DATE '2024-01-01' +" + " INTERVAL i DAY"
            },
        };
        for (String[] key : keys) {
            walks(database, key);
        }
    }

    @ServerTest(ServerKind.MARIADB_114)
    void uuidIsWalked(TestDatabase database) throws SQLException {
        walks(database, new String[] {
            "k UUID", "k", "CONCAT(LPAD(HEX(i * 7919), 8, '0'), '-0000-1000-8000-', LPAD(HEX(61 - i), 12, '0'))"
        });
        walks(database, new String[] {"k INET6", "k", "CONCAT('2001:db8::', HEX(i))"});
    }

    private static void walks(TestDatabase database, String[] key) throws SQLException {
        database.execute(
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (" + key[0] + ", status VARCHAR(20), PRIMARY KEY (" + key[1]
                        + ")) DEFAULT CHARSET utf8mb4",
                "INSERT INTO t (" + key[1] + ", status) SELECT " + key[2] + ", CONCAT('s', i) FROM " + NUMBERS);
        Trial trial = new Trial(database);
        trial.with(m -> m.start(trial.change("rename: {from: status, to: order_status}")));
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE BINARY status = BINARY order_status"))
                .as(key[0])
                .isEqualTo(ROWS);
        assertThat(trial.seen.stream()
                        .filter(p -> p instanceof Progress.Rows r && r.isDone())
                        .map(p -> ((Progress.Rows) p).rowsDone()))
                .as(key[0])
                .containsExactly((long) ROWS, (long) ROWS);
        assertThat(trial.seen).filteredOn(p -> p instanceof Progress.Rows).hasSizeGreaterThan(2 * ROWS / 7);
        trial.with(m -> m.rollback("c"));
    }
}
