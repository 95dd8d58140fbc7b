package io.crossfade.jdbc;

import io.crossfade.sql.Comparison;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The result of a sampled read: looks, at each row, at the hidden columns that say whether its two sides agree, and shows the
 * application the columns that it asked for and no others. Other results have no such proxy, and their getters only forward.
 *
 * <p>One thread at a time.
 */
abstract class ComparedResultSetProxy implements ResultSet {

    private static final int UNKNOWN = -1;

    private final ResultSet delegate;
    private final Comparison comparison;
    private final Comparisons comparisons;
    private int visible = UNKNOWN;

    ComparedResultSetProxy(ResultSet delegate, Comparison comparison, Comparisons comparisons) {
        this.delegate = delegate;
        this.comparison = comparison;
        this.comparisons = comparisons;
    }

    ResultSet delegate() {
        return delegate;
    }

    @Override
    public boolean next() throws SQLException {
        boolean isRow = delegate.next();
        if (isRow) {
            for (int i = 0; i < comparison.tables().size(); i++) {
                comparisons.saw(comparison.tables().get(i), delegate.getString(visible() + i + 1));
            }
        }
        return isRow;
    }

    @Override
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        ResultSetMetaData raw = delegate.getMetaData();
        return raw == null ? null : Proxies.columns(raw, comparison.tables().size());
    }

    /** Called by the woven methods. What is no column for the application is none for the wrapped driver: it fails as ever. */
    final int columnIndex(int index) throws SQLException {
        return index <= visible() ? index : index + comparison.tables().size();
    }

    /** Called by the woven methods: as {@link #columnIndex}. */
    final String columnLabel(String label) {
        for (int i = 0; i < comparison.tables().size(); i++) {
            if (comparison.tables().get(i).label().equalsIgnoreCase(label)) {
                return label + ":";
            }
        }
        return label;
    }

    private int visible() throws SQLException {
        if (visible == UNKNOWN) {
            visible = delegate.getMetaData().getColumnCount()
                    - comparison.tables().size();
        }
        return visible;
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
