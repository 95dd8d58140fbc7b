package io.crossfade.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A result set that knows its statement. Its getters only forward. Rows that are written through it bypass the rewriting, so
 * that is refused where a changing table may be meant.
 *
 * <p>One thread at a time.
 */
abstract class ResultSetProxy implements ResultSet {

    private final ConnectionProxy connection;
    private final ResultSet delegate;
    private final @Nullable Plan plan;
    private @Nullable StatementProxy statement;

    /**
     * @param statement where it comes from; null for database metadata
     * @param plan what was sent; null where it is not from a table
     */
    ResultSetProxy(
            ConnectionProxy connection, @Nullable StatementProxy statement, ResultSet delegate, @Nullable Plan plan) {
        this.connection = connection;
        this.statement = statement;
        this.delegate = delegate;
        this.plan = plan;
    }

    ResultSet delegate() {
        return delegate;
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        Statement raw = delegate.getStatement(); // Fails where the result set is closed, as it should.
        if (statement == null && raw != null) {
            statement = Proxies.statement(connection, raw);
        }
        return statement;
    }

    @Override
    public void updateRow() throws SQLException {
        requireUnchanging("updateRow");
        delegate.updateRow();
    }

    @Override
    public void insertRow() throws SQLException {
        requireUnchanging("insertRow");
        delegate.insertRow();
    }

    /** What was planned before a change was open says nothing of its tables. */
    private void requireUnchanging(String method) throws SQLException {
        if (plan != null
                && (plan.rewriting().namesChanging() || plan.snapshot().isQuiet())
                && connection.session().writesBothSides()) {
            throw CrossfadeError.refused("cannot write a row through a result set: " + method
                    + "; its table may be changing, and only statements are rewritten; use UPDATE or INSERT");
        }
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
