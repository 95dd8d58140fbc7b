package io.crossfade.migrator.cutover;

import java.time.Duration;

/**
 * One attempt at a cut-over. Immutable.
 *
 * @param writersHeld from the request for the locks, which everybody queues behind, until they were known to be given up; zero where
 *     none was asked for
 * @param reason why it was not done, for the operator; empty where it was
 */
public record Attempt(Outcome outcome, Duration writersHeld, String reason) {

    static Attempt done(Duration writersHeld) {
        return new Attempt(Outcome.DONE, writersHeld, "");
    }

    static Attempt notDone(Duration writersHeld, String reason) {
        return new Attempt(Outcome.NOT_DONE, writersHeld, reason);
    }
}
