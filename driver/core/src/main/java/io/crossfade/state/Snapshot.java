package io.crossfade.state;

import java.util.List;

/**
 * The control state of one database at one epoch: what a client acts on. Immutable.
 *
 * @param epoch the version of the control state; 0 where no control tables exist
 * @param changes the open changes, those at {@code off} among them: a client registers as soon as a change is opened
 * @param announced the cut-overs that are announced; they move within an epoch
 * @param watches the tables whose statements are to be measured; they may end within an epoch
 */
public record Snapshot(long epoch, List<ChangeState> changes, List<Announcement> announced, List<Watch> watches) {

    /** A database in which nothing was ever changed by Crossfade. */
    public static final Snapshot NONE = new Snapshot(0, List.of());

    public Snapshot {
        changes = List.copyOf(changes);
        announced = List.copyOf(announced);
        watches = List.copyOf(watches);
    }

    public Snapshot(long epoch, List<ChangeState> changes) {
        this(epoch, changes, List.of(), List.of());
    }

    /** Whether no change is open. */
    public boolean isQuiet() {
        return changes.isEmpty();
    }
}
