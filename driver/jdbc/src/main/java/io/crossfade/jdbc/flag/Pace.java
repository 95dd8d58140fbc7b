package io.crossfade.jdbc.flag;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a source is looked at again. A little less than the poll after a look that went well, so that many clients spread and
 * none is later than it was told; after failures twice as long each time, up to a bound; never before the source wants it.
 *
 * <p>One thread at a time.
 */
final class Pace {

    /** How much of a wait is left to chance. Judged, not measured. */
    private static final double JITTER = 0.2;

    /** After a row of failures the source is looked at no less often than this, or at the poll where that is longer. */
    private static final Duration FAILURE_WAIT_MAX = Duration.ofMinutes(1);

    /** Twice as long up to here, so that the shift stays in range. */
    private static final int DOUBLINGS_MAX = 16;

    private final Duration poll;
    private final RandomGenerator random;
    private int failures;

    Pace(Duration poll, RandomGenerator random) {
        this.poll = poll;
        this.random = random;
    }

    /** From 80 to 100 percent of the poll. */
    Duration afterSuccess() {
        failures = 0;
        return times(poll, 1 - JITTER * random.nextDouble());
    }

    /**
     * From 80 to 100 percent of the doubled poll, or 100 to 120 percent of what the source asks for.
     *
     * @param retryAfter what it asks for, if anything
     */
    Duration afterFailure(Optional<Duration> retryAfter) {
        Duration doubled = poll.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
        failures++;
        Duration max = poll.compareTo(FAILURE_WAIT_MAX) > 0 ? poll : FAILURE_WAIT_MAX;
        Duration own = times(doubled.compareTo(max) > 0 ? max : doubled, 1 - JITTER * random.nextDouble());
        Duration asked = retryAfter
                .map(wait -> times(wait, 1 + JITTER * random.nextDouble()))
                .orElse(Duration.ZERO);
        return asked.compareTo(own) > 0 ? asked : own;
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }
}
