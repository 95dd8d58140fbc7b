package io.crossfade.migrator.checkpoint;

import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.migrator.stream.ServerHistory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the change of one table stands. It is never ahead of the ghost: every change before {@link #position} of every key up
 * to {@link #arrived} is in the ghost. Immutable.
 *
 * @param run which run wrote it last
 * @param alter the ALTER as it was asked for; another one does not go on from here
 * @param step how far the change is
 * @param arrived the last key that is in the ghost; empty where none is
 * @param isComplete whether every key is
 * @param rowsCopied rows put in by the copy
 * @param rowsApplied row changes applied from the log
 * @param position where the log is to be read from; null before it is
 * @param ghost the ghost's name
 * @param old the name that the table has after the cut-over
 * @param elapsedMillis time worked on it by all runs
 * @param indexes what the ghost's plain indexes are that it gets when every row is in, each as SHOW CREATE TABLE writes it
 * @param history where it was saved; null before it is, and where an earlier version saved it
 */
public record AlterCheckpoint(
        String run,
        String alter,
        Step step,
        List<String> arrived,
        boolean isComplete,
        long rowsCopied,
        long rowsApplied,
        @Nullable LogPosition position,
        String ghost,
        String old,
        long elapsedMillis,
        List<String> indexes,
        @Nullable ServerHistory history) {

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
        /** The old table is brought up to date. */
        REVERTING,
        /** The old table is back. */
        REVERTED
    }

    public AlterCheckpoint {
        arrived = List.copyOf(arrived);
        // A checkpoint of an earlier version has none.
        indexes = indexes == null ? List.of() : List.copyOf(indexes);
    }

    public AlterCheckpoint at(Step other) {
        return new AlterCheckpoint(
                run,
                alter,
                other,
                arrived,
                isComplete,
                rowsCopied,
                rowsApplied,
                position,
                ghost,
                old,
                elapsedMillis,
                indexes,
                history);
    }

    public AlterCheckpoint from(@Nullable LogPosition other) {
        return new AlterCheckpoint(
                run,
                alter,
                step,
                arrived,
                isComplete,
                rowsCopied,
                rowsApplied,
                other,
                ghost,
                old,
                elapsedMillis,
                indexes,
                history);
    }

    public AlterCheckpoint by(String otherRun) {
        return new AlterCheckpoint(
                otherRun,
                alter,
                step,
                arrived,
                isComplete,
                rowsCopied,
                rowsApplied,
                position,
                ghost,
                old,
                elapsedMillis,
                indexes,
                history);
    }

    public AlterCheckpoint with(List<String> laterIndexes) {
        return new AlterCheckpoint(
                run,
                alter,
                step,
                arrived,
                isComplete,
                rowsCopied,
                rowsApplied,
                position,
                ghost,
                old,
                elapsedMillis,
                laterIndexes,
                history);
    }
}
