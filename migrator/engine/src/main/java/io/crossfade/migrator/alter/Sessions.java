package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.session.Silence;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions that copy and apply. They differ from the others in that a zero is a value of an AUTO_INCREMENT column, and in the
 * time zone: UTC, in which every TIMESTAMP can be written, except where the zone decides about a value: then that is what the
 * server's own ALTER would make of it, in the server's zone.
 *
 * <p>Safe for many threads where the connections are.
 */
final class Sessions {
    /** Somebody's ALTER or LOCK TABLES of one of our tables; then it is tried again, and said. */
    private static final int METADATA_LOCK_SECONDS_MAX = 5;

    private final Connections connections;
    private final Duration silenceMax;
    private final String sqlMode;

    Sessions(Connections connections, Rules rules, Duration silenceMax) {
        this.connections = connections;
        this.silenceMax = silenceMax;
        this.sqlMode =
                (rules.skipsStrictMode() ? "" : "STRICT_ALL_TABLES,") + "NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION";
    }

    /** In autocommit mode, UTC. */
    Connection open() throws SQLException {
        return set(connections.open(), "+00:00", sqlMode);
    }

    /** In autocommit mode, in the server's own zone: the literals of an ALTER are meant in it, as by its own client. */
    Connection openForDdl() throws SQLException {
        return set(connections.open(), "", sqlMode);
    }

    /**
     * As {@link #openForDdl}, for building indexes beside everybody's writes: in one thread, as far as the server can be told. With
     * several it is done in half the time, and others wait for their commits three times as long meanwhile.
     */
    Connection openForIndexes() throws SQLException {
        Connection connection = openForDdl();
        try (Statement s = connection.createStatement()) {
            List<String> settings = new ArrayList<>();
            try (ResultSet r = s.executeQuery("SHOW SESSION VARIABLES WHERE Variable_name IN"
                    + " ('innodb_ddl_threads', 'innodb_parallel_read_threads')")) {
                while (r.next()) {
                    settings.add(r.getString(1) + " = 1");
                }
            }
            if (!settings.isEmpty()) {
                s.execute("SET SESSION " + String.join(", ", settings));
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** In manual commit, UTC. */
    Connection openManual() throws SQLException {
        Connection connection = open();
        connection.setAutoCommit(false);
        return connection;
    }

    /** In autocommit mode, in the zone in which this change's rows are written. */
    Connection openConverting(TableChange change) throws SQLException {
        return set(connections.open(), zone(change), change.mode(sqlMode));
    }

    /**
     * In manual commit, in the zone in which this change's rows are written. The server ends it where a transaction is silent, on MySQL
     * any session that is: what it has locked, rows of the table too, is free again although our host is gone.
     */
    Connection openConvertingManual(TableChange change) throws SQLException {
        Connection connection = openConverting(change);
        try {
            Silence.of(connection, silenceMax).bound();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Sets up a session that somebody else opened, the one that holds the locks of a cut-over, for the rows of this change. */
    void adopt(Connection connection, TableChange change) throws SQLException {
        set(connection, zone(change), change.mode(sqlMode));
    }

    private static String zone(TableChange change) {
        return change.isZoned() ? "" : "+00:00";
    }

    private static Connection set(Connection connection, String zone, String mode) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION sql_mode = '" + mode + "', lock_wait_timeout = " + METADATA_LOCK_SECONDS_MAX
                    + ", time_zone = " + (zone.isEmpty() ? "@@GLOBAL.time_zone" : "'" + zone + "'"));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
