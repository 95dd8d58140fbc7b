package io.crossfade.state;

/**
 * How far a long task of a change has come. Everything up to {@code position} is done; the position is opaque here, its
 * writer's own text.
 *
 * @param task what is being done, such as {@code backfill} or {@code verify}
 * @param position the last key done, as the task writes it; empty before the first
 * @param isDone whether the task has finished
 * @param rowsSeen rows looked at so far
 * @param rowsChanged rows written so far
 */
public record Checkpoint(String task, String position, boolean isDone, long rowsSeen, long rowsChanged) {

    public static Checkpoint start(String task) {
        return new Checkpoint(task, "", false, 0, 0);
    }
}
