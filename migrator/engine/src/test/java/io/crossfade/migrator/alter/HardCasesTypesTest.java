package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hard cases 13 to 15: values of types that change, copied and applied. The result must be what the server's own ALTER makes of a
 * twin that saw the same changes, and the checksum must not have had to mend a row.
 */
class HardCasesTypesTest {

    private static final int ROWS = 1200;

    /** One column: its type, its new type, and values that it takes in turn, as SQL. */
    private record Turned(String name, String from, String to, List<String> values) {

        static Turned of(String name, String from, String to, String... values) {
            return new Turned(name, from, to, List.of(values));
        }

        String value(int n) {
            return values.get(n % values.size());
        }
    }

    private static void changeLikeTheServer(TestServer server, TestDatabase database, List<Turned> columns)
            throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            StringBuilder create = new StringBuilder("CREATE TABLE t (id INT NOT NULL PRIMARY KEY");
            List<String> modified = new ArrayList<>();
            for (Turned column : columns) {
                create.append(", ").append(column.name()).append(' ').append(column.from());
                modified.add("MODIFY " + column.name() + " " + column.to());
            }
            trial.execute(create + ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
            List<String> inserts = new ArrayList<>();
            for (int from = 1; from <= ROWS; from += 200) {
                List<String> rows = new ArrayList<>();
                for (int id = from; id < from + 200; id++) {
                    rows.add(row(columns, id, id));
                }
                inserts.add("INSERT INTO t VALUES " + String.join(", ", rows));
            }
            trial.execute(inserts.toArray(String[]::new));
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");

            scene.start("t", String.join(", ", modified)).untilHalf();
            for (String table : List.of("t", "twin")) {
                // Everywhere: in what is copied, and in what is not.
                for (int id = 3; id <= ROWS; id += 37) {
                    trial.execute("REPLACE INTO " + table + " VALUES " + row(columns, id, id + 1));
                }
                for (int id = 5; id <= ROWS; id += 101) {
                    trial.execute("DELETE FROM " + table + " WHERE id = " + id);
                }
                for (int id = -20; id <= 0; id++) {
                    trial.execute("INSERT INTO " + table + " VALUES " + row(columns, id, id + 30));
                }
                trial.execute("UPDATE " + table + " SET id = id + 100000 WHERE id % 97 = 0");
            }
            scene.open().finish();

            trial.execute("ALTER TABLE twin " + String.join(", ", modified));
            for (Turned column : columns) {
                String shown = "SELECT CONCAT(id, ' ', COALESCE(HEX(CAST(" + column.name() + " AS BINARY)), 'NULL'))";
                assertThat(trial.column(shown + " FROM t ORDER BY id"))
                        .as(column + "")
                        .isEqualTo(trial.column(shown + " FROM twin ORDER BY id"));
            }
            assertThat(trial.column("SHOW CREATE TABLE t")).isNotEmpty();
            assertThat(scene.repaired()).as("%s", trial.said()).isZero();
        }
    }

    private static String row(List<Turned> columns, int id, int n) {
        StringBuilder row = new StringBuilder("(" + id);
        columns.forEach(c -> row.append(", ").append(c.value(Math.abs(n))));
        return row.append(')').toString();
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void textOfOneCharacterSetBecomesTextOfAnother(TestServer server, TestDatabase database) throws Exception {
        changeLikeTheServer(
                server,
                database,
                List.of(
                        Turned.of(
                                "latin",
                                "VARCHAR(30) CHARACTER SET latin1",
                                "VARCHAR(30) CHARACTER SET utf8mb4",
                                "_latin1 X'e9e8'",
                                "_latin1 X'8099'",
                                "'plain'",
                                "NULL",
                                "''",
                                "'trailing  '"),
                        Turned.of(
                                "gbk_",
                                "VARCHAR(30) CHARACTER SET gbk",
                                "VARCHAR(30) CHARACTER SET utf8mb4",
                                "_gbk X'c4e3bac3'",
                                "_gbk X'a1ad5c'",
                                "'x'"),
                        Turned.of(
                                "three",
                                "VARCHAR(30) CHARACTER SET utf8",
                                "TEXT CHARACTER SET utf8mb4",
                                "_utf8 X'e282ac'",
                                "_utf8 X'c4b1'",
                                "NULL"),
                        Turned.of(
                                "ucs",
                                "VARCHAR(30) CHARACTER SET utf16",
                                "VARCHAR(30) CHARACTER SET utf8mb4",
                                "_utf16 X'd83dde00'",
                                "_utf16 X'00610062'"),
                        Turned.of(
                                "padded",
                                "CHAR(10) CHARACTER SET latin1",
                                "VARCHAR(20) CHARACTER SET utf8mb4",
                                "_latin1 X'fc'",
                                "'a   '"),
                        Turned.of(
                                "kept",
                                "VARCHAR(10) CHARACTER SET latin1",
                                "VARCHAR(10) CHARACTER SET latin1",
                                "_latin1 X'df'",
                                "_latin1 X'81'")));
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void wordsAndNumbersBecomeOthers(TestServer server, TestDatabase database) throws Exception {
        changeLikeTheServer(
                server,
                database,
                List.of(
                        Turned.of(
                                "e1",
                                "ENUM('a','b','ç') CHARACTER SET utf8mb4",
                                "VARCHAR(5) CHARACTER SET utf8mb4",
                                "'a'",
                                "'ç'",
                                "NULL"),
                        Turned.of("e2", "ENUM('a','b','c')", "ENUM('c','x','b','a')", "'a'", "'b'", "'c'", "NULL"),
                        Turned.of("s1", "SET('a','b','c')", "SET('c','b','z','a')", "'a,c'", "''", "'b'", "'a,b,c'"),
                        Turned.of("s2", "SET('a','b')", "VARCHAR(10)", "'a,b'", "''", "NULL"),
                        Turned.of("i1", "INT", "VARCHAR(12)", "-7", "0", "2147483647", "NULL"),
                        Turned.of("i2", "VARCHAR(12)", "INT", "'12'", "'-3'", "'007'", "NULL"),
                        Turned.of("i3", "INT UNSIGNED", "BIGINT", "4294967295", "0"),
                        Turned.of("i4", "BIGINT UNSIGNED", "DECIMAL(30,2)", "18446744073709551615", "1", "NULL"),
                        Turned.of("i5", "MEDIUMINT UNSIGNED", "MEDIUMINT UNSIGNED", "16777215", "8388608"),
                        Turned.of("i6", "TINYINT", "ENUM('one','two','three')", "1", "3", "NULL"),
                        Turned.of("d1", "DECIMAL(12,4)", "DECIMAL(12,1)", "1.2500", "-1.25", "99999999.0501", "NULL"),
                        Turned.of("d2", "DECIMAL(12,4)", "DOUBLE", "0.1000", "-1.2345", "NULL"),
                        Turned.of("f1", "FLOAT", "DOUBLE", "0.1", "1e30", "-16777217", "NULL"),
                        Turned.of("f2", "DOUBLE", "FLOAT", "0.1", "123456.789", "-2.5e-10"),
                        Turned.of("f3", "FLOAT", "FLOAT", "0.1", "1.17549e-38", "-3.4e38"),
                        Turned.of("f4", "DOUBLE", "DECIMAL(20,5)", "0.1", "2.5", "-1234.56789"),
                        Turned.of("b1", "BIT(10)", "BIGINT UNSIGNED", "b'1111111111'", "0", "NULL"),
                        Turned.of("b2", "BIT(5)", "BIT(40)", "b'10101'", "0"),
                        Turned.of("y1", "YEAR", "INT", "2024", "1901", "0", "NULL"),
                        Turned.of("n1", "BINARY(6)", "VARBINARY(6)", "X'616200000000'", "X'610000'", "NULL"),
                        Turned.of("n2", "BINARY(6)", "BINARY(8)", "X'6100'", "X'ffff'"),
                        Turned.of("n3", "VARBINARY(20)", "BLOB", "X'00ff8000'", "''", "X'c3'"),
                        Turned.of("n4", "BINARY(16)", "BINARY(16)", "X'01020300000000000000000000000000'", "X'00'")));
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void timesBecomeOthers(TestServer server, TestDatabase database) throws Exception {
        changeLikeTheServer(
                server,
                database,
                List.of(
                        Turned.of(
                                "a",
                                "DATETIME(6)",
                                "DATETIME(0)",
                                "'2024-01-02 03:04:05.499999'",
                                "'2024-12-31 23:59:59.500000'",
                                "'1000-01-01 00:00:00.000001'",
                                "NULL"),
                        Turned.of("b", "DATETIME(3)", "DATETIME(6)", "'2024-01-02 03:04:05.007'", "NULL"),
                        Turned.of(
                                "c",
                                "TIME(6)",
                                "TIME(2)",
                                "'-838:59:59.000000'",
                                "'00:00:00.005'",
                                "'-00:00:00.999999'",
                                "NULL"),
                        Turned.of("d", "DATE", "DATETIME", "'2024-02-29'", "'1000-01-01'", "NULL"),
                        Turned.of("e", "DATETIME", "VARCHAR(30)", "'2024-02-29 12:00:00'", "NULL"),
                        Turned.of("f", "TIMESTAMP(3) NULL", "TIMESTAMP(6) NULL", "'2024-03-31 02:30:00.123'", "NULL"),
                        Turned.of("g", "VARCHAR(30)", "DATETIME", "'2024-02-29 12:00:00'", "'2024-02-29'", "NULL"),
                        Turned.of("h", "TIME(3)", "TIME(3)", "'838:59:59.000'", "'-00:00:01.001'")));
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void documentsBecomeTextAndBack(TestServer server, TestDatabase database) throws Exception {
        String[] documents = {
            "'{\"a\": 1, \"b\": [1.0, 2.5, -0.0, 1e100], \"c\": null}'",
            "'[true, false, \"ı\\\\u00e9\\\\n\", 18446744073709551615, -9223372036854775808]'",
            "'{}'",
            "'\"x\"'",
            "NULL"
        };
        changeLikeTheServer(
                server,
                database,
                List.of(
                        Turned.of("j1", "JSON", "TEXT", documents),
                        Turned.of("j2", "TEXT", "JSON", documents),
                        Turned.of("j3", "JSON", "JSON", documents)));
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {"MYSQL_80", "MARIADB_114"})
    void timeStampsBecomeTimesInTheServersZone(ServerKind kind) throws Exception {
        try (EmbeddedServer server = EmbeddedServer.of(kind)
                        .bufferPoolMebibytes(16)
                        .option("--default-time-zone=+05:30")
                        .start();
                TestDatabase database = TestDatabase.create(server.server())) {
            changeLikeTheServer(
                    server.server(),
                    database,
                    List.of(
                            Turned.of(
                                    "a",
                                    "TIMESTAMP NULL",
                                    "DATETIME NULL",
                                    "'2024-03-31 02:30:00'",
                                    "'1970-01-02 00:00:00'",
                                    "NULL"),
                            Turned.of(
                                    "b", "DATETIME(3) NULL", "TIMESTAMP(3) NULL", "'2024-10-27 02:30:00.500'", "NULL"),
                            Turned.of(
                                    "c",
                                    "TIMESTAMP(6) NULL",
                                    "TIMESTAMP(6) NULL",
                                    "'2024-10-27 02:30:00.654321'",
                                    "NULL"),
                            Turned.of("d", "TIMESTAMP NULL", "VARCHAR(40)", "'2024-10-27 02:30:00'", "NULL")));
        }
    }
}
