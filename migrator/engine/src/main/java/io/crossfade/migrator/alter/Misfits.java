package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Ends the run over a row that the new structure cannot hold, as soon as it is proven that no newer image of it is on its way: a
 * run that goes on reads the log from before the row was mended. The proof is a marker that was written after the row was seen:
 *
 * <pre>
 * log:  … id=3, v=NULL … (seen here) … id=3, v='mended' … marker …
 * </pre>
 *
 * <p>Confined to whoever holds {@link TableRun#writing}.
 */
final class Misfits {
    private final TableRun table;
    private final Markers markers;

    /** The places of their images among the events. */
    private final Set<Long> seen = new HashSet<>();

    /** Written after all of these were seen. */
    private long marker;

    Misfits(TableRun table, Markers markers) {
        this.table = table;
        this.markers = markers;
    }

    /** Looks again. */
    void check() {
        if (table.applier.misfitImages() == 0) {
            seen.clear();
            return;
        }
        Set<Long> misfits = table.applier.misfitOrdinals();
        seen.retainAll(misfits);
        if (seen.isEmpty()) {
            seen.addAll(misfits);
            marker = markers.last() + 1;
            return;
        }
        long ordinal = markers.awaitSeen(marker, Duration.ZERO);
        if (ordinal >= 0 && table.frontier.awaitsOnly(table.applier.owingOrdinals(), ordinal)) {
            throw table.applier.misfit(seen.iterator().next());
        }
    }
}
