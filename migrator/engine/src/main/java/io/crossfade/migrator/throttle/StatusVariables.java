package io.crossfade.migrator.throttle;

import io.crossfade.migrator.signal.MigrationException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The server's status variables, against limits. One thread at a time. */
final class StatusVariables {
    private final Asked server;

    StatusVariables(ReplicaLag.Connections connections) {
        server = new Asked(connections);
    }

    /** The first limit that is passed, or cannot be read, in words. */
    Optional<String> broken(List<Limit> limits) throws SQLException {
        if (limits.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> seen = values(limits);
        for (Limit limit : limits) {
            Long value = seen.get(limit.variable().toLowerCase(Locale.ROOT));
            if (value == null) {
                return Optional.of("the server does not show " + limit.variable());
            }
            if (value >= limit.max()) {
                return Optional.of(limit.variable() + "=" + value + " has reached " + limit.max());
            }
        }
        return Optional.empty();
    }

    /** Refuses limits on variables that the server does not show as a number. */
    void refuseUnknown(String option, List<Limit> limits) throws SQLException {
        if (limits.isEmpty()) {
            return;
        }
        Map<String, Long> seen = values(limits);
        for (Limit limit : limits) {
            if (!seen.containsKey(limit.variable().toLowerCase(Locale.ROOT))) {
                throw MigrationException.refused("cannot use " + option + ": \"" + limit.variable()
                        + "\" is no status variable of this server that holds a whole number; look at SHOW GLOBAL"
                        + " STATUS");
            }
        }
    }

    private Map<String, Long> values(List<Limit> limits) throws SQLException {
        // A limit's name is letters, digits and underscores, so it needs no escaping.
        String names = limits.stream().map(l -> "'" + l.variable() + "'").collect(Collectors.joining(", "));
        return server.ask("SHOW GLOBAL STATUS WHERE Variable_name IN (" + names + ")", StatusVariables::numbers);
    }

    private static Map<String, Long> numbers(ResultSet rows) throws SQLException {
        Map<String, Long> values = new TreeMap<>();
        while (rows.next()) {
            String value = rows.getString(2);
            if (value != null && value.matches("[0-9]{1,18}")) {
                values.put(rows.getString(1).toLowerCase(Locale.ROOT), Long.parseLong(value));
            }
        }
        return values;
    }

    void release() {
        server.release();
    }
}
