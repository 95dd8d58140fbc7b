package io.crossfade.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A running server and how to reach it. The user has all rights. Immutable.
 *
 * @param kind the family that the server was asked for as
 * @param host a host name or address
 * @param port the TCP port
 * @param user the user name
 * @param password the password, in the clear: these are throw-away servers
 */
public record TestServer(ServerKind kind, String host, int port, String user, String password) {
    /** The URL for MySQL Connector/J, which speaks to MariaDB as well. An empty database name selects none. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://" + host + ":" + port + "/" + database + "?allowPublicKeyRetrieval=true&sslMode=DISABLED";
    }

    /** The URL for the MariaDB driver, which speaks to MySQL as well. An empty database name selects none. */
    public String mariadbUrl(String database) {
        return "jdbc:mariadb://" + host + ":" + port + "/" + database + "?allowPublicKeyRetrieval=true&sslMode=disable";
    }

    /** A new connection through MySQL Connector/J; the caller closes it. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user, password);
    }

    /** Where the server is, without the password. */
    @Override
    public String toString() {
        return kind.label() + " at " + host + ":" + port;
    }
}
