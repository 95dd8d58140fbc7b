package io.crossfade.migrator.cutover;

import java.time.Duration;

/** The time that writers are held, from the request for the locks on. Confined to the attempt's thread. */
final class Hold {

    /** What the rename itself needs, of the whole: two or three forced writes to disk. Judged, not measured. */
    private static final int RENAME_PART = 5;

    private final long beganNanos = System.nanoTime();
    private final Duration atMost;

    private Hold(Duration atMost) {
        this.atMost = atMost;
    }

    static Hold begin(Duration atMost) {
        return new Hold(atMost);
    }

    long deadlineNanos() {
        return beganNanos + atMost.toNanos();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    /** What is left for all that comes before the rename; negative where nothing is. */
    Duration leftBeforeRename() {
        return atMost.minus(atMost.dividedBy(RENAME_PART)).minus(elapsed());
    }
}
