package io.crossfade.migrator.mysql;

import io.crossfade.migrator.session.Silence;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Opens sessions on the migrated database and sets them up, so that a run does not depend on the server's defaults.
 *
 * <p>Safe for many threads where the source is.
 */
public final class Connections {

    /** How expressions are read everywhere in Crossfade: plain quotes, strict; zero dates pass, since rows may hold them. */
    private static final String SQL_MODE = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";

    /** A chunk yields to the application after this. */
    private static final Duration ROW_LOCK_WAIT = Duration.ofSeconds(1);

    private final Source source;

    /** Opens a plain connection to the migrated database, which is its current database. */
    @FunctionalInterface
    public interface Source {
        Connection open() throws SQLException;
    }

    public Connections(Source source) {
        this.source = source;
    }

    /** A session in autocommit mode. */
    public Connection open() throws SQLException {
        Connection connection = source.open();
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION sql_mode = '" + SQL_MODE + "', innodb_lock_wait_timeout = "
                    + ROW_LOCK_WAIT.toSeconds() + ", wait_timeout = " + Silence.IDLE_MAX.toSeconds());
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A session in manual commit, for transactions that lock rows; waits between them go through {@link Silence}. */
    public Connection openManual() throws SQLException {
        Connection connection = open();
        try {
            Silence.of(connection).bound();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
