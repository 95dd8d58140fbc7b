package io.crossfade.jdbc;

import java.time.Duration;

/**
 * How long the client may go by what it has read of the control tables. It is counted from just before they were asked, so that it
 * never outlasts the server's.
 *
 * <p>Safe for many threads; begun by the holder of the link's lock.
 */
final class Lease {
    private final Duration length;
    private volatile long readNanos;

    Lease(Duration length) {
        this.length = length;
    }

    /**
     * The control tables were read, and told that the client lives.
     *
     * @param askedNanos when they were about to be asked
     */
    void begin(long askedNanos) {
        readNanos = askedNanos;
    }

    boolean isFresh(long nowNanos) {
        return ageNanos(nowNanos) <= length.toNanos();
    }

    long ageNanos(long nowNanos) {
        return nowNanos - readNanos;
    }
}
