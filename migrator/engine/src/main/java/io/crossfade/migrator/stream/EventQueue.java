package io.crossfade.migrator.stream;

import io.crossfade.migrator.signal.MigrationException;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way from the reader to whoever takes them. Bounded in number and in bytes; who puts waits while it is full.
 *
 * <p>Safe for many threads.
 */
final class EventQueue {
    private final int eventsMax;
    private final long bytesMax;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private boolean isClosed;
    private boolean isReading;
    private LogEvent.@Nullable Committed quiet;
    private @Nullable MigrationException failure;

    private record Entry(LogEvent event, long bytes) {}

    EventQueue(int eventsMax, long bytesMax) {
        this.eventsMax = eventsMax;
        this.bytesMax = bytesMax;
    }

    /** Puts an event behind the others; one that is larger than the bound waits until it is alone. */
    synchronized void put(LogEvent event, long eventBytes) throws ClosedException {
        while (!isClosed && (entries.size() >= eventsMax || (!entries.isEmpty() && bytes + eventBytes > bytesMax))) {
            await(0);
        }
        if (isClosed) {
            throw new ClosedException();
        }
        quiet = null;
        entries.add(new Entry(event, eventBytes));
        bytes += eventBytes;
        if (entries.size() == 1) {
            notifyAll();
        }
    }

    /** The end of a transaction that nothing watched is in; given when nothing else is there, and only the last of them. */
    synchronized void putQuiet(LogEvent.Committed event) {
        quiet = event;
        notifyAll();
    }

    /** The next event; null where none comes in time. What was put before a failure is given before it is thrown. */
    @Nullable
    synchronized LogEvent take(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (entries.isEmpty()) {
            if (quiet != null) {
                LogEvent event = quiet;
                quiet = null;
                return event;
            }
            if (failure != null) {
                throw failure;
            }
            long leftNanos = deadlineNanos - System.nanoTime();
            if (isClosed || leftNanos <= 0) {
                return null;
            }
            try {
                wait(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        Entry entry = entries.remove();
        bytes -= entry.bytes();
        notifyAll();
        return entry.event();
    }

    synchronized int size() {
        return entries.size();
    }

    int eventsMax() {
        return eventsMax;
    }

    synchronized void fail(MigrationException why) {
        failure = failure == null ? why : failure;
        notifyAll();
    }

    /** The reader stands in the log. */
    synchronized void reading() {
        isReading = true;
        notifyAll();
    }

    /**
     * Waits until the reader stands in the log or has failed; throws then.
     *
     * @return false where neither came in time
     */
    synchronized boolean awaitReading(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (!isReading && failure == null && !isClosed) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            await(leftMillis);
        }
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    synchronized void close() {
        isClosed = true;
        entries.clear();
        notifyAll();
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    /** Waits this long, or until it is closed. */
    synchronized void pause(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (!isClosed) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            await(leftMillis);
        }
    }

    /** An interrupted reader ends. */
    @SuppressWarnings("WaitNotInLoop") // Every caller loops.
    private void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            isClosed = true;
        }
    }

    /** Nobody takes events any more. */
    static final class ClosedException extends java.io.IOException {
        private static final long serialVersionUID = 1;
    }
}
