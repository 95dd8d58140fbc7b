package io.crossfade.jdbc;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/**
 * The columns of a result as the application asked for them: those that only the driver sees stand at the end, and are not there
 * for it. As many threads as the wrapped one.
 */
abstract class ResultSetMetaDataProxy implements ResultSetMetaData {

    private final ResultSetMetaData delegate;
    private final int hidden;

    /**
     * @param hidden how many columns at the end are the driver's
     */
    ResultSetMetaDataProxy(ResultSetMetaData delegate, int hidden) {
        this.delegate = delegate;
        this.hidden = hidden;
    }

    ResultSetMetaData delegate() {
        return delegate;
    }

    @Override
    public int getColumnCount() throws SQLException {
        return delegate.getColumnCount() - hidden;
    }

    /** Called by the woven methods. What is no column for the application is none for the wrapped driver: it fails as ever. */
    final int columnIndex(int index) throws SQLException {
        return index <= getColumnCount() ? index : index + hidden;
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
