package io.crossfade.simulator;

import io.crossfade.simulator.model.Result;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of JDBC that the driver and the migrator call, over a {@link Wire}. Another method is a failure of the simulation. */
final class Jdbc {
    private static final @Nullable Object[] NONE = new Object[0];

    private Jdbc() {}

    static Connection connection(Wire wire) {
        return make(Connection.class, new OfConnection(wire));
    }

    private static <T> T make(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Jdbc.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static IllegalStateException unknown(Method method) {
        return new IllegalStateException("the simulation has no " + method);
    }

    private static final class OfConnection implements InvocationHandler {
        private final Wire wire;

        private OfConnection(Wire wire) {
            this.wire = wire;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
                throws SQLException {
            @Nullable Object[] given = args == null ? NONE : args;
            switch (method.getName()) {
                case "createStatement":
                    return make(Statement.class, new OfStatement(wire, (Connection) proxy, ""));
                case "prepareStatement":
                    return make(
                            PreparedStatement.class,
                            new OfStatement(wire, (Connection) proxy, String.valueOf(given[0])));
                case "setAutoCommit":
                    wire.autoCommit(Boolean.TRUE.equals(given[0]));
                    return null;
                case "getAutoCommit":
                    return wire.session().isAutoCommit();
                case "commit":
                    wire.commit();
                    return null;
                case "rollback":
                    wire.rollback();
                    return null;
                case "close":
                    wire.close();
                    return null;
                case "isClosed":
                    return wire.isClosed();
                case "getCatalog":
                    return "shop";
                case "setTransactionIsolation":
                    wire.readCommitted();
                    return null;
                case "setReadOnly", "setNetworkTimeout", "setClientInfo":
                    return null;
                case "hashCode":
                    return (int) wire.session().id();
                case "equals":
                    return proxy == given[0];
                case "toString":
                    return "session " + wire.session().id();
                default:
                    throw unknown(method);
            }
        }
    }

    private static final class OfStatement implements InvocationHandler {
        private final Wire wire;
        private final Connection connection;
        private final String sql;
        private @Nullable Object[] parameters = new Object[16];
        private int parameterCount;
        private int batch;
        private @Nullable Result last;

        private OfStatement(Wire wire, Connection connection, String sql) {
            this.wire = wire;
            this.connection = connection;
            this.sql = sql;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
                throws SQLException {
            @Nullable Object[] given = args == null ? NONE : args;
            switch (method.getName()) {
                case "executeQuery":
                    return results(run(given));
                case "executeUpdate":
                    return run(given).count();
                case "execute":
                    last = run(given);
                    return last.isQuery();
                case "getResultSet":
                    return last == null ? null : results(last);
                case "addBatch":
                    batch++;
                    pending.add(Arrays.copyOf(parameters, parameterCount));
                    return null;
                case "executeBatch":
                    int[] counts = new int[batch];
                    for (int i = 0; i < batch; i++) {
                        // One event of the simulation: the rows of a batch come in no order that could be replayed.
                        counts[i] =
                                (i == 0 ? wire.execute(sql, pending.get(i)) : wire.more(sql, pending.get(i))).count();
                    }
                    pending.clear();
                    batch = 0;
                    return counts;
                case "getConnection":
                    return connection;
                case "close", "setQueryTimeout", "setFetchSize", "clearParameters":
                    return null;
                case "hashCode":
                    return System.identityHashCode(this);
                case "equals":
                    return proxy == given[0];
                case "toString":
                    return sql;
                default:
                    if (method.getName().startsWith("set") && given.length >= 2 && given[0] instanceof Integer index) {
                        parameters[index - 1] = value(method.getName().equals("setNull") ? null : given[1]);
                        parameterCount = Math.max(parameterCount, index);
                        return null;
                    }
                    throw unknown(method);
            }
        }

        private final java.util.ArrayList<@Nullable Object[]> pending = new java.util.ArrayList<>();

        private Result run(@Nullable Object[] given) throws SQLException {
            return given.length > 0 && given[0] instanceof String text
                    ? wire.execute(text, NONE)
                    : wire.execute(sql, Arrays.copyOf(parameters, parameterCount));
        }

        private static @Nullable Object value(@Nullable Object given) {
            if (given instanceof Integer number) {
                return (long) number;
            }
            if (given instanceof Boolean truth) {
                return truth ? 1L : 0L;
            }
            if (given instanceof LocalDateTime time) {
                return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + time.getNano() / 1000;
            }
            return given;
        }

        private static ResultSet results(Result result) {
            return make(ResultSet.class, new OfResults(result));
        }
    }

    private static final class OfResults implements InvocationHandler {
        private final Result result;
        private int at = -1;
        private boolean wasNull;

        private OfResults(Result result) {
            this.result = result;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) {
            @Nullable Object[] given = args == null ? NONE : args;
            switch (method.getName()) {
                case "next":
                    return ++at < result.rows().size();
                case "getString":
                    Object text = cell(given);
                    return text == null ? null : text.toString();
                case "getLong":
                    return number(cell(given));
                case "getInt":
                    return (int) number(cell(given));
                case "getBoolean":
                    return number(cell(given)) != 0;
                case "getObject":
                    Object value = cell(given);
                    return value != null && given.length > 1 && given[1] == LocalDateTime.class
                            ? time(number(value))
                            : value;
                case "wasNull":
                    return wasNull;
                case "getMetaData":
                    return metaData(result.labels());
                case "close":
                    return null;
                case "hashCode":
                    return System.identityHashCode(this);
                case "equals":
                    return proxy == given[0];
                case "toString":
                    return "results";
                default:
                    throw unknown(method);
            }
        }

        private @Nullable Object cell(@Nullable Object[] given) {
            int column = given[0] instanceof Integer index
                    ? index - 1
                    : result.labels().indexOf(String.valueOf(given[0]));
            Object value = result.rows().get(at)[column];
            wasNull = value == null;
            return value;
        }

        private static long number(@Nullable Object value) {
            return value == null ? 0 : value instanceof Long number ? number : Long.parseLong(value.toString());
        }

        private static LocalDateTime time(long micros) {
            Instant at =
                    Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
            return LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        }

        private static ResultSetMetaData metaData(List<String> labels) {
            return make(ResultSetMetaData.class, (proxy, method, args) -> switch (method.getName()) {
                case "getColumnCount" -> labels.size();
                case "getColumnName", "getColumnLabel" -> labels.get((Integer) args[0] - 1);
                default -> throw unknown(method);
            });
        }
    }
}
