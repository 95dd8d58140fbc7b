package io.crossfade.migrator.signal;

import io.crossfade.model.Stage;
import java.time.Duration;

/** Something that a run tells about itself. Immutable. */
public sealed interface Progress {

    /** The change stands at another stage. */
    record Moved(String change, Stage from, Stage to, long epoch) implements Progress {}

    /** A step begins, named in words. */
    record Began(String step) implements Progress {}

    /** A statement that changes the schema was carried out. */
    record Executed(String sql, Duration took) implements Progress {}

    /**
     * A task has got some way through the table.
     *
     * @param task such as {@code backfill}
     * @param rowsDone rows behind it, also from before a resume
     * @param rowsTotal the server's estimate of the table's rows
     * @param rowsChanged rows that it has written
     * @param chunkRows rows in the next chunk
     * @param rowsPerSecond since the task was begun or resumed
     */
    record Rows(
            String task,
            long rowsDone,
            long rowsTotal,
            long rowsChanged,
            int chunkRows,
            double rowsPerSecond,
            boolean isDone)
            implements Progress {

        /** How long the rest takes at this rate; zero where that is not known. */
        public Duration left() {
            long rows = Math.max(0, rowsTotal - rowsDone);
            return rowsPerSecond <= 0 ? Duration.ZERO : Duration.ofMillis((long) (1000 * rows / rowsPerSecond));
        }
    }

    /** The run waits for somebody, for so long already, and for at most so long. */
    record Waiting(String forWhom, Duration elapsed, Duration bound) implements Progress {}

    /** The run holds back, and why. */
    record Throttled(String reason) implements Progress {}

    /** A table change has come to a place where somebody may want to act; the run waits for the listener. */
    record Reached(Milestone milestone) implements Progress {}

    /** A chunk of the copy failed, and is copied once more; the copy waits for the listener. */
    record CopiedAgain(String error) implements Progress {}

    /** Worth a line. */
    record Note(String text) implements Progress {}

    /** Worth the operator's attention. */
    record Warning(String text) implements Progress {}
}
