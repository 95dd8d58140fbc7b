package io.crossfade.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fresh database of one test, dropped when it is closed. {@link #execute} and the queries use a connection of their
 * own for each call, so session state does not last: use {@link #connect} for that. Safe for many threads.
 */
public final class TestDatabase implements AutoCloseable {
    /** Tells the databases of JVMs apart that share one server. Not seeded: it must differ from run to run. */
    private static final String JVM = Long.toString(new SplittableRandom().nextLong() >>> 32, 36);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final TestServer server;
    private final String name;

    private TestDatabase(TestServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /** Creates a database with a name that no other has: {@code cf_1x7k2p_12}. */
    public static TestDatabase create(TestServer server) throws SQLException {
        TestDatabase database = new TestDatabase(server, "cf_" + JVM + "_" + NUMBER.incrementAndGet());
        database.onServer("CREATE DATABASE " + database.name);
        return database;
    }

    public TestServer server() {
        return server;
    }

    /** The name, which needs no quoting. */
    public String name() {
        return name;
    }

    /** The URL for MySQL Connector/J, without user and password. */
    public String jdbcUrl() {
        return server.jdbcUrl(name);
    }

    /** The URL for the MariaDB driver, without user and password. */
    public String mariadbUrl() {
        return server.mariadbUrl(name);
    }

    public String user() {
        return server.user();
    }

    public String password() {
        return server.password();
    }

    /** A new connection through MySQL Connector/J; the caller closes it. */
    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    /** Runs each statement, in order, on one connection. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query, each with its values as {@link ResultSet#getObject(int)} gives them. */
    public List<List<@Nullable Object>> query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<List<@Nullable Object>> result = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(rows.getObject(column));
                }
                result.add(Collections.unmodifiableList(row));
            }
            return Collections.unmodifiableList(result);
        }
    }

    /** How often a session has asked its engine for a row since its {@code FLUSH STATUS}. */
    public static long rowsRead(Statement session) throws SQLException {
        long read = 0;
        try (ResultSet r = session.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
            while (r.next()) {
                read += r.getLong(2);
            }
        }
        return read;
    }

    /** The single number that a query gives. */
    public long queryLong(String sql) throws SQLException {
        List<List<@Nullable Object>> rows = query(sql);
        if (rows.size() == 1 && rows.get(0).size() == 1 && rows.get(0).get(0) instanceof Number number) {
            return number.longValue();
        }
        throw new SQLException("cannot read one number: " + sql + "; it gave " + rows);
    }

    /** Drops the database. */
    @Override
    public void close() throws SQLException {
        onServer("DROP DATABASE IF EXISTS " + name);
    }

    @Override
    public String toString() {
        return name + " on " + server;
    }

    private void onServer(String sql) throws SQLException {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
