package io.crossfade.migrator.cutover;

import io.crossfade.migrator.mysql.Connections;
import io.crossfade.testkit.TestDatabase;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens connections that fail once, at the first statement of a kind: before the server has seen it, or after it was done. */
final class Saboteur implements Connections.Source {
    private final TestDatabase database;
    private final String beginning;
    private final Way way;
    private final AtomicBoolean isArmed = new AtomicBoolean(true);
    private final Map<Long, String> locks = new ConcurrentHashMap<>();

    enum Way {
        /** The session is ended by somebody before the statement is sent. */
        KILLED_BEFORE,
        /** The session is ended by somebody while the server works on the statement, or has just done it. */
        KILLED_WHILE,
        /** The server has done it, the answer is lost, and the server still believes in the connection. */
        ANSWER_LOST,
        /** The statement alone is ended. */
        QUERY_KILLED
    }

    Saboteur(TestDatabase database, String beginning, Way way) {
        this.database = database;
        this.beginning = beginning;
        this.way = way;
    }

    /** One that only looks on. */
    static Saboteur none(TestDatabase database) {
        return new Saboteur(database, "nothing", Way.QUERY_KILLED);
    }

    /** The session that asked for LOCK TABLES of a table. */
    long holderOf(String table) {
        return locks.entrySet().stream()
                .filter(e -> e.getValue().contains("`" + table + "` WRITE"))
                .mapToLong(Map.Entry::getKey)
                .findAny()
                .orElseThrow();
    }

    boolean hasStruck() {
        return !isArmed.get();
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = database.connect();
        return wrapped(Connection.class, connection, (proxy, method, arguments) -> {
            Object result = call(connection, method, arguments);
            return result instanceof Statement statement && method.getName().equals("createStatement")
                    ? wrapped(Statement.class, statement, struck(connection, statement))
                    : result;
        });
    }

    private InvocationHandler struck(Connection connection, Statement statement) {
        return (proxy, method, arguments) -> {
            long id = connection.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).getId();
            if (method.getName().equals("execute")
                    && String.valueOf(arguments[0]).startsWith("LOCK TABLES")) {
                locks.put(id, String.valueOf(arguments[0]));
            }
            boolean isStruck = method.getName().equals("execute")
                    && String.valueOf(arguments[0]).startsWith(beginning)
                    && isArmed.getAndSet(false);
            if (!isStruck) {
                return call(statement, method, arguments);
            }
            switch (way) {
                case KILLED_BEFORE -> {
                    database.execute("KILL " + id);
                    return call(statement, method, arguments);
                }
                case KILLED_WHILE, QUERY_KILLED -> {
                    Thread thread = new Thread(() -> killLoudly(id), "saboteur");
                    thread.start();
                    return call(statement, method, arguments);
                }
                case ANSWER_LOST -> {
                    call(statement, method, arguments);
                    throw new SQLException("the answer is lost", "08S01");
                }
            }
            throw new AssertionError(way);
        };
    }

    private void killLoudly(long id) {
        try {
            database.execute((way == Way.QUERY_KILLED ? "KILL QUERY " : "KILL ") + id);
        } catch (SQLException gone) {
            // It was faster than we.
            return;
        }
    }

    private static <T> T wrapped(Class<T> type, T target, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
