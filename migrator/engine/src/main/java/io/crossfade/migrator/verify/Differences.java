package io.crossfade.migrator.verify;

import java.util.List;

/**
 * What a comparison of every row found. Immutable.
 *
 * @param rowsCompared rows looked at in the last pass
 * @param rowsDiffering rows whose two sides disagree and were left so
 * @param rowsRepaired rows that were mended in all passes
 * @param keys some of the keys that differed, for the operator
 */
public record Differences(long rowsCompared, long rowsDiffering, long rowsRepaired, List<String> keys) {

    public Differences {
        keys = List.copyOf(keys);
    }

    public boolean isNone() {
        return rowsDiffering == 0;
    }
}
