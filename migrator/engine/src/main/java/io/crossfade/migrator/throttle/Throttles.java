package io.crossfade.migrator.throttle;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All reasons to wait, asked at most every half second. There is no bound on this wait: the run holds back for as long as
 * there is a reason, says so, and can be stopped.
 *
 * <p>One thread at a time.
 */
public final class Throttles {

    /** Often enough to react within a second, seldom enough to be no load. */
    private static final Duration POLL = Duration.ofMillis(500);

    private final List<Throttle> throttles;
    private final Cancel cancel;
    private final Listener listener;
    private final Duration poll;
    private long nextNanos = System.nanoTime();

    public Throttles(List<Throttle> throttles, Cancel cancel, Listener listener) {
        this(throttles, cancel, listener, POLL);
    }

    Throttles(List<Throttle> throttles, Cancel cancel, Listener listener, Duration poll) {
        this.throttles = List.copyOf(throttles);
        this.cancel = cancel;
        this.listener = listener;
        this.poll = poll;
    }

    /** Returns when there is no reason to wait. */
    public void await() throws SQLException {
        if (System.nanoTime() - nextNanos < 0) {
            return;
        }
        Optional<String> reason = reason();
        while (reason.isPresent()) {
            listener.on(new Progress.Throttled(reason.get()));
            cancel.pause(poll);
            reason = reason();
        }
        nextNanos = System.nanoTime() + poll.toNanos();
    }

    private Optional<String> reason() throws SQLException {
        for (Throttle throttle : throttles) {
            Optional<String> reason = throttle.reason();
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }
}
