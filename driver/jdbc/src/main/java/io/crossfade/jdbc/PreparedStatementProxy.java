package io.crossfade.jdbc;

import io.crossfade.sql.Comparison;
import io.crossfade.state.Snapshot;
import java.lang.invoke.MethodHandle;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement that is prepared again when the session's snapshot has moved and its text comes out differently. Every
 * setter is woven to record its call, so that the new one gets the same parameters and attributes. While rows are in its batch
 * it keeps its plan, whose epoch they hold. An execution that compares rows is prepared for by itself, and the next one without again.
 *
 * <p>One thread at a time, except {@code cancel}.
 */
abstract class PreparedStatementProxy extends StatementProxy implements PreparedStatement {

    private final String sql;
    private final Preparation preparation;
    private final List<Effect> effects;
    private final Recording recording = new Recording();
    private PreparedStatement prepared;
    private Plan plan;

    PreparedStatementProxy(
            ConnectionProxy connection, PreparedStatement delegate, String sql, Plan plan, Preparation preparation) {
        super(connection, delegate);
        this.sql = sql;
        this.prepared = delegate;
        this.plan = plan;
        this.preparation = preparation;
        this.effects = connection.session().effects(sql);
    }

    @Override
    PreparedStatement delegate() {
        return prepared;
    }

    /** Called by the woven setters, after the delegate has taken the value. */
    final void recordCall(MethodHandle setter, String name, Object[] arguments) {
        recording.add(setter, name, arguments);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return wrap(read(planned -> delegate().executeQuery()));
    }

    @Override
    public int executeUpdate() throws SQLException {
        return run(planned -> delegate().executeUpdate());
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return run(planned -> delegate().executeLargeUpdate());
    }

    @Override
    public boolean execute() throws SQLException {
        return read(planned -> delegate().execute());
    }

    /** Without the columns that only the driver sees. */
    @Override
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        ResultSetMetaData raw = delegate().getMetaData();
        Comparison comparison = plan.comparison();
        return raw == null || comparison == null
                ? raw
                : Proxies.columns(raw, comparison.tables().size());
    }

    @Override
    public void addBatch() throws SQLException {
        Snapshot snapshot = session().enter();
        try {
            prepareFor(snapshot);
            delegate().addBatch();
            addedToBatch(plan);
        } finally {
            session().pins().exit();
        }
    }

    @Override
    public void clearParameters() throws SQLException {
        delegate().clearParameters();
        recording.clearParameters();
    }

    private <T> T run(Sending<T> sending) throws SQLException {
        return run(false, sending);
    }

    private <T> T read(Sending<T> sending) throws SQLException {
        return run(!(this instanceof CallableStatement), sending);
    }

    private <T> T run(boolean mayCompare, Sending<T> sending) throws SQLException {
        Session session = session();
        Snapshot snapshot = session.enter(effects);
        try {
            if (mayCompare
                    && session.planning().samples(sql, snapshot)
                    && !hasBatch()
                    && !recording.holdsStream()
                    && takesMore()) {
                try {
                    plan(snapshot, true);
                    if (plan.compares()) {
                        T result = session.dispatch().send(plan, sending);
                        sent(plan);
                        session.apply(effects);
                        return result;
                    }
                } catch (SQLException e) {
                    session.repetition().passOver(e);
                }
            }
            prepareFor(snapshot);
            T result;
            try {
                result = session.dispatch().send(plan, sending);
            } catch (SQLException e) {
                if (hasBatch() || recording.holdsStream()) {
                    throw e;
                }
                if (mayCompare && Repetition.isOutgrown(e)) {
                    result = sendAnew(e, sending);
                } else if (session.repetition().maybeStale(e, plan, sql)) {
                    plan(session.repetition().renew(e));
                    result = session.dispatch().send(plan, sending);
                } else {
                    throw e;
                }
            }
            sent(plan);
            session.apply(effects);
            return result;
        } finally {
            session.pins().exit();
        }
    }

    /** The connector may give one that it has kept since before the table got its columns; it keeps one of a text at most. */
    private <T> T sendAnew(SQLException cause, Sending<T> sending) throws SQLException {
        for (int kept = 0; ; kept++) {
            PreparedStatement old = prepareAnew(plan);
            // It is not to be kept.
            old.setPoolable(false);
            old.close();
            if (!Repetition.isRead(plan.sql())) {
                throw cause;
            }
            try {
                return session().dispatch().send(plan, sending);
            } catch (SQLException e) {
                if (kept > 0 || !Repetition.isOutgrown(e)) {
                    throw e;
                }
            }
        }
    }

    private void prepareFor(Snapshot snapshot) throws SQLException {
        if (!hasBatch() && !session().planning().isCurrent(plan, sql, snapshot)) {
            plan(snapshot);
        }
    }

    /** Makes the plan anew, and the delegate with it where the text is another one. */
    private void plan(Snapshot snapshot) throws SQLException {
        plan(snapshot, false);
    }

    private void plan(Snapshot snapshot, boolean compares) throws SQLException {
        Plan fresh = session().planning().plan(sql, snapshot, compares);
        if (!fresh.sql().equals(plan.sql())) {
            prepareAnew(fresh).close();
        }
        plan = fresh;
    }

    /** Gives the statement that was prepared before, which is of no use any more. */
    private PreparedStatement prepareAnew(Plan fresh) throws SQLException {
        PreparedStatement old = prepared;
        PreparedStatement anew = preparation.prepare(fresh.sql());
        try {
            recording.replay(anew);
        } catch (SQLException | RuntimeException e) {
            anew.close();
            throw e;
        }
        replaceDelegate(anew);
        return old;
    }

    void replaceDelegate(PreparedStatement anew) {
        prepared = anew;
    }
}
