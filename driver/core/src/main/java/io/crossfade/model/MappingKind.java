package io.crossfade.model;

import java.util.Locale;

/** How the new columns of a mapping come from the old ones. */
public enum MappingKind {
    /** One column gets another name and nothing else. */
    RENAME,
    /** One column gets another type, and with it another name. */
    RETYPE,
    /** One column becomes several. */
    SPLIT,
    /** Several columns become one. */
    MERGE,
    /** A new column is computed from others, which stay. */
    DERIVE,
    /** A new column that comes from nothing. */
    ADD;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the old columns are replaced, and so dropped at contract. */
    public boolean replacesOld() {
        return this != DERIVE && this != ADD;
    }
}
