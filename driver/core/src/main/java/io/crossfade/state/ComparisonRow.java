package io.crossfade.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the sampled reads of one application on one host have found of a change, as the control tables know it. Immutable.
 *
 * @param application the clients' name for themselves
 * @param version of their driver
 * @param compared rows, since the change was opened
 * @param differing those whose two sides disagreed
 * @param firstAt the first report
 * @param lastAt the last row known; clients report every half minute
 * @param firstDifferingAt the first row known that differed, or null
 * @param lastDifferingAt the last one, or null
 * @param lastKeys keys of the last rows that differed; empty where none did
 */
public record ComparisonRow(
        String application,
        String host,
        String version,
        long compared,
        long differing,
        Instant firstAt,
        Instant lastAt,
        @Nullable Instant firstDifferingAt,
        @Nullable Instant lastDifferingAt,
        String lastKeys) {}
