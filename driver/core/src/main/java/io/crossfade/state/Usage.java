package io.crossfade.state;

import java.time.Duration;

/**
 * How often one client named one side of a change by one shape of statement. Immutable.
 *
 * @param times executions since the last report
 * @param sinceLast how long ago the last of them was
 */
public record Usage(Naming naming, long times, Duration sinceLast) {

    /** Clients report what they have counted so often, and once more when they end. */
    public static final Duration REPORTED_EVERY = Duration.ofSeconds(30);
}
