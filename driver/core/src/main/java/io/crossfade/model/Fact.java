package io.crossfade.model;

import java.util.Locale;

/** What a mapping's author states about it; the planner may use it, the migrator verifies it on the data. */
public enum Fact {
    /** Two different old values never give the same new value. */
    INJECTIVE,
    /** A greater old value never gives a smaller new value. */
    MONOTONE,
    /** {@code down(up(old))} is {@code old}, byte for byte. */
    LOSSLESS;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
