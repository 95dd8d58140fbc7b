package io.crossfade.migrator.row;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_57;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.Reading;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values of every type: written by the server, read from its log, put into a clone by {@link Literals}, and compared by the
 * server and by their images in the log.
 */
class TypesRoundTripTest {

    /** A column's type and the values that it takes, as SQL. */
    private record Kind(String type, List<String> values) {}

    private static Kind kind(String type, String... values) {
        return new Kind(type, List.of(values));
    }

    private static final List<Kind> NUMBERS = List.of(
            kind("TINYINT", "-128", "127", "0"),
            kind("TINYINT UNSIGNED", "255", "128"),
            kind("SMALLINT", "-32768", "32767"),
            kind("SMALLINT UNSIGNED", "65535"),
            kind("MEDIUMINT", "-8388608", "8388607", "-1"),
            kind("MEDIUMINT UNSIGNED", "16777215"),
            kind("INT", "-2147483648", "2147483647"),
            kind("INT UNSIGNED ZEROFILL", "4294967295", "7"),
            kind("BIGINT", "-9223372036854775808", "9223372036854775807"),
            kind("BIGINT UNSIGNED", "18446744073709551615", "9223372036854775808", "1"),
            kind(
                    "DECIMAL(65,30)",
                    "99999999999999999999999999999999999.999999999999999999999999999999",
                    "-99999999999999999999999999999999999.999999999999999999999999999999",
                    "0",
                    "0.000000000000000000000000000001",
                    "-1.5"),
            kind("DECIMAL(9,9)", "0.123456789", "-0.000000001"),
            kind("DECIMAL(18,0)", "999999999999999999", "-1"),
            kind("DECIMAL(19,1)", "123456789012345678.9"),
            kind("DECIMAL(10,2) UNSIGNED", "99999999.99"),
            kind(
                    "FLOAT",
                    "3.4028234663852886E38",
                    "-3.4028234663852886E38",
                    "1.17549435E-38",
                    "1.4E-45",
                    "0.1",
                    "16777217",
                    "-0E0",
                    "1234567.5"),
            kind("FLOAT(7,2)", "12345.67", "0.01"),
            kind(
                    "DOUBLE",
                    "1.7976931348623157E308",
                    "-1.7976931348623157E308",
                    "2.2250738585072014E-308",
                    "4.9E-324",
                    "0.1",
                    "0.30000000000000004",
                    "1E0/3",
                    "-0E0",
                    "9007199254740993"),
            kind("DOUBLE(20,5)", "123456789.12345"),
            kind("BIT(1)", "1", "0"),
            kind("BIT(9)", "511", "256"),
            kind("BIT(33)", "8589934591"),
            kind("BIT(64)", "18446744073709551615", "9223372036854775808", "0"),
            kind("YEAR", "0", "1901", "2155", "2000"),
            kind("ENUM('a','b','c')", "'a'", "'c'"),
            kind("SET('a','b','c','d','e','f','g','h','i')", "''", "'a,i'", "511"),
            kind("SET(" + members(64) + ")", "18446744073709551615", "9223372036854775808", "1"),
            kind("ENUM(" + members(300) + ")", "300", "1"));

    private static final List<Kind> TIMES = List.of(
            kind(
                    "DATE",
                    "'0000-00-00'",
                    "'2020-00-15'",
                    "'2020-01-00'",
                    "'9999-12-31'",
                    "'1000-01-01'",
                    "'0001-02-03'"),
            kind("TIME", "'-838:59:59'", "'838:59:59'", "'00:00:00'", "'-00:00:01'"),
            kind("TIME(1)", "'-838:59:58.9'", "'-00:00:00.1'", "'12:34:56.7'"),
            kind("TIME(2)", "'-00:00:00.01'", "'-01:00:00.99'"),
            kind("TIME(3)", "'-00:00:00.001'", "'-23:59:59.999'"),
            kind("TIME(4)", "'-00:00:00.0001'", "'-00:59:59.9999'"),
            kind("TIME(5)", "'-00:00:00.00001'", "'00:00:00.00009'"),
            kind("TIME(6)", "'-00:00:00.000001'", "'-838:59:58.999999'", "'838:59:58.000001'", "'-01:00:00'"),
            kind("DATETIME", "'0000-00-00 00:00:00'", "'2020-00-15 01:02:03'", "'9999-12-31 23:59:59'"),
            kind("DATETIME(1)", "'2020-02-29 01:02:03.4'"),
            kind("DATETIME(2)", "'2020-02-29 01:02:03.04'"),
            kind("DATETIME(3)", "'2020-02-29 01:02:03.004'"),
            kind("DATETIME(4)", "'2020-02-29 01:02:03.0004'"),
            kind("DATETIME(5)", "'2020-02-29 01:02:03.00004'"),
            kind(
                    "DATETIME(6)",
                    "'1000-01-01 00:00:00.000001'",
                    "'9999-12-31 23:59:59.999999'",
                    "'0000-00-00 00:00:00'"),
            kind(
                    "TIMESTAMP NULL",
                    "'1970-01-01 00:00:01'",
                    "'2038-01-19 03:14:07'",
                    "'0000-00-00 00:00:00'",
                    "'2000-02-29 23:59:59'",
                    "'1999-12-31 12:00:00'",
                    "'2024-03-01 00:00:00'"),
            kind("TIMESTAMP(1) NULL", "'2020-02-29 01:02:03.9'"),
            kind("TIMESTAMP(3) NULL", "'2020-02-29 01:02:03.009'", "'0000-00-00 00:00:00'"),
            kind("TIMESTAMP(6) NULL", "'2038-01-19 03:14:07.999999'", "'1970-01-01 00:00:01.000001'"));

    private static final List<Kind> TEXTS = List.of(
            kind("CHAR(10) CHARACTER SET latin1", "_latin1 X'e900ff'", "''", "'trailing  '"),
            kind("CHAR(200) CHARACTER SET utf8mb4", "REPEAT(_utf8mb4 X'f09f9880', 200)", "'x'"),
            kind("VARCHAR(20) CHARACTER SET gbk", "_gbk X'b0a1815c'", "''"),
            kind("VARCHAR(20) CHARACTER SET sjis", "_sjis X'835c8a41'"),
            kind("VARCHAR(300) CHARACTER SET utf8mb4", "_utf8mb4 X'f09f9880275c0022'", "REPEAT('y', 300)", "'z  '"),
            kind("VARCHAR(20) CHARACTER SET ucs2", "_ucs2 X'00e94e2d'"),
            kind("VARCHAR(20) CHARACTER SET utf16", "_utf16 X'd83dde00'"),
            kind("VARCHAR(20) CHARACTER SET utf32", "_utf32 X'0001f600'"),
            kind("TEXT CHARACTER SET cp1251", "_cp1251 X'c0c1c2'"),
            kind("TINYTEXT", "'t'"),
            kind("MEDIUMTEXT", "REPEAT('m', 70000)"),
            kind("LONGTEXT", "'l'", "''"),
            kind("BINARY(5)", "X'0100'", "X'00'", "'abcde'", "X''"),
            kind("BINARY(255)", "X'ff'"),
            kind("VARBINARY(10)", "X'0100'", "X''", "X'2727'"),
            kind("VARBINARY(400)", "X'0100'"),
            kind("TINYBLOB", "X'00ff'"),
            kind("BLOB", "REPEAT(X'00', 300)"),
            kind("MEDIUMBLOB", "REPEAT(X'00ff', 50000)"),
            kind("LONGBLOB", "REPEAT(X'5c27', 40000)"),
            kind("GEOMETRY", "ST_GeomFromText('POINT(1 2)', 4326)", "ST_GeomFromText('LINESTRING(0 0, 1 1)')"),
            kind("POINT", "ST_GeomFromText('POINT(-1.5 2.25)')"),
            kind("POLYGON", "ST_GeomFromText('POLYGON((0 0, 0 1, 1 1, 0 0))')"),
            kind("GEOMETRYCOLLECTION", "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1))')"));

    private static final List<Kind> JSONS = List.of(kind(
            "JSON",
            "'{}'",
            "'[]'",
            "'null'",
            "'true'",
            "'\"a\\\\\"b\\\\\\\\c\\\\u0001\"'",
            "'[1.0, 1, -1, 1e3, 100000000000000000000, 0.1, 1e-7, 1.5e300]'",
            "'0.30000000000000004'",
            "JSON_ARRAY(1E0/3, 5.0E-324, -0E0, 1.7976931348623157E308, 123456789.12345678E0)",
            // The server's own parser of JSON reads these a digit off.
            "JSON_ARRAY(-1.8369789005097204E-10, -1.1032862772495711E-13, -1.7018657675450964E-12, -1.3404662987887607E-16,"
                    + " -3.8765786323729515E-16)",
            "'{\"b\": 1, \"a\": {\"c\": [true, false, null]}, \"\": \"\"}'",
            "JSON_ARRAY(CAST(5 AS UNSIGNED), CAST(70000 AS UNSIGNED), CAST(5000000000 AS UNSIGNED), 18446744073709551615)",
            "JSON_ARRAY(-32768, 32767, -32769, 2147483648, -9223372036854775808)",
            "JSON_OBJECT('d', CAST(1.50 AS DECIMAL(10,2)), 'n', CAST('-0.000001' AS DECIMAL(65,30)), 'k', 'v')",
            "JSON_OBJECT('x', JSON_ARRAY(CAST('2020-02-29' AS DATE), CAST('-12:34:56.789' AS TIME(3)),"
                    + " CAST('2020-02-29 01:02:03.000004' AS DATETIME(6))))",
            "JSON_ARRAY(_binary X'00ff27', CONCAT(X'00ff27'))",
            "JSON_EXTRACT(JSON_ARRAY(CAST(7 AS UNSIGNED)), '$[0]')",
            "JSON_EXTRACT(JSON_ARRAY(CAST('2020-02-29' AS DATE)), '$[0]')",
            "JSON_EXTRACT(JSON_ARRAY(CAST(2.50 AS DECIMAL(5,2))), '$[0]')",
            "CONCAT('[\"', REPEAT('x', 70000), '\", 1, 70000, {\"k\": 2}]')"));

    private static final List<Kind> MARIADB = List.of(
            kind("JSON", "'{\"a\": 1.0}'", "'[ 1 ]'"),
            kind("INET4", "'0.0.0.0'", "'255.254.0.1'"),
            kind(
                    "INET6",
                    "'::'",
                    "'::1'",
                    "'2001:db8::ff00:42:8329'",
                    "'::ffff:1.2.3.4'",
                    "'1:0:0:2:0:0:0:3'",
                    "'::1.2.3.4'",
                    "'1:2:3:4:5:6:7:0'",
                    "'1:0:3:4:5:6:7:8'",
                    "'1:2:3:4:5:6:0:0'"),
            kind(
                    "UUID",
                    "'00000000-0000-0000-0000-000000000000'",
                    "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
                    "'123e4567-e89b-12d3-a456-426655440000'",
                    "'123e4567-e89b-42d3-a456-426655440000'",
                    "'01890a5d-ac96-774b-bcce-b302099a8057'",
                    "'123e4567-e89b-12d3-0456-426655440000'",
                    "'123e4567-e89b-52d3-f456-426655440000'",
                    "'123e4567-e89b-62d3-8456-426655440000'",
                    "'123e4567-e89b-02d3-8456-426655440000'",
                    "'123e4567-e89b-f2d3-1456-426655440000'"));

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void numbers(TestDatabase database) throws Exception {
        roundTrip(database, NUMBERS);
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void datesAndTimes(TestDatabase database) throws Exception {
        roundTrip(database, TIMES);
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void textsAndBytes(TestDatabase database) throws Exception {
        roundTrip(database, TEXTS);
    }

    @ServerTest({MYSQL_80, MYSQL_57})
    void jsonDocuments(TestDatabase database) throws Exception {
        roundTrip(database, JSONS);
    }

    @ServerTest(MARIADB_114)
    void typesOfMariaDb(TestDatabase database) throws Exception {
        roundTrip(database, MARIADB);
    }

    private static void roundTrip(TestDatabase database, List<Kind> kinds) throws Exception {
        StringBuilder create = new StringBuilder("CREATE TABLE t (id INT PRIMARY KEY");
        for (int i = 0; i < kinds.size(); i++) {
            create.append(", c").append(i).append(' ').append(kinds.get(i).type());
        }
        create.append(") CHARACTER SET utf8mb4");
        Map<Integer, Row> rows = new LinkedHashMap<>();
        Table table;
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            s.execute(create.toString());
            s.execute("CREATE TABLE clone LIKE t");
            table = new CatalogReader(connection)
                    .table(new TableName(database.name(), "t"))
                    .orElseThrow();
            try (Reading reading = Reading.of(database, "t")) {
                write(s, kinds);
                for (LogEvent.Changed change : Reading.changes(reading.events())) {
                    if (change.before() != null) {
                        Row before = rows.remove(id(change.before()));
                        assertThat(before).isEqualTo(change.before());
                    }
                    if (change.after() != null) {
                        rows.put(id(change.after()), change.after());
                    }
                }
            }
            try (Reading reading = Reading.of(database, "clone")) {
                s.execute("SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES', NAMES utf8mb4");
                for (Row row : rows.values()) {
                    s.execute("INSERT INTO clone VALUES (" + literals(table, row) + ")");
                }
                for (LogEvent.Changed change : Reading.changes(reading.events())) {
                    requireSame(table, change.after(), rows.get(id(change.after())));
                }
            }
        }
        long expected = kinds.stream().mapToInt(k -> k.values().size()).max().orElseThrow() + 1;
        assertThat(database.queryLong("SELECT COUNT(*) FROM clone")).isEqualTo(expected);
        for (Column column : table.columns()) {
            assertThat(database.query("SELECT t.id, t." + column.name() + ", clone." + column.name()
                            + " FROM t LEFT JOIN clone USING (id) WHERE NOT ("
                            + bytes("t." + column.name(), column) + " <=> " + bytes("clone." + column.name(), column)
                            + ")"))
                    .as(column.name() + " " + column.type())
                    .isEmpty();
        }
    }

    /** Rows with the n-th value of each column, one with NULLs, an UPDATE of all of them, and one that is deleted. */
    private static void write(Statement s, List<Kind> kinds) throws Exception {
        s.execute("SET time_zone = '+00:00', sql_mode = ''");
        int rows = kinds.stream().mapToInt(k -> k.values().size()).max().orElseThrow();
        for (int row = 0; row <= rows + 1; row++) {
            List<String> values = new ArrayList<>();
            for (Kind kind : kinds) {
                values.add(
                        row >= rows
                                ? "NULL"
                                : kind.values().get(row % kind.values().size()));
            }
            s.execute("INSERT INTO t VALUES (" + row + ", " + String.join(", ", values) + ")");
        }
        s.execute("UPDATE t SET id = id + 1000");
        s.execute("DELETE FROM t WHERE id = " + (1000 + rows + 1));
    }

    private static String literals(Table table, Row row) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            literals.add(Literals.of(table.columns().get(i), row.value(i)));
        }
        return String.join(", ", literals);
    }

    private static void requireSame(Table table, @Nullable Row actual, @Nullable Row expected) {
        assertThat((Object) actual).isNotNull();
        assertThat(expected).isNotNull();
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Objects.deepEquals(actual.value(i), expected.value(i)))
                    .as("row " + id(expected) + ", " + table.columns().get(i).type())
                    .isTrue();
        }
    }

    private static String bytes(String name, Column column) {
        return switch (column.baseType()) {
            case "float", "double" -> "HEX(CONCAT(" + name + " + 0E0))";
            case "json" -> "HEX(CONCAT(JSON_TYPE(" + name + "), " + name + "))";
            case "bit", "enum", "set" -> "(" + name + " + 0)";
            case "uuid", "inet4", "inet6" -> "CAST(" + name + " AS CHAR)";
            case "int", "bigint", "smallint", "tinyint", "mediumint", "decimal", "year" -> "HEX(CONCAT(" + name + "))";
            default -> "HEX(" + name + ")";
        };
    }

    private static int id(Row row) {
        return ((Long) row.value(0)).intValue();
    }

    private static String members(int count) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add("'m" + i + "'");
        }
        return String.join(",", members);
    }
}
