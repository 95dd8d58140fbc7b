package io.crossfade.migrator.throttle;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All reasons to hold back. A thread of its own, which begins with the first question and ends with {@link #close}, asks each
 * signal at its interval and leaves one answer; whoever awaits reads that and touches no server.
 *
 * <p>There is no bound on the wait: the run holds back for as long as there is a reason, says so, and can be stopped.
 *
 * <p>Safe for many threads.
 */
public final class Throttles implements AutoCloseable {

    /** How soon one who waits sees that the reason has gone. Reading the answer costs nothing. */
    private static final Duration POLL = Duration.ofMillis(20);

    /** Of many threads that wait one tells of it, so often. */
    private static final Duration TELL_EVERY = Duration.ofMillis(500);

    private final List<Throttle> throttles;
    private final Cancel cancel;
    private final Listener listener;
    private final AtomicLong nextTellNanos = new AtomicLong(System.nanoTime());
    private final AtomicInteger waiting = new AtomicInteger();
    private @Nullable Monitor monitor;

    public Throttles(List<Throttle> throttles, Cancel cancel, Listener listener) {
        this.throttles = List.copyOf(throttles);
        this.cancel = cancel;
        this.listener = listener;
    }

    /**
     * Returns when there is no reason to hold back.
     *
     * @throws MigrationException of kind STOPPED where the run has to end: the operator's wish, or critical load
     */
    public void await() {
        awaitUnless(cancel);
    }

    /** The same for a thread of a run, which ends its threads by a wish of its own: also when another of them has failed. */
    public void awaitUnless(Cancel ofRun) {
        if (throttles.isEmpty()) {
            return;
        }
        Monitor asked = monitor();
        // Before the reason: one that is only that nobody has answered yet is not told.
        boolean isAnswered = asked.hasAskedAll();
        Optional<String> reason = asked.reason();
        if (reason.isEmpty()) {
            return;
        }
        waiting.incrementAndGet();
        try {
            while (reason.isPresent()) {
                if (isAnswered) {
                    tell(reason.get());
                }
                ofRun.pause(POLL);
                cancel.check();
                isAnswered = asked.hasAskedAll();
                reason = asked.reason();
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** Why somebody awaits just now; empty where nobody does. For showing alone: it asks nothing and ends nothing. */
    public String holding() {
        Monitor asked;
        synchronized (this) {
            asked = monitor;
        }
        return waiting.get() == 0 || asked == null || !asked.hasAskedAll() ? "" : asked.shown();
    }

    /** Why to hold back now; empty where there is no reason. Ends the run where {@link #await} would. */
    public Optional<String> reason() {
        return throttles.isEmpty() ? Optional.empty() : monitor().reason();
    }

    /** Ends the run where holding back is not enough; for those who do not hold back. */
    public void check() {
        if (!throttles.isEmpty()) {
            monitor().check();
        }
    }

    private void tell(String reason) {
        long now = System.nanoTime();
        long due = nextTellNanos.get();
        if (now - due >= 0 && nextTellNanos.compareAndSet(due, now + TELL_EVERY.toNanos())) {
            listener.on(new Progress.Throttled(reason));
        }
    }

    private synchronized Monitor monitor() {
        Monitor known = monitor;
        if (known == null) {
            known = new Monitor(throttles);
            known.start();
            monitor = known;
        }
        return known;
    }

    /** Ends the thread; its signals give their connections back. */
    @Override
    public synchronized void close() {
        Monitor known = monitor;
        if (known != null) {
            known.close();
        }
    }
}
