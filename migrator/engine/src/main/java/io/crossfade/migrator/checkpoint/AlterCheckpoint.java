package io.crossfade.migrator.checkpoint;

import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.migrator.stream.ServerHistory;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the change of one table stands. It is never ahead of the ghost: every change before {@link #position} of every key up
 * to {@link #arrived} is in the ghost. Immutable.
 *
 * @param run which run wrote it last
 * @param work what is being done
 * @param step how far it is
 * @param arrived the last key that is in the ghost; empty where none is
 * @param isComplete whether every key is
 * @param rowsCopied rows put in by the copy
 * @param rowsApplied row changes applied from the log
 * @param position where the log is to be read from; null before it is
 * @param history where it was saved; null before it is
 * @param switchedOn the server's variables that a run has set to ON and that are to be set back
 */
public record AlterCheckpoint(
        String run,
        Undertaking work,
        Step step,
        List<String> arrived,
        boolean isComplete,
        long rowsCopied,
        long rowsApplied,
        @Nullable LogPosition position,
        @Nullable ServerHistory history,
        List<String> switchedOn) {

    /** The steps of a table change, in their order. */
    public enum Step {
        /** The ghost table is there, empty. */
        CREATED,
        /** Rows are copied, changes applied. */
        COPYING,
        /** All rows are in; compared, and kept up to date. */
        COPIED,
        /** The names are about to be exchanged; whether they were, the server knows. */
        CUTTING_OVER,
        /** The table is new; {@link AlterCheckpoint#position} is where the way back begins. */
        DONE,
        /** So it is, and the run that made it so has told its end. */
        ENDED,
        /** The old table is emptied and dropped; the way back is closed. */
        DROPPING,
        /** The old table is brought up to date. */
        REVERTING,
        /** The old table is back. */
        REVERTED;

        /** Whether the old table is whole, and all that was written since the cut-over is in the log. */
        public boolean keepsWayBack() {
            return this == DONE || this == ENDED || this == REVERTING;
        }

        /** As the operator reads it; whether the run told its end is nothing to him. */
        public String shown() {
            return (this == ENDED ? DONE : this).name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** Whether the change is behind it, one way or the other. */
        public boolean isOver() {
            return this == DONE || this == ENDED || this == DROPPING || this == REVERTED;
        }
    }

    public AlterCheckpoint {
        arrived = List.copyOf(arrived);
        // Earlier versions did not write it.
        switchedOn = switchedOn == null ? List.of() : List.copyOf(switchedOn);
    }

    /** The first one: the ghost is about to be made. */
    public static AlterCheckpoint begin(String run, Undertaking work) {
        return new AlterCheckpoint(run, work, Step.CREATED, List.of(), false, 0, 0, null, null, List.of());
    }

    public AlterCheckpoint at(Step other) {
        return with(run, work, other, position);
    }

    public AlterCheckpoint from(@Nullable LogPosition other) {
        return with(run, work, step, other);
    }

    public AlterCheckpoint by(String otherRun) {
        return with(otherRun, work, step, position);
    }

    /** The ghost gets these indexes when every row is in. */
    public AlterCheckpoint withIndexes(List<String> later) {
        return with(run, work.withIndexes(later), step, position);
    }

    /** The ghost looks like this, right before the cut-over. */
    public AlterCheckpoint withAfter(Shape shape) {
        return with(run, work.withAfter(shape), step, position);
    }

    /** How far the rows are. */
    public AlterCheckpoint arrived(List<String> last, boolean areAll, long copied, long applied) {
        return new AlterCheckpoint(run, work, step, last, areAll, copied, applied, position, history, switchedOn);
    }

    /** These are to be set back. */
    public AlterCheckpoint switchedOn(List<String> variables) {
        return new AlterCheckpoint(
                run, work, step, arrived, isComplete, rowsCopied, rowsApplied, position, history, variables);
    }

    private AlterCheckpoint with(String otherRun, Undertaking other, Step otherStep, @Nullable LogPosition place) {
        return new AlterCheckpoint(
                otherRun, other, otherStep, arrived, isComplete, rowsCopied, rowsApplied, place, history, switchedOn);
    }

    /** The ALTER as it was asked for. */
    public String alter() {
        return work.alter();
    }

    /** The name that the table has after the cut-over. */
    public String old() {
        return work.old();
    }
}
