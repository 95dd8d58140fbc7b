package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import java.util.Optional;

/**
 * A change that an earlier run began on a table and did not bring to its end. Immutable.
 *
 * @param asked what is wanted now
 * @param checkpoint of the earlier one
 */
record UnderWay(TableAlter asked, AlterCheckpoint checkpoint) {

    /** The one that a checkpoint tells of; empty where it is over, has hardly begun, or is given up by these rules. */
    static Optional<UnderWay> of(TableAlter asked, AlterCheckpoint checkpoint, Rules rules) {
        Step step = checkpoint.step();
        boolean isOver = step == Step.DONE || step == Step.REVERTED;
        boolean isBegun = step != Step.CREATED || checkpoint.position() != null;
        // Where the names may have been exchanged already, that is found out first.
        boolean isGivenUp = rules.dropsGhostFirst() && step != Step.CUTTING_OVER;
        return isOver || !isBegun || isGivenUp ? Optional.empty() : Optional.of(new UnderWay(asked, checkpoint));
    }

    /** Whether it is not the one that is wanted now, which would be gone on with. */
    boolean isAnother() {
        return isBack() || !checkpoint.alter().equals(asked.alter());
    }

    private boolean isBack() {
        return checkpoint.step() == Step.REVERTING;
    }

    /** What there is, for the operator. */
    String seen() {
        return (isBack()
                        ? "the way back of another change of it is under way"
                        : "another change of it is under way (" + checkpoint.step() + ")")
                + ": ALTER TABLE … " + checkpoint.alter();
    }

    /** What to do about it. */
    String remedy() {
        String own = "finish that one by its own command" + (isBack() ? " with --revert" : "");
        return checkpoint.step() == Step.CUTTING_OVER ? own : own + ", or give it up with --initially-drop-ghost-table";
    }

    /** Ends the run where it is another one. */
    void check() {
        if (isAnother()) {
            throw MigrationException.refused(
                    "cannot alter table \"" + asked.table() + "\"; " + seen() + "; " + remedy());
        }
    }
}
