package io.crossfade.migrator.cutover;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.model.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Two empty tables of ours that guard a rename: it begins with {@code decoy TO guard}, and fails whole as long as the guard is
 * there. Their names come after the renamed tables' in the order in which the server takes locks, so that the rename waits for
 * the tables first. Immutable.
 */
record Sentry(TableName decoy, TableName guard, String comment) {

    /** After every ASCII letter; and after the rest that an identifier may begin with. */
    private static final List<String> PREFIXES = List.of("~", "\uFFFD");

    private static final Pattern ODD = Pattern.compile("[\\x00-\\x1F'\"\\\\%]");

    private static final int COMMENT_LENGTH_MAX = 2048;

    /**
     * Names one that nobody else uses.
     *
     * @param tables the renamed tables
     * @param number the id of a session that is open as long as the sentry stands
     */
    static Sentry of(List<TableName> tables, long number) {
        TableName last = tables.get(tables.size() - 1);
        for (String prefix : PREFIXES) {
            String stem = prefix + "crossfade_" + number;
            TableName decoy = new TableName(last.schema(), stem + "_a");
            TableName guard = new TableName(last.schema(), stem + "_b");
            if (compare(last, decoy) < 0) {
                String comment = "crossfade cut-over sentry of " + plain(tables.toString());
                return new Sentry(decoy, guard, comment.substring(0, Math.min(comment.length(), COMMENT_LENGTH_MAX)));
            }
        }
        throw new IllegalArgumentException("no name comes after " + last);
    }

    /**
     * A text that no sql_mode has to escape: with NO_BACKSLASH_ESCAPES the connector writes others in hexadecimal, which is no comment. Never
     * the same for two texts.
     */
    private static String plain(String text) {
        return ODD.matcher(text)
                .replaceAll(odd ->
                        String.format(Locale.ROOT, "%%%02X", (int) odd.group().charAt(0)));
    }

    /** The order in which a server takes the locks of one statement: by the bytes of schema and name. */
    static int compare(TableName one, TableName other) {
        int bySchema = compare(one.schema(), other.schema());
        return bySchema != 0 ? bySchema : compare(one.table(), other.table());
    }

    private static int compare(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    void create(Session session, MySqlDialect dialect) throws SQLException {
        for (TableName table : List.of(decoy, guard)) {
            try (PreparedStatement s = session.connection.prepareStatement("CREATE TABLE "
                    + new Statements(dialect).quoted(table) + " (id INT PRIMARY KEY) ENGINE = InnoDB COMMENT = ?")) {
                s.setString(1, comment);
                s.execute();
            }
        }
    }

    /** Drops this one and those that an earlier attempt on the same tables left; other tables of these names are let be. */
    void drop(Connection connection, MySqlDialect dialect) throws SQLException {
        List<TableName> found = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_COMMENT = ?"
                        + " AND INSTR(TABLE_NAME, 'crossfade_') > 0")) {
            s.setString(1, guard.schema());
            s.setString(2, comment);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    found.add(new TableName(guard.schema(), r.getString(1)));
                }
            }
        }
        for (TableName table : found) {
            try (Statement s = connection.createStatement()) {
                s.execute("DROP TABLE IF EXISTS " + new Statements(dialect).quoted(table));
            }
        }
    }
}
