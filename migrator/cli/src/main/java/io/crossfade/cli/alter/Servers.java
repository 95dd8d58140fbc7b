package io.crossfade.cli.alter;

import io.crossfade.cli.socket.BoundedLogin;
import io.crossfade.cli.socket.WatchedSockets;
import io.crossfade.migrator.session.ConnectFailure;
import io.crossfade.migrator.signal.MigrationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;

/** Opens connections to the named server, its source, and its replicas. Safe for many threads. */
final class Servers {

    /** A server that does not answer by then is not there. */
    private static final long CONNECT_MILLIS = 10_000;

    /** Replicas of replicas; a longer chain is a ring. */
    private static final int CHAIN_MAX = 8;

    private static final int SYNTAX_ERROR = 1064;

    /** MariaDB's, with all its named connections; MySQL's, which shows all channels; and what it was called before. */
    private static final List<String> STATUS =
            List.of("SHOW ALL SLAVES STATUS", "SHOW REPLICA STATUS", "SHOW SLAVE STATUS");

    private final String database;
    private final Properties tls;
    private final double timeoutSeconds;

    Servers(String database, Properties tls, double timeoutSeconds) {
        this.database = database;
        this.tls = tls;
        this.timeoutSeconds = timeoutSeconds;
    }

    Connection open(Address server, Login login) throws SQLException {
        return open(server, login, database);
    }

    /** A connection without a current database: a replica may not have it. */
    Connection openPlain(Address server, Login login) throws SQLException {
        return open(server, login, "");
    }

    private Connection open(Address server, Login login, String schema) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(tls);
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("connectionAttributes", "program_name:crossfade");
        // No text of ours has JDBC's escapes, and a name like `{d` is none.
        properties.setProperty("enableEscapeProcessing", "false");
        properties.setProperty("processEscapeCodesForPrepStmts", "false");
        // The way back sends hundreds of rows at a time.
        properties.setProperty("rewriteBatchedStatements", "true");
        long timeoutMillis = (long) (timeoutSeconds * 1000);
        properties.setProperty("connectTimeout", Long.toString(timeoutMillis > 0 ? timeoutMillis : CONNECT_MILLIS));
        if (timeoutMillis > 0) {
            properties.setProperty("socketTimeout", Long.toString(timeoutMillis));
        }
        String url = "jdbc:mysql://" + server + "/" + encoded(schema);
        WatchedSockets.into(properties, url);
        try {
            return BoundedLogin.open(() -> DriverManager.getConnection(url, properties));
        } catch (SQLException e) {
            throw ConnectFailure.told(server.toString(), e);
        }
    }

    private static String encoded(String schema) {
        return URLEncoder.encode(schema, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The server to write on: the named one, or the one that it replicates from.
     *
     * @param allowsRing whether two servers may replicate from each other; the named one is written then
     */
    Address source(Address named, Login login, Login onSource, boolean allowsRing, Consumer<String> note)
            throws SQLException {
        List<Address> seen = new ArrayList<>(List.of(named));
        Address at = named;
        for (int i = 0; i < CHAIN_MAX; i++) {
            Optional<Address> next;
            try (Connection connection = openPlain(at, at.equals(named) ? login : onSource)) {
                next = sourceOf(connection);
            }
            if (next.isEmpty()) {
                if (!at.equals(named)) {
                    note.accept(named + " is a replica; its source " + at
                            + " is changed, and the change log is read there too");
                }
                return at;
            }
            if (seen.contains(next.get())) {
                if (allowsRing) {
                    return named;
                }
                throw MigrationException.refused("cannot tell which server to write on: " + seen
                        + " replicate from each other; say --allow-master-master to write on " + named
                        + ", or name one by --assume-master-host");
            }
            at = next.get();
            seen.add(at);
        }
        throw MigrationException.refused("cannot find the source of " + named + "; more than " + CHAIN_MAX
                + " replicate from each other; name it by --assume-master-host");
    }

    /** Ends the run where the named server is nobody's replica: there the application would be changed under. */
    void requireReplica(Address named, Login login) throws SQLException {
        try (Connection connection = openPlain(named, login)) {
            if (channels(connection).isEmpty()) {
                throw MigrationException.refused("cannot change the table on the replica: " + named
                        + " does not replicate from another server; name a replica by --host");
            }
        }
    }

    /** Whom a server replicates from. */
    static Optional<Address> sourceOf(Connection connection) throws SQLException {
        Map<Address, String> channels = channels(connection);
        if (channels.size() > 1) {
            throw MigrationException.refused("cannot tell which server to write on: this one replicates from several: "
                    + channels.keySet() + "; name one by --assume-master-host");
        }
        for (Map.Entry<Address, String> channel : channels.entrySet()) {
            if (!channel.getValue().isEmpty()) {
                throw MigrationException.refused(
                        "cannot tell which server to write on: this one is set up as a replica of "
                                + channel.getKey() + ", but " + channel.getValue()
                                + "; if it has taken over, clear that with RESET REPLICA ALL (RESET SLAVE ALL), else start the"
                                + " replication; or name the server by --assume-master-host");
            }
            return Optional.of(channel.getKey());
        }
        return Optional.empty();
    }

    /** The sources of a server, each with why it is not followed; empty where it is. */
    private static Map<Address, String> channels(Connection connection) throws SQLException {
        for (String query : STATUS) {
            Map<Address, String> channels = new LinkedHashMap<>();
            try (Statement s = connection.createStatement();
                    ResultSet row = s.executeQuery(query)) {
                while (row.next()) {
                    boolean isNew = hasColumn(row, "Source_Host");
                    String host = row.getString(isNew ? "Source_Host" : "Master_Host");
                    int port = row.getInt(isNew ? "Source_Port" : "Master_Port");
                    if (host != null && !host.isEmpty()) {
                        channels.put(new Address(host, port), standing(row, isNew ? "Replica_" : "Slave_"));
                    }
                }
                return channels;
            } catch (SQLException e) {
                if (e.getErrorCode() != SYNTAX_ERROR) {
                    throw MigrationException.refused("cannot tell whether the server is a replica; " + e.getMessage()
                            + "; give the user REPLICATION CLIENT, or name the source by --assume-master-host");
                }
            }
        }
        return Map.of();
    }

    private static String standing(ResultSet row, String prefix) throws SQLException {
        for (String thread : List.of("IO_Running", "SQL_Running")) {
            if ("No".equalsIgnoreCase(row.getString(prefix + thread))) {
                return "does not replicate (" + prefix + thread + ": No)";
            }
        }
        return "";
    }

    private static boolean hasColumn(ResultSet row, String name) throws SQLException {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            if (row.getMetaData().getColumnLabel(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
