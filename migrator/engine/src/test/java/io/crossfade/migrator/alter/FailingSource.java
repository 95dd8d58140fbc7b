package io.crossfade.migrator.alter;

import io.crossfade.migrator.mysql.Connections;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Sessions of which one is lost at a chosen statement or commit: before the server had it, or after, with no answer. */
final class FailingSource implements Connections.Source {
    private final Connections.Source source;
    private int left = -1;
    private boolean isAfter;
    private @Nullable String part;

    FailingSource(Connections.Source source) {
        this.source = source;
    }

    /** The so-manieth call from now on loses its session. */
    synchronized void failAt(int call, boolean afterwards) {
        left = call;
        isAfter = afterwards;
    }

    /** The statement that holds this loses its session before the server has it. */
    synchronized void failAt(String sqlPart) {
        part = sqlPart;
    }

    private synchronized boolean isNow(Object[] values) {
        String searched = part;
        boolean isIt = searched != null && values != null && values[0] instanceof String sql && sql.contains(searched);
        return isIt || isNow();
    }

    /** Whether the chosen call has not come. */
    synchronized boolean isArmed() {
        return left >= 0;
    }

    private synchronized boolean isNow() {
        return left >= 0 && left-- == 0;
    }

    @Override
    public Connection open() throws SQLException {
        Connection real = source.open();
        return proxy(Connection.class, real, real);
    }

    private <T> T proxy(Class<T> type, Object real, Connection session) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, values) -> call(real, session, method, values)));
    }

    private Object call(Object real, Connection session, Method method, Object[] values) throws Throwable {
        boolean isCall =
                method.getName().startsWith("execute") || method.getName().equals("commit");
        boolean isLost = isCall && isNow(values);
        if (isLost && !isAfter) {
            throw lost(session);
        }
        Object result;
        try {
            result = method.invoke(real, values);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (isLost) {
            throw lost(session);
        }
        if (result instanceof PreparedStatement) {
            return proxy(PreparedStatement.class, result, session);
        }
        return result instanceof Statement ? proxy(Statement.class, result, session) : result;
    }

    private static SQLException lost(Connection session) throws SQLException {
        session.abort(Runnable::run);
        return new SQLException("the session is lost", "08S01", 0);
    }
}
