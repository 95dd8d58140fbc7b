package io.crossfade.state;

import java.time.Duration;
import java.time.Instant;

/**
 * What one writer without the driver wrote to one side of a change, as the migrator found it in the change log. Immutable.
 *
 * @param writer {@code user@host} of the database session; empty where that is not known
 * @param side {@code old} or {@code new}, or {@code both} where the log does not tell which one was meant
 * @param times row changes whose two sides disagreed
 * @param repaired rows of them that were mended; the others had been written again by then
 * @param firstAt when the first of them was written, by the change log
 * @param lastAt when the last of them was written
 * @param sinceLast how long ago that was, by the server's clock
 * @param lastKey the key of the last row
 */
public record UnproxiedRow(
        String writer,
        String side,
        long times,
        long repaired,
        Instant firstAt,
        Instant lastAt,
        Duration sinceLast,
        String lastKey) {}
