package io.crossfade.samples.shop.traffic;

import java.util.concurrent.locks.LockSupport;

/**
 * A steady beat for one thread. Whoever is late is not waited for: the beats that were missed follow at once, so that a
 * stall is paid for by everybody who would have come in it. One thread at a time.
 */
public final class Pace {
    private final long intervalNanos;
    private long nextNanos;

    /** So many beats a second. */
    public Pace(double perSecond) {
        this.intervalNanos = (long) (1e9 / perSecond);
        this.nextNanos = System.nanoTime();
    }

    /** Waits for the next beat and gives its time, by {@link System#nanoTime}. */
    public long await() {
        long beatNanos = nextNanos;
        nextNanos += intervalNanos;
        long left = beatNanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = beatNanos - System.nanoTime();
        }
        return beatNanos;
    }

    /** Begins again from now. */
    public void restart() {
        nextNanos = System.nanoTime();
    }
}
