package io.crossfade.migrator.alter;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All that can be asked of a table, as lines of text: what SHOW CREATE TABLE says, what only the catalog does, and the rows. Immutable. */
record FormsPicture(List<String> lines) {

    /** MySQL has each name of a CHECK once in a database, and the ghost's are others. */
    private static final Pattern CHECK_NAME = Pattern.compile("CONSTRAINT `(?:[^`]|``)+` CHECK");

    private static final Pattern CHECK = Pattern.compile("(?m)^ *" + CHECK_NAME.pattern() + ".*\\n");

    private static final Pattern NEXT_NUMBER = Pattern.compile("(?<=\\n\\) [^\\n]{0,40})AUTO_INCREMENT=\\d+ ");

    /** What tells this table from its twin, or changes by itself. */
    private static final Set<String> PASSED_OVER = Set.of(
            "TABLE_SCHEMA",
            "INDEX_SCHEMA",
            "CARDINALITY",
            "TABLE_ROWS",
            "AVG_ROW_LENGTH",
            "DATA_LENGTH",
            "MAX_DATA_LENGTH",
            "INDEX_LENGTH",
            "MAX_INDEX_LENGTH",
            "DATA_FREE",
            "CREATE_TIME",
            "UPDATE_TIME",
            "CHECK_TIME",
            "AUTO_INCREMENT",
            "PRIVILEGES",
            "TRIGGER_SCHEMA",
            "TRIGGER_NAME",
            "EVENT_OBJECT_SCHEMA",
            "CREATED",
            "LAST_UPDATED",
            // SHOW CREATE TABLE has these; here they are printed in one character set or another, or filled up.
            "GENERATION_EXPRESSION",
            "COLUMN_DEFAULT",
            "HISTOGRAM");

    /**
     * Takes one.
     *
     * @param isMySql whether a CHECK's name does not count
     * @param unlike columns whose values do not count
     */
    static FormsPicture of(Connection connection, String table, boolean isMySql, List<String> unlike)
            throws SQLException {
        List<String> lines = new ArrayList<>();
        String name = "`" + table.replace("`", "``") + "`";
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION sql_mode = ''");
            String create = row(s, "SHOW CREATE TABLE " + name, 2);
            lines.add(isMySql ? withoutCheckNames(create) : create);
            String which = " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '" + table.replace("'", "''") + "'";
            catalog(s, lines, "TABLES" + which);
            catalog(s, lines, "COLUMNS" + which + " ORDER BY ORDINAL_POSITION");
            catalog(s, lines, "STATISTICS" + which + " ORDER BY INDEX_NAME, SEQ_IN_INDEX");
            catalog(
                    s,
                    lines,
                    "PARTITIONS" + which + " ORDER BY PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION");
            catalog(
                    s,
                    lines,
                    "TRIGGERS"
                            + which.replace("TABLE_SCHEMA", "EVENT_OBJECT_SCHEMA")
                                    .replace("TABLE_NAME", "EVENT_OBJECT_TABLE")
                            + " ORDER BY TRIGGER_NAME");
            rows(s, lines, name, which, unlike);
            lines.add("CHECK TABLE: " + row(s, "CHECK TABLE " + name, 4));
        }
        return new FormsPicture(List.copyOf(lines));
    }

    FormsPicture withoutNextNumber() {
        return new FormsPicture(
                lines.stream().map(l -> NEXT_NUMBER.matcher(l).replaceAll("")).toList());
    }

    FormsPicture inOrder() {
        return new FormsPicture(lines.stream()
                .map(l -> l.lines().map(FormsPicture::bare).sorted().collect(Collectors.joining("\n")))
                .toList());
    }

    /** The lines that only this one has, or has otherwise, beside those of another. */
    String unlike(FormsPicture other) {
        List<String> here = new ArrayList<>(lines);
        List<String> there = new ArrayList<>(other.lines);
        here.removeAll(other.lines);
        there.removeAll(lines);
        return here.isEmpty() && there.isEmpty()
                ? ""
                : "is\n" + shown(here, there) + "\ninstead of\n" + shown(there, here);
    }

    /** The first few; of a whole CREATE TABLE what the other has not. */
    private static String shown(List<String> lines, List<String> others) {
        List<String> there =
                others.stream().flatMap(String::lines).map(FormsPicture::bare).toList();
        List<String> here = lines.stream()
                .flatMap(String::lines)
                .filter(l -> !there.contains(bare(l)))
                .limit(8)
                .toList();
        return here.isEmpty() ? "the same lines in another order" : String.join("\n", here);
    }

    private static String bare(String line) {
        return line.replaceFirst(",$", "");
    }

    /** They stand in the order of their names. */
    private static String withoutCheckNames(String create) {
        List<String> checks = CHECK.matcher(create)
                .results()
                .map(m -> CHECK_NAME.matcher(bare(m.group().strip())).replaceAll("CONSTRAINT CHECK"))
                .sorted()
                .toList();
        return CHECK.matcher(create).replaceAll("") + String.join("\n", checks);
    }

    private static void catalog(Statement s, List<String> lines, String from) throws SQLException {
        String view = from.substring(0, from.indexOf(' '));
        try (ResultSet r = s.executeQuery("SELECT * FROM information_schema." + from)) {
            ResultSetMetaData columns = r.getMetaData();
            while (r.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    String column = columns.getColumnLabel(i);
                    if (!PASSED_OVER.contains(column.toUpperCase(Locale.ROOT))) {
                        values.add(column.toLowerCase(Locale.ROOT) + "=" + r.getString(i));
                    }
                }
                lines.add(view + " " + values);
            }
        }
    }

    private static void rows(Statement s, List<String> lines, String name, String which, List<String> unlike)
            throws SQLException {
        List<String> shown = new ArrayList<>();
        try (ResultSet r = s.executeQuery("SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS" + which
                + " ORDER BY ORDINAL_POSITION")) {
            while (r.next()) {
                if (!unlike.contains(r.getString(1))) {
                    shown.add(shown(r.getString(1), r.getString(2)));
                }
            }
        }
        List<String> rows = new ArrayList<>();
        try (ResultSet r = s.executeQuery("SELECT CONCAT_WS(', ', " + String.join(", ", shown) + ") FROM " + name)) {
            while (r.next()) {
                rows.add("row " + r.getString(1));
            }
        }
        lines.addAll(rows.stream().sorted().toList());
    }

    private static String shown(String column, String type) {
        String quoted = "`" + column.replace("`", "``") + "`";
        boolean isText =
                !type.matches("(?i)(tiny|small|medium|big)?int|decimal|float|double|bit|year|date|time|datetime"
                        + "|timestamp|geometry|point");
        String value = type.matches("(?i)float|bit") ? "(" + quoted + " + 0e0)" : quoted;
        return "CONCAT('" + column.replace("'", "''") + "=', COALESCE("
                + (isText
                        ? "HEX(CAST(" + value + " AS BINARY))"
                        : type.matches("(?i)geometry|point") ? "HEX(" + value + ")" : "CAST(" + value + " AS CHAR)")
                + ", 'NULL'))";
    }

    private static String row(Statement s, String sql, int column) throws SQLException {
        try (ResultSet r = s.executeQuery(sql)) {
            r.next();
            return Objects.requireNonNullElse(r.getString(column), "");
        }
    }
}
