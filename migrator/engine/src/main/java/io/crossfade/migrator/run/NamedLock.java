package io.crossfade.migrator.run;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A lock of the server's that bears a name and goes with its session: one of a kind for each change.
 *
 * @param connection the session that holds it
 * @param name at most 64 characters; it is the whole server's
 */
record NamedLock(Connection connection, String name) {

    /** {@code crossfade-log:1f3a} for a kind and a change of the connection's database. */
    static NamedLock of(Connection connection, String kind, String changeId) throws SQLException {
        String change = connection.getCatalog() + "." + changeId;
        return new NamedLock(connection, kind + ":" + Integer.toHexString(change.hashCode()));
    }

    /** Whether it was free within this time. */
    boolean take(int waitSeconds) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
            s.setString(1, name);
            s.setInt(2, waitSeconds);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getInt(1) == 1;
            }
        }
    }

    void release() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT RELEASE_LOCK(?)")) {
            s.setString(1, name);
            s.executeQuery().close();
        }
    }
}
