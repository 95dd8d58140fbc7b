package io.crossfade.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.lang.invoke.MethodHandle;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The setter calls that brought a prepared statement into its state: parameters and attributes. The last call for each
 * parameter or attribute is kept, so that it never holds more than the statement itself does. A stream is handed over as it
 * is: once read it cannot be replayed.
 *
 * <p>One thread at a time, as its statement.
 */
final class Recording {

    private record Key(String kind, Object subject) {}

    private record Call(MethodHandle method, List<@Nullable Object> arguments) {}

    private final Map<Object, Call> calls = new LinkedHashMap<>();

    /** A call {@code setInt(3, 7)} takes the place of an earlier {@code setString(3, "x")}; other setters go by their name. */
    void add(MethodHandle method, String name, Object[] arguments) {
        Object key;
        if (name.equals("registerOutParameter")) {
            key = new Key(name, arguments[0]);
        } else if (isParameter(method)) {
            key = arguments[0];
        } else {
            key = new Key(name, "");
        }
        calls.put(key, new Call(method, Arrays.asList(arguments)));
    }

    /** Forgets the parameters, and keeps attributes and out parameters. */
    void clearParameters() {
        calls.keySet().removeIf(key -> !(key instanceof Key));
    }

    /** Whether a parameter can be read only once, so that a statement which was sent cannot be sent again. */
    boolean holdsStream() {
        return calls.values().stream()
                .flatMap(call -> call.arguments.stream())
                .anyMatch(a -> a instanceof InputStream || a instanceof Reader);
    }

    void replay(Statement onto) throws SQLException {
        for (Call call : calls.values()) {
            try {
                List<@Nullable Object> all = new ArrayList<>();
                all.add(onto);
                all.addAll(call.arguments);
                call.method.invokeWithArguments(all);
            } catch (SQLException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new SQLException("cannot set a parameter again", e);
            }
        }
    }

    /** {@code setX(index or name, value…)} sets a parameter; with a single argument it is an attribute. */
    private static boolean isParameter(MethodHandle method) {
        return method.type().parameterCount() > 2;
    }
}
