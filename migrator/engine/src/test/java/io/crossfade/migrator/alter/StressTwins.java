package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares the changed table with its twin, which the server itself changes in the same way; every value as bytes. */
final class StressTwins {
    private StressTwins() {}

    /** Fails with what differs. */
    static void compare(Connection connection, StressTable table, String alter, String mode) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION sql_mode = '" + mode + "'");
            s.execute("ALTER TABLE twin " + alter + ", ALGORITHM=COPY");
        }
        compare(connection, table);
    }

    /** The same where the change was taken back: the twin is as it ever was. */
    static void compare(Connection connection, StressTable table) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO'");
            String t = table.called().literal("t");
            Map<String, String> columns = columns(s, t);
            assertThat(columns).describedAs("the columns of the changed table").isEqualTo(columns(s, "'twin'"));
            assertThat(List.copyOf(columns.keySet()))
                    .isEqualTo(List.copyOf(columns(s, "'twin'").keySet()));
            assertThat(indexes(s, t))
                    .describedAs("the indexes of the changed table")
                    .isEqualTo(indexes(s, "'twin'"));
            Map<String, String> rows = rows(s, table, columns, table.called().sql("t"));
            Map<String, String> wanted = rows(s, table, columns, "twin");
            List<String> differences = new ArrayList<>();
            wanted.forEach((key, row) -> {
                if (!row.equals(rows.get(key))) {
                    differences.add(key + " is " + rows.get(key) + " instead of " + row);
                }
            });
            rows.keySet().stream()
                    .filter(key -> !wanted.containsKey(key))
                    .forEach(key -> differences.add(key + " is too much"));
            assertThat(differences.subList(0, Math.min(5, differences.size())))
                    .describedAs(differences.size() + " rows differ, of " + wanted.size() + "; columns " + columns)
                    .isEmpty();
        }
    }

    private static Map<String, String> columns(Statement s, String name) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (ResultSet r = s.executeQuery("SELECT COLUMN_NAME, CONCAT_WS(' ', COLUMN_TYPE, COLLATION_NAME, IS_NULLABLE,"
                + " COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_NAME = " + name + " ORDER BY ORDINAL_POSITION")) {
            while (r.next()) {
                columns.put(r.getString(1), r.getString(2));
            }
        }
        return columns;
    }

    private static List<String> indexes(Statement s, String name) throws SQLException {
        List<String> indexes = new ArrayList<>();
        try (ResultSet r =
                s.executeQuery("SELECT CONCAT_WS(' ', INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, INDEX_TYPE, COLUMN_NAME,"
                        + " SUB_PART, COLLATION) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = " + name + " ORDER BY INDEX_NAME, SEQ_IN_INDEX")) {
            while (r.next()) {
                indexes.add(r.getString(1));
            }
        }
        return indexes;
    }

    private static Map<String, String> rows(Statement s, StressTable table, Map<String, String> columns, String name)
            throws SQLException {
        List<String> shown = new ArrayList<>();
        columns.forEach((column, type) -> shown.add(shown(column, type)));
        List<String> key = table.keyNames().stream()
                .map(table.called()::of)
                .map(k -> shown(k, columns.get(k)))
                .toList();
        Map<String, String> rows = new LinkedHashMap<>();
        try (ResultSet r = s.executeQuery("SELECT CONCAT_WS(',', " + String.join(", ", key) + "), CONCAT_WS(', ', "
                + String.join(", ", shown) + ") FROM " + name)) {
            while (r.next()) {
                rows.put(r.getString(1), r.getString(2));
            }
        }
        return rows;
    }

    private static String shown(String column, String type) {
        boolean isPrinted = type.startsWith("float") || type.startsWith("bit");
        String quoted = "`" + column.replace("`", "``") + "`";
        String value = isPrinted ? quoted + " + 0e0" : quoted;
        boolean isNumber =
                type.matches("(?s)(tiny|small|medium|big)?int.*|decimal.*|float.*|double.*|bit.*|year.*|date.*|time.*");
        return "COALESCE(" + (isNumber ? "CAST(" + value + " AS CHAR)" : "HEX(CAST(" + value + " AS BINARY))")
                + ", 'NULL')";
    }
}
