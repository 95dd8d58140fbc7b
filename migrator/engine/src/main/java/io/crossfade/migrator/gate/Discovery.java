package io.crossfade.migrator.gate;

import io.crossfade.state.ChangeRow;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds the clients that an announcement is to reach. While a change is open all of them are in the control tables. Else the server shows
 * them by the attributes of their sessions, and where it does not, they are given the time of their usual look.
 *
 * <p>One thread at a time.
 */
final class Discovery {

    /** Nobody is looked for but those who are in the control tables. */
    static final Discovery NONE = new Discovery(null, Duration.ZERO, true);

    /** Half as much again as a driver's usual pace. */
    private static final Duration WINDOW = Duration.ofMillis(1500);

    private final @Nullable Connection connection;
    private final Duration window;
    private final boolean mayFind;

    private Discovery(@Nullable Connection connection, Duration window, boolean mayFind) {
        this.connection = connection;
        this.window = window;
        this.mayFind = mayFind;
    }

    static Discovery of(Connection connection, ControlStore store) throws SQLException {
        boolean areKnown = store.clients().all().stream().anyMatch(c -> !c.isExpired());
        if (store.changes().all().stream().anyMatch(ChangeRow::isOpen)) {
            return new Discovery(null, Duration.ZERO, areKnown);
        }
        if (!showsAttributes(connection)) {
            return new Discovery(null, WINDOW, true);
        }
        Discovery discovery = new Discovery(connection, Duration.ZERO, true);
        return areKnown || !discovery.strangers().isEmpty()
                ? discovery
                : new Discovery(connection, Duration.ZERO, false);
    }

    /** Whether there may be any client. */
    boolean mayFind() {
        return mayFind;
    }

    /** Both drivers send some with every session, ours among them. */
    private static boolean showsAttributes(Connection connection) {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT COUNT(*) FROM performance_schema.session_connect_attrs"
                        + " WHERE PROCESSLIST_ID = CONNECTION_ID()")) {
            r.next();
            return r.getInt(1) > 0;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Clients with sessions in this database that have not registered, by their ids. */
    Map<UUID, String> strangers() throws SQLException {
        Map<UUID, String> strangers = new HashMap<>();
        if (connection != null) {
            String sql = "SELECT DISTINCT a.ATTR_VALUE, p.USER, p.HOST FROM performance_schema.session_connect_attrs a"
                    + " JOIN information_schema.PROCESSLIST p ON p.ID = a.PROCESSLIST_ID"
                    + " LEFT JOIN crossfade_client c ON c.id = CONVERT(a.ATTR_VALUE USING ascii)"
                    + " WHERE a.ATTR_NAME = 'crossfade_client' AND p.DB = DATABASE() AND c.id IS NULL";
            try (Statement s = connection.createStatement();
                    ResultSet r = s.executeQuery(sql)) {
                while (r.next()) {
                    strangers.put(UUID.fromString(r.getString(1)), r.getString(2) + "@" + r.getString(3));
                }
            }
        }
        return strangers;
    }

    /** Whether clients that nobody can see have had their time. */
    boolean isOver(Duration elapsed) {
        return elapsed.compareTo(window) >= 0;
    }
}
