package io.crossfade.state;

import java.time.Duration;
import java.util.List;

/**
 * What one client's sampled reads found of one change since its last report. Immutable.
 *
 * @param change the change's id
 * @param compared rows that were read and compared
 * @param differing those whose two sides disagree; a row that is read twice counts twice
 * @param sinceLast how long ago the last of them was read
 * @param sinceLastDiffering how long ago the last was read that differs; of no meaning where none does
 * @param keys of the last rows that differed, as {@code id=42}
 */
public record RowsCompared(
        String change,
        long compared,
        long differing,
        Duration sinceLast,
        Duration sinceLastDiffering,
        List<String> keys) {

    public RowsCompared {
        keys = List.copyOf(keys);
    }
}
