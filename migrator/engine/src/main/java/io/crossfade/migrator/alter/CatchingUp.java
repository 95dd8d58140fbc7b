package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.checksum.CatchUp;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** How far one table's ghost is behind the table. Safe for many threads, but for the watch, which is one thread's. */
final class CatchingUp implements CatchUp {

    /** A row that waits for its unique value, when everything before it has been applied, is tried again so often. */
    private static final int OWING_ROUNDS_MAX = 5;

    private final TableRun table;
    private final Heart heart;
    private final Markers markers;
    private final Crew crew;

    /** Their places among the images. */
    private final Set<Long> suspects = ConcurrentHashMap.newKeySet();

    private long suspectsRound;

    CatchingUp(TableRun table, Heart heart, Markers markers, Crew crew) {
        this.table = table;
        this.heart = heart;
        this.markers = markers;
        this.crew = crew;
    }

    @Override
    public boolean await(Duration atMost) throws SQLException {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        long number = heart.beat();
        long ordinal = markers.awaitSeen(number, left(deadlineNanos));
        crew.check();
        if (ordinal < 0) {
            return false;
        }
        boolean isDone = table.frontier.awaitDone(ordinal, left(deadlineNanos));
        crew.check();
        if (isDone) {
            suspects.clear();
        } else {
            lookForDuplicates(ordinal);
        }
        return isDone;
    }

    /**
     * Everything is applied but rows whose unique value another row holds. They are true duplicates where the very same images are still
     * not in after each was tried again.
     */
    private void lookForDuplicates(long ordinal) {
        table.writing.lock();
        try {
            Set<Long> owing = table.applier.owingOrdinals();
            Set<Long> duplicates = new HashSet<>(owing);
            duplicates.removeAll(table.applier.misfitOrdinals());
            // An image that is still to be applied may free the value.
            if (duplicates.isEmpty() || !table.frontier.awaitsOnly(owing, ordinal)) {
                suspects.clear();
                return;
            }
            suspects.retainAll(duplicates);
            if (suspects.isEmpty()) {
                suspects.addAll(duplicates);
                suspectsRound = table.applier.rounds();
            } else if (table.applier.rounds() - suspectsRound >= OWING_ROUNDS_MAX) {
                throw duplicates(table.applier.owing());
            }
        } finally {
            table.writing.unlock();
        }
    }

    private MigrationException duplicates(Set<List<String>> owing) {
        String keys =
                owing.stream().limit(5).map(table.change.sourceKey()::shown).collect(Collectors.joining("; "));
        return MigrationException.different("the ghost of " + table.name() + " cannot hold " + owing.size()
                + " rows: another row has the same value of a unique key of the new structure; rows " + keys
                + (owing.size() > 5 ? "; …" : "")
                + "; the table is as it was; mend the rows or leave the unique key out, then run again");
    }

    @Override
    public void watch(Collection<List<String>> keys) {
        table.frontier.watch(keys);
    }

    @Override
    public Set<List<String>> came() {
        return table.frontier.came();
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }
}
