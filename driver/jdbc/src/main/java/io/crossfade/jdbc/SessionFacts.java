package io.crossfade.jdbc;

import io.crossfade.dialect.SqlMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What the application sets on a session and its statements depend on: schema, sql_mode and autocommit.
 *
 * <p>One thread at a time, as the connection.
 */
final class SessionFacts {
    private final Connection raw;
    private final long connectionId;
    private volatile boolean autoCommit;
    private volatile String schema;
    private volatile SqlMode mode;

    private SessionFacts(Connection raw, long connectionId, String schema, SqlMode mode, boolean autoCommit) {
        this.raw = raw;
        this.connectionId = connectionId;
        this.schema = schema;
        this.mode = mode;
        this.autoCommit = autoCommit;
    }

    /** Asks the server what it knows of the session. */
    static SessionFacts read(Connection raw) throws SQLException {
        try (Statement s = raw.createStatement();
                ResultSet r = s.executeQuery("SELECT CONNECTION_ID(), DATABASE(), @@sql_mode")) {
            r.next();
            return new SessionFacts(
                    raw, r.getLong(1), text(r.getString(2)), SqlMode.of(text(r.getString(3))), raw.getAutoCommit());
        }
    }

    long connectionId() {
        return connectionId;
    }

    boolean autoCommit() {
        return autoCommit;
    }

    String schema() {
        return schema;
    }

    SqlMode mode() {
        return mode;
    }

    /** Says whether that ends the transaction: switching it on does, switching on what is on ends nothing. */
    boolean setAutoCommit(boolean on) {
        boolean ends = on && !autoCommit;
        autoCommit = on;
        return ends;
    }

    void setSchema(String name) {
        schema = name;
    }

    void readSchema() throws SQLException {
        schema = ask("SELECT DATABASE()");
    }

    void readMode() throws SQLException {
        mode = SqlMode.of(ask("SELECT @@sql_mode"));
    }

    private String ask(String question) throws SQLException {
        try (Statement s = raw.createStatement();
                ResultSet r = s.executeQuery(question)) {
            return r.next() ? text(r.getString(1)) : "";
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
