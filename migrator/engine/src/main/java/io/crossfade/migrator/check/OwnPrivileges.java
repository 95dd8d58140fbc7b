package io.crossfade.migrator.check;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the migrator's own user may do what it has to. */
final class OwnPrivileges implements Check {

    private static final List<String> NEEDED =
            List.of("SELECT", "INSERT", "UPDATE", "ALTER", "CREATE", "DROP", "INDEX");

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<String> grants = new ArrayList<>();
        try (Statement s = subject.connection().createStatement();
                ResultSet r = s.executeQuery("SHOW GRANTS")) {
            while (r.next()) {
                grants.add(r.getString(1).toUpperCase(Locale.ROOT));
            }
        }
        boolean hasRoles = grants.stream().anyMatch(g -> !g.contains(" ON "));
        String schema = subject.table().name().schema().toUpperCase(Locale.ROOT);
        List<String> missing = new ArrayList<>();
        for (String privilege : NEEDED) {
            boolean has = grants.stream()
                    .filter(g -> g.contains(" ON *.*") || g.replace("\\", "").contains(" ON `" + schema + "`"))
                    .anyMatch(g -> g.startsWith("GRANT ALL PRIVILEGES ") || lists(g, privilege));
            if (!has) {
                missing.add(privilege);
            }
        }
        List<Finding> findings = new ArrayList<>();
        if (!missing.isEmpty() && !hasRoles) {
            findings.add(Finding.fatal(
                    "the migrator's user lacks " + String.join(", ", missing) + " on database "
                            + subject.table().name().schema(),
                    "grant them"));
        }
        boolean seesSessions = grants.stream()
                .anyMatch(g -> g.contains(" ON *.*") && (g.startsWith("GRANT ALL PRIVILEGES ") || lists(g, "PROCESS")));
        if (!seesSessions && !hasRoles) {
            findings.add(Finding.fatal(
                    "the migrator's user lacks PROCESS, without which a client that died is not told from one that is"
                            + " paused",
                    "grant PROCESS on *.*"));
        }
        return findings;
    }

    private static boolean lists(String grant, String privilege) {
        int on = grant.indexOf(" ON ");
        String list = grant.substring("GRANT ".length(), Math.max("GRANT ".length(), on));
        return List.of(list.split(", ", -1)).contains(privilege);
    }
}
