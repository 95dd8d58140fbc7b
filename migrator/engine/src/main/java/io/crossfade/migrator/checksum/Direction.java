package io.crossfade.migrator.checksum;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.ghost.TableChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of two tables is in use, and which is to be the same. There, that is the ghost: its rows are compared in every column, wrong ones are
 * mended, and one that never holds still is locked for a moment.
 *
 * <p>On the way back it is the old table, and nothing of it is mended: it holds what the new structure may not hold any more, so that a row that
 * only seems wrong would be lost. What is compared are the rows that are there, and their plain columns ({@link TableChange#plain}). Who carries
 * the log is who compares, so no row of the application is locked; one that is written all the time is, with each of these changes, written whole by the replay.
 *
 * <p>One thread at a time.
 */
public final class Direction {
    private final TableChange change;
    private final ChunkSums sums;
    private final @Nullable Exact exact;
    private final @Nullable Repair repair;
    private final String differing;
    private final String consequence;
    private final String remedy;

    private Direction(
            TableChange change,
            ChunkSums sums,
            @Nullable Exact exact,
            @Nullable Repair repair,
            String differing,
            String consequence,
            String remedy) {
        this.change = change;
        this.sums = sums;
        this.exact = exact;
        this.repair = repair;
        this.differing = differing;
        this.consequence = consequence;
        this.remedy = remedy;
    }

    /** Source and ghost, before the cut-over. */
    public static Direction there(Dialect dialect, TableChange change, GhostSql sql) {
        return new Direction(
                change,
                ChunkSums.there(change, new RowHash(dialect, change)),
                new Exact(change, sql),
                new Repair(change, sql),
                "the ghost of " + change.source().name(),
                "is not cut over",
                "the table is as it was; look at these rows, then run the same command again");
    }

    /**
     * The table in use and the old one, after the cut-over.
     *
     * @param change as it was cut over, with keys of the tables as they are called now
     */
    public static Direction back(Dialect dialect, TableChange change) {
        TableChange plain = change.plain();
        return new Direction(
                plain,
                ChunkSums.back(plain, new RowHash(dialect, plain)),
                null,
                null,
                "the old table " + change.old() + " of " + change.source().name(),
                "does not come back",
                "somebody wrote to it by hand, or the fault is ours: please report it; both tables are as they are; mend these rows in "
                        + change.old() + " and run the same command again, or take it as it is with --skip-checksum");
    }

    ChunkSums sums() {
        return sums;
    }

    /** The key of the table in use. */
    Key key() {
        return sums.key();
    }

    /** Whether rows are mended, and locked where nothing else helps. */
    boolean mends() {
        return repair != null;
    }

    /** Whether some column's values are converted, which the sums only imitate; plain ones they tell as they are. */
    boolean converts() {
        return exact != null && change.converts();
    }

    /** Those of these rows that really differ. */
    Set<List<String>> different(Connection connection, Collection<List<String>> keys) throws SQLException {
        return Objects.requireNonNull(exact).different(connection, keys);
    }

    /**
     * Mends rows, each in a transaction of its own.
     *
     * @return the keys of rows that are refused, since another one holds their value of a unique key
     */
    List<List<String>> mend(Connection connection, Collection<List<String>> keys) throws SQLException {
        return Objects.requireNonNull(repair).rows(connection, keys);
    }

    /** {@code the ghost of "shop"."t" differs in 3 rows and is not cut over}. */
    String verdict(int rows) {
        return differing + " differs in " + rows + (rows == 1 ? " row" : " rows") + " and " + consequence;
    }

    /** What to do about it. */
    String remedy() {
        return remedy;
    }

    /** Where a value may not be had again by computing it. */
    String computed() {
        String columns = change.derived().stored().stream()
                .map(p -> "\"" + p.ghost().name() + "\"")
                .collect(Collectors.joining(", "));
        return columns.isEmpty()
                ? ""
                : "; the stored generated columns " + columns
                        + " are computed anew, in the server's own time zone, and may"
                        + " have been computed in another zone or sql_mode: write these rows anew in a session of the"
                        + " server's zone, or drop the column in the same ALTER";
    }
}
