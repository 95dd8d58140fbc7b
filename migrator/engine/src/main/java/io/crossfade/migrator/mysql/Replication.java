package io.crossfade.migrator.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/** What a server does as the replica of others. Reading it wants REPLICATION CLIENT, stopping it the server's own privilege for that. */
public final class Replication {

    /** MySQL took the words REPLICA and SOURCE; 8.4 forgot the older ones. */
    private static final int REPLICA_SINCE = 80022;

    private static final Set<String> APPLYING = Set.of("Replica_SQL_Running", "Slave_SQL_Running");

    private final Connection connection;
    private final Server server;

    public Replication(Connection connection, Server server) {
        this.connection = connection;
        this.server = server;
    }

    /** Whether it replicates from anybody, by however many channels, running or not. */
    public boolean isThere() throws SQLException {
        return !applying().isEmpty();
    }

    /** Whether what came from a source is still being written here. */
    public boolean isApplying() throws SQLException {
        return !applying().equals(Set.of("No")) && isThere();
    }

    /** Ends it, on all channels; it does not begin again by itself before the server is started anew. */
    public void stop() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(words("STOP REPLICA", "STOP SLAVE", "STOP ALL SLAVES"));
        }
    }

    /** Lets it go on. */
    public void go() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(start());
        }
    }

    /** The statement that lets it go on. */
    public String start() {
        return words("START REPLICA", "START SLAVE", "START ALL SLAVES");
    }

    /** The different states of the channels' appliers. */
    private Set<String> applying() throws SQLException {
        Set<String> states = new TreeSet<>();
        try (Statement s = connection.createStatement();
                ResultSet r =
                        s.executeQuery(words("SHOW REPLICA STATUS", "SHOW SLAVE STATUS", "SHOW ALL SLAVES STATUS"))) {
            while (r.next()) {
                states.add(r.getString(column(r.getMetaData())));
            }
        }
        return states;
    }

    private static int column(ResultSetMetaData columns) throws SQLException {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            if (APPLYING.contains(columns.getColumnLabel(i))) {
                return i;
            }
        }
        throw new SQLException("the server's replica status has none of the columns " + APPLYING);
    }

    private String words(String now, String before, String mariaDb) {
        return server.isMariaDb() ? mariaDb : server.dialect().version() >= REPLICA_SINCE ? now : before;
    }
}
