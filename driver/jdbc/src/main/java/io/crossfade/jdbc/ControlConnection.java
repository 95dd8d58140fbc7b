package io.crossfade.jdbc;

import io.crossfade.state.CatalogReader;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The connection of its own on which a link speaks with the control tables and the catalog. Opened when it is needed, and
 * again after it broke.
 *
 * <p>Confined to the holder of the link's lock.
 */
final class ControlConnection {

    /** Opens a plain connection whose calls are bounded in time. */
    @FunctionalInterface
    interface Source {
        Connection open() throws SQLException;
    }

    /** MySQL's and MariaDB's "unknown thread id". */
    private static final int NO_SUCH_THREAD = 1094;

    /** "You are not owner of thread": a restarted server has given the id to somebody else. */
    private static final int NOT_OWNER = 1095;

    /** A server that was built without it. */
    private static final int UNKNOWN_VARIABLE = 1193;

    private final Source source;
    private @Nullable Connection connection;

    ControlConnection(Source source) {
        this.source = source;
    }

    ControlStore store() throws SQLException {
        return new ControlStore(connection());
    }

    CatalogReader catalog() throws SQLException {
        return new CatalogReader(connection());
    }

    String serverVersion() throws SQLException {
        try (Statement s = connection().createStatement();
                ResultSet r = s.executeQuery("SELECT VERSION()")) {
            r.next();
            return r.getString(1);
        }
    }

    /** Whether the server shows connection attributes, by which the migrator finds the sessions of clients that write nothing. */
    boolean showsAttributes() throws SQLException {
        try (Statement s = connection().createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT @@performance_schema AND @@performance_schema_session_connect_attrs_size <> 0")) {
            return r.next() && r.getBoolean(1);
        } catch (SQLException e) {
            if (e.getErrorCode() == UNKNOWN_VARIABLE) {
                return false;
            }
            throw e;
        }
    }

    /** Whether the server still holds a session of the same user, or has not ended it yet. */
    boolean isOnServer(long connectionId) throws SQLException {
        return isListed(connectionId) || isEnding(connectionId);
    }

    private boolean isListed(long connectionId) throws SQLException {
        try (PreparedStatement s =
                connection().prepareStatement("SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ?")) {
            s.setLong(1, connectionId);
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        }
    }

    /**
     * MySQL takes a session that was killed off its list at once, while what it had under way is still being committed or
     * rolled back. It goes on knowing the id until that is over, and says so to whoever wants to kill it. One that is not
     * listed has no query that this could end.
     */
    private boolean isEnding(long connectionId) throws SQLException {
        try (Statement s = connection().createStatement()) {
            s.execute("KILL QUERY " + connectionId);
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_THREAD || e.getErrorCode() == NOT_OWNER) {
                return false;
            }
            throw e;
        }
    }

    /** Lets go of a connection that failed, or is no longer needed. */
    void drop() {
        Connection dropped = connection;
        connection = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (SQLException e) {
                // It is broken, or already gone; a new one is opened when it is needed.
            }
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = source.open();
            connection = open;
        }
        return open;
    }
}
