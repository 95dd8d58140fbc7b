package io.crossfade.migrator.cutover;

import java.time.Duration;

/**
 * How long and how often a cut-over may try. Immutable.
 *
 * @param writersHeldMax how long one attempt may hold writers
 * @param attemptsMax then the run stops, resumable
 * @param patience and not before so much time has passed since the first attempt, however quick the attempts were
 * @param pauseMax the pause between attempts grows up to this
 * @param killsBlockers whether sessions whose transaction is in the way are ended; never one that holds LOCK TABLES or runs
 *     DDL, nor one whose rollback would take long
 */
public record Limits(
        Duration writersHeldMax, int attemptsMax, Duration patience, Duration pauseMax, boolean killsBlockers) {

    /** Limits by the number of attempts alone. */
    public Limits(Duration writersHeldMax, int attemptsMax, Duration pauseMax, boolean killsBlockers) {
        this(writersHeldMax, attemptsMax, Duration.ZERO, pauseMax, killsBlockers);
    }

    public Limits {
        if (writersHeldMax.toMillis() < 1 || attemptsMax < 1) {
            throw new IllegalArgumentException(
                    "a cut-over needs at least 1 ms and 1 attempt; seen " + writersHeldMax + " and " + attemptsMax);
        }
    }
}
