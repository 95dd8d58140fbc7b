package io.crossfade.state;

import io.crossfade.model.Change;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;

/**
 * Where one open change stands at one epoch. Immutable.
 *
 * @param change what was declared
 * @param before the table as it was when the change was opened: what old code believes it to be, even after the old
 *     columns are gone
 * @param stage where it stands
 * @param direction which way it goes
 * @param readPercent share of reads that go to the new side at stage live, 0 to 100
 */
public record ChangeState(Change change, Table before, Stage stage, Direction direction, int readPercent) {

    public ChangeState {
        if (readPercent < 0 || readPercent > 100) {
            throw new IllegalArgumentException("a share of reads is 0 to 100 percent; seen " + readPercent);
        }
    }

    public ChangeState at(Stage other) {
        return new ChangeState(change, before, other, direction, readPercent);
    }

    /**
     * Whether the old columns may be read as they stand. Not from complete on, where nobody writes them, and not at rampdown:
     * on the way there some client may be at complete already, and on the way back the refill is not verified before
     * rampdown is left.
     */
    public boolean oldIsTrusted() {
        return !stage.atLeast(Stage.RAMPDOWN);
    }

    /** Whether every row's new columns are known to be right: the verification has passed. */
    public boolean newIsVerified() {
        return stage.atLeast(Stage.SHADOW);
    }
}
