package io.crossfade.migrator.throttle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server that is asked again and again: opens a connection when one is needed, and another after a failure. One thread at a time. */
final class Asked {

    /** A server that takes longer for one of these small questions cannot be read. */
    static final Duration BOUND = Duration.ofSeconds(5);

    private final ReplicaLag.Connections connections;
    private @Nullable Connection connection;

    /** Reads an answer. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /** Does something with the connection. */
    @FunctionalInterface
    interface Use<T> {
        T of(Connection connection) throws SQLException;
    }

    Asked(ReplicaLag.Connections connections) {
        this.connections = connections;
    }

    /** Asks one question. */
    <T> T ask(String sql, Reader<T> reader) throws SQLException {
        return use(open -> {
            try (Statement s = open.createStatement();
                    ResultSet rows = s.executeQuery(sql)) {
                return reader.read(rows);
            }
        });
    }

    /** Does something of several statements. */
    <T> T use(Use<T> use) throws SQLException {
        Connection open = open();
        boolean isGood = false;
        try {
            T answer = use.of(open);
            isGood = true;
            return answer;
        } catch (SQLException e) {
            // An unknown statement leaves the session as it was; for everything else a new one is the safe way.
            isGood = "42000".equals(e.getSQLState());
            throw e;
        } finally {
            if (!isGood) {
                release();
            }
        }
    }

    private Connection open() throws SQLException {
        Connection known = connection;
        if (known != null) {
            return known;
        }
        Connection opened = connections.open();
        connection = opened;
        try {
            opened.setNetworkTimeout(Runnable::run, (int) BOUND.toMillis());
        } catch (SQLException e) {
            release();
            throw e;
        }
        return opened;
    }

    void release() {
        Connection known = connection;
        connection = null;
        if (known != null) {
            try {
                known.close();
            } catch (SQLException e) {
                return; // It was given up for being broken.
            }
        }
    }
}
