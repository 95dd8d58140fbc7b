package io.crossfade.migrator.throttle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Waits while a replica is behind, or does not say how far. One thread at a time. */
public final class ReplicaLag implements Throttle {

    /** The newer wording first; servers before 8.0.22 and 10.5 know the other only. */
    private static final List<String> QUERIES = List.of("SHOW REPLICA STATUS", "SHOW SLAVE STATUS");

    private static final List<String> COLUMNS = List.of("Seconds_Behind_Source", "Seconds_Behind_Master");

    private final String name;
    private final Connections replica;
    private final Duration max;
    private @Nullable Connection connection;

    /** Opens a connection to the replica. */
    @FunctionalInterface
    public interface Connections {
        Connection open() throws SQLException;
    }

    /**
     * @param name the replica as messages call it, without a password
     * @param max the greatest lag that is still good
     */
    public ReplicaLag(String name, Connections replica, Duration max) {
        this.name = name;
        this.replica = replica;
        this.max = max;
    }

    @Override
    public Optional<String> reason() {
        try {
            Connection open = connection;
            if (open == null) {
                open = replica.open();
                connection = open;
            }
            Long seconds = seconds(open);
            if (seconds == null) {
                return Optional.of("replica " + name + " does not tell its lag");
            }
            return seconds * 1000 > max.toMillis()
                    ? Optional.of("replica " + name + " is " + seconds + " s behind")
                    : Optional.empty();
        } catch (SQLException e) {
            connection = null;
            return Optional.of("replica " + name + " cannot be asked: " + e.getMessage());
        }
    }

    private static @Nullable Long seconds(Connection connection) throws SQLException {
        SQLException unknown = null;
        for (String query : QUERIES) {
            try (Statement s = connection.createStatement();
                    ResultSet r = s.executeQuery(query)) {
                return r.next() ? seconds(r) : null;
            } catch (SQLException e) {
                unknown = e;
            }
        }
        throw unknown == null ? new SQLException("no query") : unknown;
    }

    private static @Nullable Long seconds(ResultSet row) throws SQLException {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            if (COLUMNS.contains(row.getMetaData().getColumnLabel(i))) {
                long seconds = row.getLong(i);
                return row.wasNull() ? null : seconds;
            }
        }
        return null;
    }
}
