package io.crossfade.jdbc;

import io.crossfade.state.ControlStore;
import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/**
 * The control state as the client knows it: the newest snapshot, and the gates and watches that stand in it.
 *
 * <p>Safe for many threads, but {@link #install}: confined to the holder of the link's lock.
 */
final class ControlState {
    private final Gate gate;
    private final StatementTimes times;
    private volatile Snapshot current = Snapshot.NONE;

    ControlState(LongSupplier nanoClock) {
        this.gate = new Gate(nanoClock);
        this.times = new StatementTimes(nanoClock);
    }

    /** By one volatile read. */
    Snapshot current() {
        return current;
    }

    Gate gate() {
        return gate;
    }

    StatementTimes times() {
        return times;
    }

    /** The control state as it is now, for every statement from now on. */
    Snapshot install(ControlStore store) throws SQLException {
        Snapshot seen = store.after(current);
        current = seen;
        gate.set(seen.announced());
        times.set(seen.watches());
        return seen;
    }
}
