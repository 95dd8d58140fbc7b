package io.crossfade.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change as the migrator sees it: its state and what only the migrator cares about.
 *
 * @param state declaration, stage, direction, share
 * @param step the last step of the runner that was finished within the stage; empty at its beginning
 * @param epoch the epoch of its last move
 * @param openedAt when it was opened
 * @param movedAt when it moved last
 * @param closedAt when it was closed; null while it is open
 */
public record ChangeRow(
        ChangeState state, String step, long epoch, Instant openedAt, Instant movedAt, @Nullable Instant closedAt) {

    public boolean isOpen() {
        return closedAt == null;
    }
}
