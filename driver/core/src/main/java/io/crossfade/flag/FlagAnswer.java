package io.crossfade.flag;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one look at a source gave. Immutable.
 *
 * @param values by change, for every flag that the source names
 */
public record FlagAnswer(Map<String, FlagValue> values) {

    /** Far more changes than any database has open at once. Judged, not measured. */
    public static final int FLAGS_MAX = 1_000;

    public FlagAnswer {
        values = Map.copyOf(values);
    }

    /**
     * The shares from now on. A flag that is wrong, or that the source names no more, keeps its last good value; one that
     * leaves the value to us has none.
     *
     * @param last the shares so far
     * @param openChanges what is kept of the last shares though the source names it no more
     */
    public Shares over(Shares last, Set<String> openChanges) {
        Map<String, Integer> next = new HashMap<>();
        last.percents().forEach((change, percent) -> {
            if (values.containsKey(change) || openChanges.contains(change)) {
                next.put(change, percent);
            }
        });
        values.forEach((change, value) -> {
            if (value instanceof FlagValue.Percent share) {
                next.put(change, share.percent());
            } else if (value instanceof FlagValue.Unset) {
                next.remove(change);
            }
        });
        return next.equals(last.percents()) ? last : new Shares(next);
    }
}
