package io.crossfade.migrator.follow;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who writes, by the process list: {@code 4711} → {@code cron@10.0.0.3}. What has gone meanwhile has no name any more. */
final class Writers {

    /** Names that are remembered; the oldest go. */
    private static final int NAMES_MAX = 1_000;

    private final Map<Long, String> names = new LinkedHashMap<>();

    /** The names of these sessions, as far as they are or were seen. */
    Map<Long, String> of(Connection connection, Set<Long> sessions) throws SQLException {
        String unknown = sessions.stream()
                .filter(s -> s != 0 && !names.containsKey(s))
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            try (Statement s = connection.createStatement();
                    ResultSet r =
                            s.executeQuery("SELECT ID, USER, HOST FROM information_schema.PROCESSLIST WHERE ID IN ("
                                    + unknown + ")")) {
                while (r.next()) {
                    names.put(r.getLong(1), r.getString(2) + "@" + withoutPort(r.getString(3)));
                }
            }
        }
        Map<Long, String> found = new LinkedHashMap<>(names);
        while (names.size() > NAMES_MAX) {
            names.remove(names.keySet().iterator().next());
        }
        return found;
    }

    /** {@code 10.0.0.3:4242} → {@code 10.0.0.3}. */
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
