package io.crossfade.migrator.alter;

import io.crossfade.migrator.lint.Finding;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.route.Route;
import io.crossfade.model.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a dry run prints of one table. Immutable.
 *
 * @param table as the catalog spells it
 * @param route which way, why, and what it holds up
 * @param names the tables that will stand beside it; only a ghost needs them
 * @param key how rows are told apart: {@code PRIMARY (id)}; empty where the route needs no key
 * @param columns source columns and the ghost's that take their values, where they are copied
 * @param renames those of them whose names differ
 * @param findings of the lint, the missing privileges and leftovers among them
 * @param rows how many there are
 * @param isExactRows whether they were counted, not estimated
 * @param diskBytes what the ghost needs, at the table's present size
 * @param logBytes what the copy writes into the change log, at most
 * @param freeBytes what the server's disk has left; empty where that is not to be seen
 * @param expected how long it takes, at {@link #rate}
 */
public record AlterPlan(
        TableName table,
        Route route,
        GhostNames names,
        String key,
        Map<String, String> columns,
        Map<String, String> renames,
        List<Finding> findings,
        long rows,
        boolean isExactRows,
        long diskBytes,
        long logBytes,
        OptionalLong freeBytes,
        Duration expected) {

    /** Half of what two cores of a small server did. Judged, not measured. */
    static final long ROWS_PER_SECOND = 60_000;

    static final long BYTES_PER_SECOND = 20L * 1024 * 1024;

    public AlterPlan {
        columns = Map.copyOf(columns);
        renames = Map.copyOf(renames);
        findings = List.copyOf(findings);
    }

    /** Whether something stands against it. */
    public boolean isRefused() {
        return findings.stream().anyMatch(Finding::isRefusal);
    }

    /** What the expected time was reckoned with, in words. */
    public static String rate() {
        return "reckoned with " + ROWS_PER_SECOND + " rows or " + BYTES_PER_SECOND / (1024 * 1024)
                + " MB a second, whichever is slower, and no throttling";
    }
}
