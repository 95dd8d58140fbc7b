package io.crossfade.migrator.throttle;

import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Waits while the server is loaded, and ends the run where it is loaded too much. One thread at a time. */
public final class ServerLoad implements Throttle {
    private final Connection connection;
    private final List<Limit> high;
    private final List<Limit> critical;

    /**
     * @param high above one of these the run waits
     * @param critical above one of these it ends, resumable
     */
    public ServerLoad(Connection connection, List<Limit> high, List<Limit> critical) {
        this.connection = connection;
        this.high = List.copyOf(high);
        this.critical = List.copyOf(critical);
    }

    @Override
    public Optional<String> reason() throws SQLException {
        if (high.isEmpty() && critical.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> status = status();
        Optional<String> tooMuch = broken(critical, status);
        if (tooMuch.isPresent()) {
            throw MigrationException.stopped("stopped: critical load; " + tooMuch.get()
                    + "; run the same command again when the server has calmed down");
        }
        return broken(high, status);
    }

    private static Optional<String> broken(List<Limit> limits, Map<String, Long> status) {
        for (Limit limit : limits) {
            Long value = status.get(limit.variable().toLowerCase(Locale.ROOT));
            if (value == null) {
                return Optional.of("the server does not show " + limit.variable());
            }
            if (value > limit.max()) {
                return Optional.of(limit.variable() + "=" + value + " is above " + limit.max());
            }
        }
        return Optional.empty();
    }

    private Map<String, Long> status() throws SQLException {
        Map<String, Long> values = new TreeMap<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW GLOBAL STATUS")) {
            while (r.next()) {
                String value = r.getString(2);
                if (value != null && value.matches("[0-9]{1,18}")) {
                    values.put(r.getString(1).toLowerCase(Locale.ROOT), Long.parseLong(value));
                }
            }
        }
        return values;
    }
}
