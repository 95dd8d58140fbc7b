package io.crossfade.migrator.apply;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Transactions of our own in the change log, numbered: when one has come back, everything that was committed before it was
 * written has come too. They also tell how far behind the log is. Safe for many threads.
 */
public final class Markers {

    /** A marker that has not been seen by then is not worth remembering: later ones prove more. */
    private static final int REMEMBERED_MAX = 10_000;

    private final NavigableMap<Long, Long> seen = new TreeMap<>();
    private final NavigableMap<Long, Long> writtenNanos = new TreeMap<>();
    private final long first;
    private long written;
    private long lastSeen;
    private long lagNanos;

    Markers(long first) {
        this.first = first;
        this.written = first;
        this.lastSeen = first;
    }

    /**
     * The markers of one run. Those of earlier runs on the table may come down the log too, and prove nothing; no clock keeps them
     * apart, since another run's may be ahead of ours. So the numbers begin anywhere: two runs of a billion markers each meet once in
     * a billion times.
     */
    public static Markers ofOneRun() {
        return new Markers(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2));
    }

    /** The number of the next marker, which the caller is about to write. */
    public synchronized long next() {
        written++;
        writtenNanos.put(written, System.nanoTime());
        while (writtenNanos.size() > REMEMBERED_MAX) {
            writtenNanos.pollFirstEntry();
        }
        return written;
    }

    /** The number of the last marker that anybody may have begun to write. */
    public synchronized long last() {
        return written;
    }

    /** By how much the log was behind when the last marker came, or is behind since one is overdue. */
    public synchronized Duration lag() {
        var overdue = writtenNanos.higherEntry(lastSeen);
        long waitingNanos = overdue == null ? 0 : System.nanoTime() - overdue.getValue();
        return Duration.ofNanos(Math.max(lagNanos, waitingNanos));
    }

    /** Tells that a marker came down the log, as this event; one that this run has not written is passed over. */
    public synchronized void seen(long number, long ordinal) {
        if (number <= first || number > written) {
            return;
        }
        seen.put(number, ordinal);
        Long began = writtenNanos.get(number);
        if (began != null) {
            lagNanos = System.nanoTime() - began;
            writtenNanos.headMap(number, true).clear();
        }
        lastSeen = Math.max(lastSeen, number);
        while (seen.size() > REMEMBERED_MAX) {
            seen.pollFirstEntry();
        }
        notifyAll();
    }

    /** The place of a marker among the events, or -1 while it has not been seen within this time. */
    public synchronized long awaitSeen(long number, Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (lastSeen < number) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return -1;
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }
        var entry = seen.ceilingEntry(number);
        return entry == null ? 0 : entry.getValue();
    }
}
