package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The empty clones on which a plan tries what the server can do. They are named after their session. */
public final class Probes {
    public static final String PREFIX = "_cf_probe_";

    private static final String OTHER = "x";

    private static final Pattern OURS = Pattern.compile(PREFIX + "([0-9]+)" + OTHER + "?");

    private Probes() {}

    /** A second name for a clone, which is swept as the first. */
    public static String renamed(String clone) {
        return clone + OTHER;
    }

    /** Drops the empty clones of sessions that are gone: a session that was lost could not drop its own. */
    public static void sweep(Connection connection, Dialect dialect, String schema) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND INSTR(TABLE_NAME, '"
                        + PREFIX + "') = 1")) {
            s.setString(1, schema);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    found.add(r.getString(1));
                }
            }
        }
        if (found.isEmpty()) {
            return;
        }
        Set<String> alive = new HashSet<>();
        try (Statement s = connection.createStatement()) {
            try (ResultSet r = s.executeQuery("SELECT ID FROM information_schema.PROCESSLIST")) {
                while (r.next()) {
                    alive.add(r.getString(1));
                }
            }
            for (String name : found) {
                String table = dialect.quote(schema) + "." + dialect.quote(name);
                Matcher ours = OURS.matcher(name);
                if (ours.matches() && !alive.contains(ours.group(1)) && isEmpty(s, table)) {
                    s.execute("DROP TABLE IF EXISTS " + table);
                }
            }
        }
    }

    private static boolean isEmpty(Statement s, String table) throws SQLException {
        try (ResultSet r = s.executeQuery("SELECT EXISTS (SELECT 1 FROM " + table + ")")) {
            return r.next() && r.getInt(1) == 0;
        }
    }
}
