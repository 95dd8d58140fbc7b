package io.crossfade.migrator.walk;

import java.time.Duration;

/**
 * How hard a walk works. Immutable.
 *
 * @param chunk how long one chunk should take
 * @param rowsMin rows of the smallest chunk
 * @param rowsMax rows of the greatest chunk: bounds its locks and its undo log
 * @param breatherRatio the pause after a chunk, as a share of the time that the chunk took
 * @param rowsPerSecondMax a fixed pace; 0 for none
 */
public record Pacing(Duration chunk, int rowsMin, int rowsMax, double breatherRatio, long rowsPerSecondMax) {

    /** A chunk of 50 ms is below what users notice. The breather leaves the server two thirds of the time. */
    public static final Pacing DEFAULT = new Pacing(Duration.ofMillis(50), 10, 10_000, 0.5, 0);

    public Pacing {
        if (rowsMin < 1 || rowsMax < rowsMin || breatherRatio < 0 || rowsPerSecondMax < 0 || chunk.isNegative()) {
            throw new IllegalArgumentException("a pace needs positive numbers, and rowsMin at most rowsMax");
        }
    }

    public Pacing withChunk(Duration other) {
        return new Pacing(other, rowsMin, rowsMax, breatherRatio, rowsPerSecondMax);
    }

    public Pacing withRows(int min, int max) {
        return new Pacing(chunk, min, max, breatherRatio, rowsPerSecondMax);
    }

    public Pacing withBreatherRatio(double other) {
        return new Pacing(chunk, rowsMin, rowsMax, other, rowsPerSecondMax);
    }

    public Pacing withRowsPerSecondMax(long other) {
        return new Pacing(chunk, rowsMin, rowsMax, breatherRatio, other);
    }

    /** How long to rest after a chunk of so many rows that took so long. */
    Duration rest(int rows, Duration took) {
        Duration breather = Duration.ofNanos((long) (took.toNanos() * breatherRatio));
        if (rowsPerSecondMax == 0) {
            return breather;
        }
        Duration due =
                Duration.ofNanos(1_000_000_000L * rows / rowsPerSecondMax).minus(took);
        return due.compareTo(breather) > 0 ? due : breather;
    }
}
