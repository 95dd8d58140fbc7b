package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.SqlMode;
import io.crossfade.model.Side;
import io.crossfade.sql.Comparison;
import io.crossfade.sql.Rewriting;
import io.crossfade.sql.SessionView;
import io.crossfade.state.Snapshot;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every method of every interface reaches the delegate with its arguments, default methods as well. */
class ForwardingTest {

    /** Answered by the proxy itself, by what it wraps. */
    private static final Set<String> OWN = Set.of("unwrap", "isWrapperFor");

    private final Recorder recorder = new Recorder();

    @Test
    void connectionForwardsEveryMethod() throws Exception {
        // A new one for each call, since some methods end it.
        verify(Connection.class, () -> Proxies.connection(recorder.make(Connection.class), session(), () -> {}));
    }

    @Test
    void statementForwardsEveryMethod() throws Exception {
        verify(Statement.class, () -> Proxies.statement(connection(), recorder.make(Statement.class)));
    }

    @Test
    void preparedStatementForwardsEveryMethod() throws Exception {
        verify(
                PreparedStatement.class,
                () -> Proxies.prepared(
                        connection(), recorder.make(PreparedStatement.class), "x", plan(), sql -> fail()));
    }

    @Test
    void callableStatementForwardsEveryMethod() throws Exception {
        verify(
                CallableStatement.class,
                () -> Proxies.callable(
                        connection(), recorder.make(CallableStatement.class), "x", plan(), sql -> fail()));
    }

    @Test
    void resultSetForwardsEveryMethod() throws Exception {
        verify(ResultSet.class, () -> Proxies.resultSet(connection(), null, recorder.make(ResultSet.class), null));
    }

    @Test
    void resultSetWithHiddenColumnsForwardsEveryMethod() throws Exception {
        Comparisons comparisons = session().comparisons();
        Comparison nothing = new Comparison(List.of(), null);
        verify(ResultSet.class, () -> Proxies.compared(recorder.make(ResultSet.class), nothing, comparisons));
        verify(ResultSetMetaData.class, () -> Proxies.columns(recorder.make(ResultSetMetaData.class), 0));
    }

    @Test
    void metaDataForwardsEveryMethodButTheConnection() throws Exception {
        verify(
                DatabaseMetaData.class,
                () -> Proxies.metaData(connection(), recorder.make(DatabaseMetaData.class)),
                "getConnection");
    }

    @Test
    void recordedSettersReachAnotherStatement() throws Exception {
        PreparedStatement first = recorder.make(PreparedStatement.class);
        PreparedStatementProxy proxy = Proxies.prepared(connection(), first, "x", plan(), sql -> fail());
        Set<String> set = new TreeSet<>();
        for (Method method : PreparedStatement.class.getMethods()) {
            if (method.getName().startsWith("set") && method.getParameterCount() > 0) {
                method.invoke(proxy, arguments(method));
                set.add(method.getName());
            }
        }
        recorder.calls.clear();
        recording(proxy).replay(recorder.make(PreparedStatement.class));
        // All of them set parameter 1 (the last one counts), attributes count each by itself.
        assertThat(recorder.calls)
                .contains("setFetchSize", "setMaxRows", "setQueryTimeout", "setMaxFieldSize", "setFetchDirection");
        assertThat(recorder.calls.stream().filter(name -> !Set.of(
                                "setFetchSize",
                                "setMaxRows",
                                "setLargeMaxRows",
                                "setQueryTimeout",
                                "setMaxFieldSize",
                                "setFetchDirection",
                                "setEscapeProcessing",
                                "setCursorName",
                                "setPoolable")
                        .contains(name)))
                .hasSize(1);
        assertThat(set).hasSizeGreaterThan(30);
    }

    private interface Making {
        Object make() throws SQLException;
    }

    private void verify(Class<?> type, Making making, String... except) throws Exception {
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())
                    || OWN.contains(method.getName())
                    || Arrays.asList(except).contains(method.getName())) {
                continue;
            }
            Object proxy = making.make();
            assertThat(Modifier.isAbstract(proxy.getClass().getModifiers())).isFalse();
            Class<?> declaring = proxy.getClass()
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass();
            assertThat(declaring.isInterface())
                    .as("%s overrides %s", proxy.getClass().getSimpleName(), method)
                    .isFalse();
            Object[] arguments = arguments(method);
            recorder.expect(method, arguments);
            try {
                method.invoke(proxy, arguments);
            } catch (InvocationTargetException e) {
                throw new AssertionError("failed: " + method, e.getCause());
            }
            assertThat(recorder.isMet).as("%s reaches the delegate", method).isTrue();
        }
    }

    private static Recording recording(PreparedStatementProxy proxy) throws ReflectiveOperationException {
        var field = PreparedStatementProxy.class.getDeclaredField("recording");
        field.setAccessible(true);
        return (Recording) field.get(proxy);
    }

    private static PreparedStatement fail() {
        throw new AssertionError("is not prepared again");
    }

    private ConnectionProxy connection() throws SQLException {
        return Proxies.connection(recorder.make(Connection.class), session(), () -> {});
    }

    private Session session() throws SQLException {
        DriverSettings settings = DriverSettings.of(new Properties());
        ControlLink link = new ControlLink("test", settings, () -> recorder.make(Connection.class), System::nanoTime);
        link.start();
        Session session = Session.begin(link, recorder.make(Connection.class));
        link.close();
        return session;
    }

    private static Plan plan() {
        return new Plan(
                Rewriting.foreign("x"), Snapshot.NONE, new SessionView("", SqlMode.DEFAULT, Side.OLD, Set.of()));
    }

    private static Object[] arguments(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(ForwardingTest::value)
                .toArray();
    }

    private static Object value(Class<?> type) {
        if (type == boolean.class) {
            return true;
        } else if (type == int.class) {
            return 1;
        } else if (type == long.class) {
            return 2L;
        } else if (type == short.class) {
            return (short) 3;
        } else if (type == byte.class) {
            return (byte) 4;
        } else if (type == float.class) {
            return 5f;
        } else if (type == double.class) {
            return 6d;
        } else if (type == String.class) {
            return "x";
        } else if (type == Class.class) {
            return String.class;
        } else if (type == Properties.class) {
            return new Properties();
        } else if (type == Map.class) {
            return Map.of();
        } else if (type == Executor.class) {
            return (Executor) Runnable::run;
        } else if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        return null;
    }

    /** Makes delegates that remember whether the expected call came, and answer every call with something fitting. */
    private static final class Recorder implements InvocationHandler {
        private final Set<String> calls = new TreeSet<>();
        private String expected = "";
        private Object[] arguments = new Object[0];
        private boolean isMet;

        private <T> T make(Class<T> type) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
        }

        private void expect(Method method, Object[] with) {
            expected = signature(method);
            arguments = with;
            isMet = false;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] given) throws SQLException {
            Object[] with = given == null ? new Object[0] : given;
            calls.add(method.getName());
            if (signature(method).equals(expected) && sameArguments(with)) {
                isMet = true;
            }
            Class<?> returned = method.getReturnType();
            if (method.getName().equals("toString")) {
                return "recorder";
            } else if (method.getName().equals("getString")) {
                return "8.0.15";
            } else if (method.getName().equals("getLong")) {
                return 0L; // An epoch without control tables.
            } else if (method.getName().equals("next")) {
                return true;
            } else if (returned == void.class) {
                return null;
            } else if (returned.isInterface() && returned.getName().startsWith("java.sql.")) {
                return make(returned);
            } else if (returned == Properties.class || returned.isPrimitive() || returned.isArray()) {
                return value(returned);
            }
            return null;
        }

        private boolean sameArguments(Object[] with) {
            for (int i = 0; i < with.length; i++) {
                if (with[i] != arguments[i] && !String.valueOf(with[i]).equals(String.valueOf(arguments[i]))) {
                    return false;
                }
            }
            return with.length == arguments.length;
        }

        private static String signature(Method method) {
            return method.getName()
                    + Arrays.stream(method.getParameterTypes())
                            .map(Class::getName)
                            .collect(Collectors.joining(","));
        }
    }
}
