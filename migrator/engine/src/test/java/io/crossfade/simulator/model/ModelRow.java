package io.crossfade.simulator.model;

import org.jspecify.annotations.Nullable;

/**
 * One key of a table with its committed versions, the newest first, and what the transaction that has locked it is about to
 * make of it. One thread at a time.
 */
final class ModelRow {

    /** A committed version; without cells the row is not there. */
    static final class Version {
        final long commit;

        @Nullable
        Object @Nullable [] cells;

        final @Nullable Version before;

        Version(long commit, @Nullable Object @Nullable [] cells, @Nullable Version before) {
            this.commit = commit;
            this.cells = cells;
            this.before = before;
        }
    }

    final Object key;

    @Nullable
    Version newest;

    @Nullable
    ModelSession holder;

    boolean isPending;

    @Nullable
    Object @Nullable [] pending;

    ModelRow(Object key) {
        this.key = key;
    }

    /** The cells as a session sees them that reads commits up to a point, and its own changes. */
    @Nullable
    Object @Nullable [] seenBy(@Nullable ModelSession session, long upTo) {
        if (isPending && holder == session) {
            return pending;
        }
        Version version = newest;
        while (version != null && version.commit > upTo) {
            version = version.before;
        }
        return version == null ? null : version.cells;
    }

    @Nullable
    Object @Nullable [] committed() {
        return newest == null ? null : newest.cells;
    }
}
