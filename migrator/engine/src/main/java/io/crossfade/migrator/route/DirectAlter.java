package io.crossfade.migrator.route;

import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.mysql.Ddl;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Supplier;

/** Carries out an INSTANT or in-place route on the table itself. One thread at a time. */
public final class DirectAlter {

    /** The server cannot do it with this algorithm, or no more so; nothing was done. */
    private static final Set<Integer> NOT_THIS_WAY = Set.of(1845, 1846, 4092);

    private DirectAlter() {}

    /**
     * Carries it out.
     *
     * @param connection in autocommit mode
     * @param gates as in {@link Ddl}
     * @return false where the server does not go this way after all; nothing was done then, and the ghost is left
     */
    public static boolean run(
            Connection connection, Route route, Supplier<Gate> gates, Cancel cancel, Listener listener)
            throws SQLException {
        try {
            new Ddl(connection, gates, cancel, listener).ofOperator().run(route.sql());
            return true;
        } catch (SQLException e) {
            if (!NOT_THIS_WAY.contains(e.getErrorCode())) {
                throw e;
            }
            listener.on(new Progress.Note("not " + route.kind() + " after all, the server says: " + e.getMessage()));
            return false;
        }
    }
}
