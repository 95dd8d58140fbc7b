package io.crossfade.flag;

import java.util.Map;
import java.util.OptionalInt;

/**
 * The shares of reads that flags ask for, as far as they are known: the one snapshot that statements look at. Immutable.
 *
 * @param percents by change, 0 to 100
 */
public record Shares(Map<String, Integer> percents) {

    /** No flag says anything: the control table alone decides. */
    public static final Shares NONE = new Shares(Map.of());

    public Shares {
        percents = Map.copyOf(percents);
    }

    /** What the flag of a change asks for; empty where the control table decides. */
    public OptionalInt percent(String changeId) {
        Integer percent = percents.get(changeId);
        return percent == null ? OptionalInt.empty() : OptionalInt.of(percent);
    }
}
