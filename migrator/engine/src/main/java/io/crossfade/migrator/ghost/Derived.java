package io.crossfade.migrator.ghost;

import java.util.List;

/**
 * What the server puts into the rows of the two tables by itself: generated columns, defaults of columns that nothing is copied into, and
 * what it computes for CHECK constraints and indexes. Immutable.
 *
 * @param stored generated columns that are stored on both sides and must come out the same
 * @param sourceReadsZone whether a row of the source would be another one if it were written in another time zone than the
 *     server's own
 * @param ghostReadsZone the same of the ghost
 */
public record Derived(List<ColumnPair> stored, boolean sourceReadsZone, boolean ghostReadsZone) {

    /** Nothing, as in most tables. */
    public static final Derived NOTHING = new Derived(List.of(), false, false);

    public Derived {
        stored = List.copyOf(stored);
    }
}
