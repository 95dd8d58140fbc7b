package io.crossfade.state;

import java.time.Duration;
import java.time.Instant;

/**
 * Who named which side of a change, as the control tables know it. Immutable.
 *
 * @param application the client's name for itself
 * @param version of its driver
 * @param times executions, since the change was opened
 * @param lastAt the last one known; clients report every half minute
 * @param sinceLast how long ago that was, by the server's clock
 */
public record UsageRow(
        String application,
        String host,
        String version,
        Naming naming,
        long times,
        Instant lastAt,
        Duration sinceLast) {}
