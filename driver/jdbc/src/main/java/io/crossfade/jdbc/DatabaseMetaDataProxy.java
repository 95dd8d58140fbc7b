package io.crossfade.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Metadata that knows its connection; its result sets are wrapped, so that they lead back to it as well. The URL is the wrapped
 * driver's.
 *
 * <p>As many threads as the wrapped one.
 */
abstract class DatabaseMetaDataProxy implements DatabaseMetaData {

    private final ConnectionProxy connection;
    private final DatabaseMetaData delegate;

    DatabaseMetaDataProxy(ConnectionProxy connection, DatabaseMetaData delegate) {
        this.connection = connection;
        this.delegate = delegate;
    }

    DatabaseMetaData delegate() {
        return delegate;
    }

    /** Called by the woven methods that give a result set. */
    final @Nullable ResultSet wrap(@Nullable ResultSet raw) {
        return raw == null ? null : Proxies.resultSet(connection, null, raw, null);
    }

    @Override
    public Connection getConnection() {
        return connection;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return Wrapping.unwrap(this, delegate, type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return Wrapping.isWrapperFor(this, delegate, type);
    }

    @Override
    public String toString() {
        return Wrapping.describe(this, delegate);
    }
}
