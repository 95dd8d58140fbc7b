package io.crossfade.migrator.alter;

import java.time.Duration;

/**
 * How a table change stands at one moment. Immutable.
 *
 * @param state a word: {@code preparing, copying, checksum, postponed, cutting over, dropping the old table, done, reverting}, on the way back with the rows, {@code checksum, 500/1000 rows}
 * @param rowsCopied rows put into the ghost by the copy
 * @param rowsTotal the estimate or the count
 * @param rowsApplied row changes applied from the log
 * @param backlog events read and not yet applied; rows that wait beside the log's queue count up to the bound
 * @param backlogMax their bound
 * @param rowsChecked rows compared by the checksum
 * @param elapsed since the run began
 * @param elapsedCopy since the copy began, until it ended
 * @param position the log's position, {@code file:offset}
 * @param lagMillis by which the log's reader is behind the server
 * @param throttledBy why the run holds back; empty where it does not
 * @param left an estimate; negative where there is none
 * @param chunkRows rows in the next chunk
 */
public record Status(
        String state,
        long rowsCopied,
        long rowsTotal,
        long rowsApplied,
        int backlog,
        int backlogMax,
        long rowsChecked,
        Duration elapsed,
        Duration elapsedCopy,
        String position,
        long lagMillis,
        String throttledBy,
        Duration left,
        int chunkRows) {

    /** The state of a run whose work is done. */
    public static final String DONE = "done";

    /** So begins the state of a run that drops a table; the name follows, and how many rows are gone. */
    static final String DROPPING = "dropping ";

    public Status {
        backlog = Math.min(backlog, backlogMax);
    }

    /** Whether rows of a table that nobody uses any more go, and none are copied. */
    public boolean isDropping() {
        return state.startsWith(DROPPING);
    }

    /** The same in another state. */
    public Status at(String other) {
        return new Status(
                other,
                rowsCopied,
                rowsTotal,
                rowsApplied,
                backlog,
                backlogMax,
                rowsChecked,
                elapsed,
                elapsedCopy,
                position,
                lagMillis,
                throttledBy,
                left,
                chunkRows);
    }
}
