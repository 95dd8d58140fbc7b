package io.crossfade.migrator.run;

import io.crossfade.migrator.fence.Fencer;
import io.crossfade.migrator.gate.ClientGate;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.NamedLock;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.TableThrottles;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.model.TableName;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What the steps of one run share: its control connection and whom it talks to.
 *
 * <p>Confined to the thread of the run, but for {@link #cancel}.
 *
 * @param control a session in autocommit mode
 * @param who the operator, for the event rows
 * @param alters how this run alters tables
 * @param reasons to hold back, asked on connections of their own
 */
record Session(
        Connections connections,
        Connection control,
        Server server,
        Settings settings,
        TableThrottles reasons,
        Fencer fencer,
        Alters.Source alters,
        Cancel cancel,
        Listener listener,
        String who)
        implements AutoCloseable {

    /** Long enough for the server to notice that a killed run's connection is gone. */
    private static final int LOCK_WAIT_SECONDS = 5;

    /** With the pauses between attempts some two and a half minutes; then the lock alone has to do. */
    private static final int GATE_REFUSALS_MAX = 20;

    /** Keeps clients away from a table while its lock is waited for. Where it is to be without, there is none. */
    Gate gate(TableName table) {
        return ClientGate.of(
                connections::open, List.of(table), settings.gateMax(), GATE_REFUSALS_MAX, cancel, listener);
    }

    /** All reasons to hold back while this table is worked at; who makes them closes them. */
    Throttles throttles(TableName table, Listener told) {
        return new Throttles(reasons.of(table), cancel, told);
    }

    ControlStore store() {
        return new ControlStore(control);
    }

    /** Makes sure that no other run works on this change; the lock goes with the connection. */
    void lock(String changeId) throws SQLException {
        NamedLock lock = NamedLock.ofChange(control, "crossfade", changeId);
        if (!lock.take(LOCK_WAIT_SECONDS)) {
            NamedLock.Holder holder = lock.holder();
            throw MigrationException.stopped("stopped: another run of crossfade works on change " + changeId
                    + holder + ", or the server still carries out a statement of one that was killed; wait for"
                    + " it, half a minute where its host is gone, or end it by " + holder.kill()
                    + ", then run the same command again");
        }
    }

    @Override
    public void close() throws SQLException {
        control.close();
    }
}
