package io.crossfade.migrator.verify;

import io.crossfade.migrator.repair.Repair;
import io.crossfade.migrator.walk.Walk;
import io.crossfade.state.Checkpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares the two sides of every row, in plain reads that lock nothing: what is committed is seen, and each row whole. Rows
 * that disagree are read once more; those that still do are counted, or mended.
 *
 * <p>One thread at a time.
 */
public final class Verify {

    /** The first pass mends what there is, the second finds nothing; a third is for bad luck. More is somebody at work. */
    private static final int PASSES_MAX = 3;

    /** Enough to see a pattern. */
    private static final int KEYS_MAX = 20;

    private final Connection connection;
    private final Repair repair;
    private final Walk walk;

    /**
     * @param connection the walk's own
     */
    public Verify(Connection connection, Repair repair, Walk walk) {
        this.connection = connection;
        this.repair = repair;
        this.walk = walk;
    }

    /** One pass that changes nothing. */
    public Differences compare(String task) throws SQLException {
        return pass(task, false);
    }

    /** Passes until one finds nothing, mending what differs; gives the last one's findings. */
    public Differences mend(String task) throws SQLException {
        List<String> keys = new ArrayList<>();
        long repaired = 0;
        Differences found = new Differences(0, 0, 0, keys);
        for (int pass = 1; pass <= PASSES_MAX; pass++) {
            found = pass(task, true);
            repaired += found.rowsRepaired();
            found.keys().stream().limit(Math.max(0, KEYS_MAX - keys.size())).forEach(keys::add);
            if (found.rowsRepaired() == 0) {
                return new Differences(found.rowsCompared(), 0, repaired, keys);
            }
        }
        return new Differences(found.rowsCompared(), found.rowsRepaired(), repaired, keys);
    }

    private Differences pass(String task, boolean isMending) throws SQLException {
        Set<String> keys = new LinkedHashSet<>();
        long[] left = new long[1];
        Checkpoint end = walk.run(
                Checkpoint.start(task),
                (range, isAgain) -> {
                    if (repair.isNothing() || repair.count(connection, range) == 0) {
                        return Walk.Visit.whole(0);
                    }
                    List<String> differing = repair.keys(connection, range, KEYS_MAX);
                    differing.stream().limit(KEYS_MAX - keys.size()).forEach(keys::add);
                    if (isMending) {
                        Repair.Mended mended = repair.mendUnlocked(connection, range, isAgain);
                        return new Walk.Visit(mended.rows(), mended.isWhole());
                    }
                    left[0] += differing.isEmpty() ? 0 : repair.count(connection, range);
                    return Walk.Visit.whole(0);
                },
                at -> {});
        return new Differences(end.rowsSeen(), left[0], end.rowsChanged(), List.copyOf(keys));
    }
}
