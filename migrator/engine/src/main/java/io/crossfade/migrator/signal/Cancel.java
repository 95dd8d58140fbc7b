package io.crossfade.migrator.signal;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The operator's wish to stop. It is asked between chunks and in every wait; whoever finds it set leaves a state that the
 * same command goes on from.
 *
 * <p>Safe for many threads.
 */
public final class Cancel {
    private final @Nullable Consumer<Duration> waiting;
    private boolean isRequested;
    private String words = "stopped on request; all that was done is saved; run the same command again";

    public Cancel() {
        this(null);
    }

    /**
     * @param waiting waits instead of the thread; for simulated time. Null: the thread waits
     */
    public Cancel(@Nullable Consumer<Duration> waiting) {
        this.waiting = waiting;
    }

    /** Asks the run to stop at its next safe point. */
    public synchronized void request() {
        isRequested = true;
        notifyAll();
    }

    /** The same, with other words for the operator; the first wish's words stand. */
    public synchronized void request(String why) {
        words = isRequested ? words : why;
        request();
    }

    public synchronized boolean isRequested() {
        return isRequested;
    }

    /** Ends the run where stopping is wished for. */
    public void check() {
        if (isRequested()) {
            throw stopped();
        }
    }

    /** Waits this long, or ends the run where stopping is wished for meanwhile. */
    public void pause(Duration duration) {
        if (waiting == null) {
            pauseThread(duration);
        } else {
            check();
            waiting.accept(duration);
            check();
        }
    }

    private synchronized void pauseThread(Duration duration) {
        long deadlineNanos = System.nanoTime() + duration.toNanos();
        while (!isRequested) {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return;
            }
            try {
                wait(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isRequested = true;
            }
        }
        throw stopped();
    }

    private synchronized MigrationException stopped() {
        return MigrationException.stopped(words);
    }
}
