package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import java.util.List;
import java.util.Optional;

/**
 * A change that an earlier run began on a table and did not bring to its end. Immutable.
 *
 * @param asked what is wanted now
 * @param flags that decide what becomes of the rows, as they are now
 * @param checkpoint of the earlier one
 */
record UnderWay(TableAlter asked, List<String> flags, AlterCheckpoint checkpoint) {

    /** The one that a checkpoint tells of; empty where it is over, has hardly begun, or is given up by these rules. */
    static Optional<UnderWay> of(TableAlter asked, AlterCheckpoint checkpoint, Rules rules) {
        Step step = checkpoint.step();
        // Where the names may have been exchanged already, that is found out first.
        boolean isGivenUp = rules.dropsGhostFirst() && step != Step.CUTTING_OVER;
        return step.isOver() || isBarelyBegun(checkpoint) || isGivenUp
                ? Optional.empty()
                : Optional.of(new UnderWay(asked, rules.deciding(), checkpoint));
    }

    /** Whether that run was ended while it made its ghost, of which there may be something, and which is of no use. */
    static boolean isBarelyBegun(AlterCheckpoint checkpoint) {
        return checkpoint.step() == Step.CREATED && checkpoint.position() == null;
    }

    /** Whether it is not the one that is wanted now, which would be gone on with. */
    boolean isAnother() {
        return isOther() || isByOtherFlags();
    }

    private boolean isOther() {
        return isBack() || !checkpoint.alter().equals(asked.alter());
    }

    /** What is copied already was copied by those. */
    private boolean isByOtherFlags() {
        return !checkpoint.work().flags().equals(flags);
    }

    private boolean isBack() {
        return checkpoint.step() == Step.REVERTING;
    }

    /** What there is, for the operator. */
    String seen() {
        if (!isOther() && isByOtherFlags()) {
            return "this change of it is under way (" + checkpoint.step() + "), begun "
                    + shown(checkpoint.work().flags()) + " and now asked for " + shown(flags);
        }
        return (isBack()
                        ? "the way back of another change of it is under way"
                        : "another change of it is under way (" + checkpoint.step() + ")")
                + ": ALTER TABLE … " + checkpoint.alter();
    }

    private static String shown(List<String> flags) {
        return flags.isEmpty() ? "without flags that decide what becomes of rows" : "with " + String.join(" ", flags);
    }

    /** What to do about it. */
    String remedy() {
        if (!isOther() && isByOtherFlags()) {
            return "give the flags that it was begun with"
                    + (checkpoint.step() == Step.CUTTING_OVER
                            ? ""
                            : ", or give it up with --initially-drop-ghost-table");
        }
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
