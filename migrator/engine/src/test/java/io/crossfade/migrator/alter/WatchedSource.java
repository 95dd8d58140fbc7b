package io.crossfade.migrator.alter;

import io.crossfade.migrator.mysql.Connections;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions whose statements and commits a test sees before and after the server does, and may lose; those of a batch one by one. Safe
 * for many threads.
 */
public final class WatchedSource implements Connections.Source {
    private final Connections.Source source;
    private final Watch watch;

    /** What the test does about a statement; a commit reads {@code COMMIT}. */
    public interface Watch {

        /** The server has not seen it yet. */
        default void before(Connection session, String sql) throws SQLException {}

        /** The server has done it; what is thrown here is the answer. */
        default void after(Connection session, String sql) throws SQLException {}
    }

    public WatchedSource(Connections.Source source, Watch watch) {
        this.source = source;
        this.watch = watch;
    }

    /** Ends a session as a lost network does. */
    static SQLException lost(Connection session) throws SQLException {
        session.abort(Runnable::run);
        return new SQLException("the session is lost", "08S01", 0);
    }

    @Override
    public Connection open() throws SQLException {
        Connection real = source.open();
        return proxy(Connection.class, real, real, "");
    }

    private <T> T proxy(Class<T> type, Object real, Connection session, String prepared) {
        List<String> batch = new ArrayList<>();
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, values) -> {
                    if (prepared.isEmpty() && method.getName().equals("addBatch")) {
                        batch.add(String.valueOf(values[0]));
                        return null;
                    }
                    return prepared.isEmpty() && method.getName().equals("executeBatch")
                            ? executeBatch((Statement) real, session, batch)
                            : call(real, session, prepared, method, values);
                }));
    }

    private int[] executeBatch(Statement real, Connection session, List<String> batch) throws SQLException {
        int[] counts = new int[batch.size()];
        for (int i = 0; i < counts.length; i++) {
            watch.before(session, batch.get(i));
            counts[i] = real.executeUpdate(batch.get(i));
            watch.after(session, batch.get(i));
        }
        batch.clear();
        return counts;
    }

    private Object call(Object real, Connection session, String prepared, Method method, Object[] values)
            throws Throwable {
        String sql = "";
        if (method.getName().startsWith("execute")) {
            sql = values == null ? prepared : String.valueOf(values[0]);
        } else if (method.getName().equals("commit")) {
            sql = "COMMIT";
        }
        if (!sql.isEmpty()) {
            watch.before(session, sql);
        }
        Object result;
        try {
            result = method.invoke(real, values);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (!sql.isEmpty()) {
            watch.after(session, sql);
        }
        if (result instanceof PreparedStatement) {
            return proxy(PreparedStatement.class, result, session, String.valueOf(values[0]));
        }
        return result instanceof Statement ? proxy(Statement.class, result, session, "") : result;
    }
}
