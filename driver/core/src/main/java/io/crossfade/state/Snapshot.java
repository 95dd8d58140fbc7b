package io.crossfade.state;

import java.util.List;

/**
 * The control state of one database at one epoch: what a client acts on. Immutable.
 *
 * @param epoch the version of the control state; 0 where no control tables exist
 * @param changes the open changes, those at {@code off} among them: a client registers as soon as a change is opened
 */
public record Snapshot(long epoch, List<ChangeState> changes) {

    /** A database in which nothing was ever changed by Crossfade. */
    public static final Snapshot NONE = new Snapshot(0, List.of());

    public Snapshot {
        changes = List.copyOf(changes);
    }

    public boolean isQuiet() {
        return changes.isEmpty();
    }
}
