package io.crossfade.samples.shop;

import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerUnavailableException;
import io.crossfade.testkit.TestServer;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The database that the shop lives in: an embedded server of its own, or a new database in a server that is there. Closing
 * it, or ending the JVM, leaves nothing behind. Safe for many threads.
 */
public final class ShopServer implements AutoCloseable {
    /** The user that the owner of an external server names, else MySQL's own. */
    private static final String DEFAULT_USER = "root:";

    private static final int DEFAULT_PORT = 3306;

    /** Holds the 200,000 orders of the demo, or the million rows of the race, with their indexes. */
    private static final int BUFFER_POOL_MEBIBYTES = 512;

    private final TestServer server;
    private final String database;
    private final @Nullable EmbeddedServer embedded;
    private final Thread shutdownHook = new Thread(this::clear, "shop-server-stop");
    private final AtomicBoolean cleared = new AtomicBoolean();

    private ShopServer(TestServer server, String database, @Nullable EmbeddedServer embedded) throws SQLException {
        this.server = server;
        this.database = database;
        this.embedded = embedded;
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
        }
    }

    /**
     * The server that the user asks for.
     *
     * @param wanted {@code mysql}, {@code mariadb}, or {@code mysql://user:password@host:port/}
     */
    public static ShopServer open(String wanted, Screen screen) throws SQLException {
        if (wanted.matches("(mysql|mariadb)://.*")) {
            return in(external(URI.create(wanted)));
        }
        return switch (wanted) {
            case "mysql" -> mysqlOrMariaDb(screen);
            case "mariadb" -> embedded(ServerKind.MARIADB_114, screen);
            default ->
                throw new IllegalArgumentException("\"" + wanted + "\" is no server; use mysql, mariadb,"
                        + " or mysql://user:password@host:port/");
        };
    }

    /** A new database in a server that is there. */
    static ShopServer in(TestServer server) throws SQLException {
        String unique = ProcessHandle.current().pid() + "_" + Long.toString(System.nanoTime() % 1_000_000, 36);
        return new ShopServer(server, "crossfade_shop_" + unique, null);
    }

    private static ShopServer mysqlOrMariaDb(Screen screen) throws SQLException {
        try {
            return embedded(ServerKind.MYSQL_80, screen);
        } catch (ServerUnavailableException e) {
            screen.say("MySQL 8.0 does not run on this machine, so MariaDB it is. " + e.getMessage());
            return embedded(ServerKind.MARIADB_114, screen);
        }
    }

    private static ShopServer embedded(ServerKind kind, Screen screen) throws SQLException {
        screen.say("Starting an embedded " + (kind.isMariaDb() ? "MariaDB" : "MySQL") + " …");
        EmbeddedServer embedded = EmbeddedServer.of(kind)
                .bufferPoolMebibytes(BUFFER_POOL_MEBIBYTES)
                .start();
        return new ShopServer(embedded.server(), "shop", embedded);
    }

    private static TestServer external(URI uri) {
        String userInfo = uri.getUserInfo() == null ? DEFAULT_USER : uri.getUserInfo() + ":";
        String[] userAndPassword = userInfo.split(":", -1);
        ServerKind kind = "mariadb".equals(uri.getScheme()) ? ServerKind.MARIADB_114 : ServerKind.MYSQL_80;
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new TestServer(kind, uri.getHost(), port, userAndPassword[0], userAndPassword[1]);
    }

    /** The database's name, and so the schema of the shop's tables. */
    public String database() {
        return database;
    }

    public String user() {
        return server.user();
    }

    public String password() {
        return server.password();
    }

    /** The URL without Crossfade. */
    public String plainUrl() {
        return server.jdbcUrl(database);
    }

    /** The same URL for the shop: with Crossfade, and the name and version that the shop gives of itself. */
    public String shopUrl(String application, boolean viewsNew) {
        return plainUrl().replaceFirst("^jdbc:", "jdbc:crossfade:")
                + "&rewriteBatchedStatements=true"
                + "&crossfade.application=" + application
                + "&crossfade.key=connection"
                + "&crossfade.view=" + (viewsNew ? "new" : "old");
    }

    /** A connection that no driver of ours stands between. */
    public Connection connect() throws SQLException {
        return server.connect(database);
    }

    /** What the server says that it is. */
    public String version() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT VERSION()")) {
            row.next();
            String version = row.getString(1);
            return version.contains("MariaDB") ? version : "MySQL " + version;
        }
    }

    /**
     * What the server reports of the last deadlock that it resolved, with both statements and the locks that they held and
     * waited for; of whatever database it was. Not for a production's log: the report shows rows.
     */
    String lastDeadlock() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW ENGINE INNODB STATUS")) {
            row.next();
            String report = row.getString("Status");
            int start = report.indexOf("LATEST DETECTED DEADLOCK");
            int end = report.indexOf("\nTRANSACTIONS\n");
            return start < 0 || end < start ? "the server reports no deadlock" : report.substring(start, end);
        } catch (SQLException e) {
            return "the server's report of deadlocks could not be read: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down already and the hook finds nothing left to do.
            return;
        }
    }

    private void clear() {
        if (cleared.compareAndSet(false, true)) {
            if (embedded != null) {
                embedded.close();
            } else {
                drop();
            }
        }
    }

    private void drop() {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + database);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop database " + database + "; drop it by hand", e);
        }
    }
}
