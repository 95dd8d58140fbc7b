package io.crossfade.migrator.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the migrator's user must be allowed for a ghost run: gh-ost's list. */
public final class GhostPrivileges {

    /** TRIGGER among them: without it a table's triggers are not even seen. */
    private static final List<String> ON_DATABASE = List.of(
            "ALTER", "CREATE", "DELETE", "DROP", "INDEX", "INSERT", "LOCK TABLES", "SELECT", "TRIGGER", "UPDATE");

    private GhostPrivileges() {}

    /** What is missing, as in {@code LOCK TABLES on shop.*}; empty as well where roles hide what the user may do. */
    public static List<String> missing(Connection connection, String schema) throws SQLException {
        List<Grant> grants = read(connection);
        if (grants.stream().anyMatch(g -> g.on().isEmpty())) {
            return List.of();
        }
        List<String> missing = new ArrayList<>();
        for (String privilege : ON_DATABASE) {
            if (grants.stream().noneMatch(g -> g.covers(schema) && g.gives(privilege))) {
                missing.add(privilege + " on " + schema + ".*");
            }
        }
        boolean isSuper = gives(grants, "SUPER");
        if (!isSuper && !gives(grants, "REPLICATION SLAVE") && !gives(grants, "REPLICATION REPLICA")) {
            missing.add("REPLICATION SLAVE on *.*");
        }
        if (!isSuper && !gives(grants, "REPLICATION CLIENT") && !gives(grants, "BINLOG MONITOR")) {
            missing.add("REPLICATION CLIENT on *.*");
        }
        return missing;
    }

    private static boolean gives(List<Grant> grants, String privilege) {
        return grants.stream().anyMatch(g -> g.on().equals("*.*") && g.gives(privilege));
    }

    private static List<Grant> read(Connection connection) throws SQLException {
        List<Grant> grants = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW GRANTS")) {
            while (r.next()) {
                grants.add(Grant.of(r.getString(1)));
            }
        }
        return grants;
    }

    /**
     * One line of SHOW GRANTS.
     *
     * @param privileges in upper case
     * @param on such as {@code *.*} or {@code `shop`.*}; empty for a role
     */
    private record Grant(List<String> privileges, String on) {

        static Grant of(String line) {
            int on = line.indexOf(" ON ");
            int to = line.indexOf(" TO ", Math.max(0, on));
            if (on < 0 || to < 0 || !line.startsWith("GRANT ")) {
                return new Grant(List.of(), "");
            }
            String list = line.substring("GRANT ".length(), on).toUpperCase(Locale.ROOT);
            return new Grant(List.of(list.split(", ", -1)), line.substring(on + " ON ".length(), to));
        }

        boolean gives(String privilege) {
            return privileges.contains(privilege)
                    || privileges.contains("ALL PRIVILEGES")
                    || privileges.contains("ALL");
        }

        /** A grant's database may be a pattern: {@code `shop\_%`.*}. */
        boolean covers(String schema) {
            if (on.equals("*.*")) {
                return true;
            }
            if (!on.startsWith("`") || !on.endsWith("`.*")) {
                return false;
            }
            String pattern = on.substring(1, on.length() - 3).replace("``", "`");
            StringBuilder regex = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                if (c == '\\' && i + 1 < pattern.length()) {
                    i++;
                    regex.append(Pattern.quote(pattern.substring(i, i + 1)));
                } else {
                    regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
                }
            }
            return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE)
                    .matcher(schema)
                    .matches();
        }
    }
}
