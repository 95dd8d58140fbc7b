package io.crossfade.migrator.chunk;

import java.time.Duration;

/**
 * How many rows the next chunk has, so that it takes about as long as wished for. One thread at a time.
 */
public final class ChunkSize {

    /** Small enough that the first chunk hurts nobody, whatever the rows are like. Judged, not measured. */
    private static final int ROWS_FIRST = 200;

    /** A chunk grows by at most this, so that one lucky chunk is not followed by a huge one. */
    private static final double GROWTH_MAX = 2;

    private static final double SHRINK_MAX = 0.25;

    private final Duration target;
    private final int rowsMin;
    private final int rowsMax;
    private int rows;

    public ChunkSize(Duration target, int rowsMin, int rowsMax) {
        this(target, ROWS_FIRST, rowsMin, rowsMax);
    }

    /**
     * @param rowsFirst rows of the first chunk
     */
    public ChunkSize(Duration target, int rowsFirst, int rowsMin, int rowsMax) {
        this.target = target;
        this.rowsMin = rowsMin;
        this.rowsMax = rowsMax;
        this.rows = clamp(rowsFirst);
    }

    public int rows() {
        return rows;
    }

    /** Tells how long the last chunk of {@link #rows} took. */
    public void took(Duration duration) {
        double factor = target.toNanos() / (double) Math.max(1, duration.toNanos());
        rows = clamp((int) Math.round(rows * Math.max(SHRINK_MAX, Math.min(GROWTH_MAX, factor))));
    }

    private int clamp(int wanted) {
        return Math.max(rowsMin, Math.min(rowsMax, wanted));
    }
}
