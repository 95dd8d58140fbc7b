package io.crossfade.migrator.apply;

import io.crossfade.migrator.chunk.KeyPoint;
import io.crossfade.migrator.chunk.KeyRange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the copy and the change log meet: it decides for each row image when it may be put into the ghost, so that none is lost
 * and none is overtaken by an older copy of its row. Safe for many threads.
 *
 * <p>The keys are copied in their order, several ranges at once:
 *
 * <pre>
 *    arrived          in flight            not yet
 * |--------------|--[ 7 ]--[ 8 ]--|-------------------------|
 * </pre>
 *
 * <ul>
 *   <li>An image of an <b>arrived</b> key is ready at once.
 *   <li>An image of a key <b>in flight</b> waits until its chunk is in: the chunk may hold the row as it was before.
 *   <li>An image of a key that is <b>not yet</b> copied would be found by the copy itself, if only its row were visible. But an event reaches
 *       us before its row does, by milliseconds, by seconds with semi-synchronous replication. So the image is kept until a
 *       later transaction of our own, which the server orders behind it, has come back (see {@link #visibleUpTo}); a chunk that
 *       is sent before takes the image along, and it is applied when the chunk is in.
 * </ul>
 *
 * <p>All images leave through one queue, so that for each key they leave in the order of the log. They rest there for a moment, so that
 * one transaction takes many of them: a commit costs the server the same for one row as for a hundred, and those who commit beside it
 * wait for it. Nothing rests while somebody waits for the ghost to be up to date.
 */
public final class Frontier {
    /** Far below what lags are bounded by, and far above what a commit takes. Judged, not measured. */
    static final Duration REST = Duration.ofMillis(100);

    /** With so many bytes held, the queue is emptied whatever the time. */
    private static final long BYTES_ENOUGH = 4L << 20;

    private final LongSupplier nanos;
    private final Map<Long, Flight> flights = new LinkedHashMap<>();
    private final Deque<Pointed> unproven = new ArrayDeque<>();
    private final Deque<Image> ready = new ArrayDeque<>();
    private final TreeSet<Long> outstanding = new TreeSet<>();
    private long outstandingBytes;
    private final Set<List<String>> watched = new HashSet<>();
    private final Set<List<String>> came = new HashSet<>();
    private @Nullable KeyPoint sentUpTo;
    private boolean isAllSent;
    private List<String> sentValues;
    private long flightsSent;
    private long visible;
    private long takenNanos;
    private int waiters;

    /**
     * @param arrived the last key that is in the ghost already; null at the beginning
     * @param isComplete whether every key is
     */
    public Frontier(@Nullable KeyPoint arrived, boolean isComplete) {
        this(arrived, isComplete, System::nanoTime);
    }

    /**
     * @param nanos a clock, as System.nanoTime
     */
    Frontier(@Nullable KeyPoint arrived, boolean isComplete, LongSupplier nanos) {
        this.nanos = nanos;
        this.takenNanos = nanos.getAsLong() - REST.toNanos();
        this.sentUpTo = arrived;
        this.isAllSent = isComplete;
        this.sentValues = arrived == null ? List.of() : arrived.values();
    }

    /** A chunk on its way. Confined to the frontier. */
    private static final class Flight {
        private final KeyRange range;
        private final @Nullable KeyPoint after;
        private final @Nullable KeyPoint upTo;
        private final List<Image> waiting = new ArrayList<>();

        private Flight(KeyRange range, @Nullable KeyPoint after, @Nullable KeyPoint upTo) {
            this.range = range;
            this.after = after;
            this.upTo = upTo;
        }
    }

    private record Pointed(Image image, @Nullable KeyPoint point) {}

    /** A chunk that was sent. Immutable. */
    public record Ticket(long number, KeyRange range) {}

    /** The last key that was sent; empty before the first. The next chunk begins behind it. */
    public synchronized List<String> sentUpTo() {
        return sentValues;
    }

    /**
     * Tells that a chunk is about to be copied. Its range begins where the last one ended.
     *
     * @param upTo the range's end as a point; null where it has none
     */
    public synchronized Ticket send(KeyRange range, @Nullable KeyPoint upTo) {
        Flight flight = new Flight(range, sentUpTo, upTo);
        long number = ++flightsSent;
        unproven.removeIf(pointed -> {
            boolean isWithin = upTo == null || point(pointed).compareTo(upTo) <= 0;
            if (isWithin) {
                flight.waiting.add(pointed.image());
            }
            return isWithin;
        });
        flights.put(number, flight);
        sentUpTo = upTo;
        sentValues = range.upTo();
        isAllSent = upTo == null;
        return new Ticket(number, range);
    }

    /** Tells that a chunk is in the ghost. */
    public synchronized void arrived(Ticket ticket) {
        Flight flight = flights.remove(ticket.number());
        if (flight == null) {
            throw new IllegalStateException("chunk " + ticket.number() + " is not in flight");
        }
        ready.addAll(flight.waiting);
        notifyAll();
    }

    /** Whether images need their point: no longer, when every key is in. */
    public synchronized boolean needsPoints() {
        return !(isAllSent && flights.isEmpty());
    }

    /**
     * Takes an image in.
     *
     * @param point its key's point; null only where {@link #needsPoints} said so before
     */
    public synchronized void admit(Image image, @Nullable KeyPoint point) {
        outstanding.add(image.ordinal());
        outstandingBytes += image.bytes();
        if (watched.contains(image.key())) {
            came.add(image.key());
        }
        if (isAllSent && flights.isEmpty()) {
            ready.add(image);
            notifyAll();
            return;
        }
        Pointed pointed = new Pointed(image, point);
        KeyPoint sent = sentUpTo;
        boolean isSent = isAllSent || (sent != null && point(pointed).compareTo(sent) <= 0);
        if (!isSent) {
            if (image.ordinal() < visible) {
                forget(image);
            } else {
                unproven.add(pointed);
            }
            return;
        }
        for (Flight flight : flights.values()) {
            if (isWithin(flight, point(pointed))) {
                flight.waiting.add(image);
                return;
            }
        }
        ready.add(image);
        notifyAll();
    }

    private static boolean isWithin(Flight flight, KeyPoint point) {
        KeyPoint upTo = flight.upTo;
        if (upTo != null && point.compareTo(upTo) > 0) {
            return false;
        }
        KeyPoint after = flight.after;
        return after == null || point.compareTo(after) > 0;
    }

    /** Tells that every snapshot from now on sees all changes before this ordinal. */
    public synchronized void visibleUpTo(long ordinal) {
        visible = Math.max(visible, ordinal);
        while (!unproven.isEmpty() && unproven.getFirst().image().ordinal() < visible) {
            forget(unproven.removeFirst().image());
        }
        notifyAll();
    }

    private static KeyPoint point(Pointed pointed) {
        KeyPoint point = pointed.point();
        if (point == null) {
            throw new IllegalStateException("an image came without its point");
        }
        return point;
    }

    /**
     * Waits until it is time to put images into the ghost.
     *
     * @param enough so many need no rest
     * @return false where it is not within this time
     */
    public synchronized boolean awaitReady(Duration atMost, int enough) {
        long deadlineNanos = nanos.getAsLong() + atMost.toNanos();
        while (true) {
            long now = nanos.getAsLong();
            long restNanos = takenNanos + REST.toNanos() - now;
            boolean rests = restNanos > 0 && waiters == 0 && ready.size() < enough && outstandingBytes < BYTES_ENOUGH;
            if (!ready.isEmpty() && !rests) {
                return true;
            }
            long leftNanos = deadlineNanos - now;
            if (leftNanos <= 0) {
                return false;
            }
            long untilNanos = ready.isEmpty() ? leftNanos : Math.min(leftNanos, restNanos);
            try {
                wait(Math.max(1, untilNanos / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** The next images that may be put into the ghost, in order; at least one, where there is one. */
    public synchronized List<Image> take(int max, long bytesMax) {
        List<Image> taken = new ArrayList<>(Math.min(max, ready.size()));
        long bytes = 0;
        while (taken.size() < max && !ready.isEmpty()) {
            bytes += ready.getFirst().bytes();
            if (bytes > bytesMax && !taken.isEmpty()) {
                break;
            }
            taken.add(ready.removeFirst());
        }
        if (!taken.isEmpty()) {
            takenNanos = nanos.getAsLong();
        }
        return taken;
    }

    /** The next images that may be put into the ghost, in order, whatever they weigh. */
    List<Image> take(int max) {
        return take(max, Long.MAX_VALUE);
    }

    /** Tells that these images are in the ghost, or of no use any more. */
    public synchronized void done(Collection<Image> images) {
        images.forEach(this::forget);
        notifyAll();
    }

    private void forget(Image image) {
        if (outstanding.remove(image.ordinal())) {
            outstandingBytes -= image.bytes();
        }
    }

    /** Waits until every image before this ordinal is in the ghost; false where that takes longer. */
    public synchronized boolean awaitDone(long ordinal, Duration atMost) {
        long deadlineNanos = nanos.getAsLong() + atMost.toNanos();
        waiters++;
        notifyAll();
        try {
            while (!outstanding.isEmpty() && outstanding.first() < ordinal) {
                long leftMillis = (deadlineNanos - nanos.getAsLong()) / 1_000_000;
                if (leftMillis <= 0) {
                    return false;
                }
                wait(leftMillis);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiters--;
        }
    }

    /** Puts images that were taken back to where they were. */
    public synchronized void giveBack(List<Image> images) {
        for (int i = images.size() - 1; i >= 0; i--) {
            ready.addFirst(images.get(i));
        }
        notifyAll();
    }

    /** Whether of all images before this ordinal only these are not in the ghost. */
    public synchronized boolean awaitsOnly(Set<Long> ordinals, long ordinal) {
        return ordinals.containsAll(outstanding.headSet(ordinal));
    }

    /** From now on remembers which of these keys come; what was watched before is forgotten. */
    public synchronized void watch(Collection<List<String>> keys) {
        watched.clear();
        came.clear();
        watched.addAll(keys);
    }

    /** The watched keys that have come since. */
    public synchronized Set<List<String>> came() {
        return Set.copyOf(came);
    }

    /** Where a checkpoint of this moment stands. */
    public synchronized Standing standing() {
        List<String> arrived = flights.isEmpty()
                ? sentValues
                : flights.values().iterator().next().range.after();
        return new Standing(
                arrived,
                isAllSent && flights.isEmpty(),
                outstanding.isEmpty() ? Long.MAX_VALUE : outstanding.first(),
                outstanding.size(),
                outstandingBytes);
    }

    /**
     * What a checkpoint has to know. Immutable.
     *
     * @param arrivedUpTo every key up to this one is in the ghost; empty where none is
     * @param isComplete every key is
     * @param oldest the oldest image that is not in the ghost; Long.MAX_VALUE where all are
     * @param images how many are not
     * @param bytes the memory that these take
     */
    public record Standing(List<String> arrivedUpTo, boolean isComplete, long oldest, int images, long bytes) {}
}
