package io.crossfade.migrator.checksum;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.ghost.TableChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of two tables is in use, and which is to be the same. There, that is the ghost. On the way back it is the old table, and a row of it is
 * right in two ways: as the one that the new row was once made of, or, where it was written since, as what the server makes of the new row.
 *
 * <pre>
 * ALTER: FLOAT to INT        in use    old
 * not written since          2         1.5   becomes 2
 * written since, 5           5         5     comes of 5
 * wrong                      7         5
 * </pre>
 *
 * <p>One thread at a time.
 */
public final class Direction {
    private final TableChange change;
    private final ChunkSums sums;
    private final List<Exact> judges;
    private final Mender mender;
    private final String differing;
    private final String consequence;

    private Direction(
            TableChange change,
            ChunkSums sums,
            List<Exact> judges,
            Mender mender,
            String differing,
            String consequence) {
        this.change = change;
        this.sums = sums;
        this.judges = List.copyOf(judges);
        this.mender = mender;
        this.differing = differing;
        this.consequence = consequence;
    }

    /** Source and ghost, before the cut-over. */
    public static Direction there(Dialect dialect, TableChange change, GhostSql sql) {
        return new Direction(
                change,
                ChunkSums.there(change, new RowHash(dialect, change)),
                List.of(new Exact(change, sql)),
                new Repair(change, sql),
                "the ghost of " + change.source().name(),
                "is not cut over");
    }

    /**
     * The table in use and the old one, after the cut-over.
     *
     * @param change as it was cut over, with keys of the tables as they are called now
     */
    public static Direction back(Dialect dialect, TableChange change) {
        TableChange carried = change.written();
        TableChange back = carried.reversed();
        return new Direction(
                carried,
                ChunkSums.back(carried, new RowHash(dialect, carried)),
                List.of(
                        new Exact(
                                carried,
                                new GhostSql(dialect, carried, carried.source().name())),
                        new Exact(back, new GhostSql(dialect, back, back.old()))),
                new Refill(dialect, back),
                "the old table " + change.old() + " of " + change.source().name(),
                "does not come back");
    }

    ChunkSums sums() {
        return sums;
    }

    /** The key of the table in use. */
    Key key() {
        return sums.key();
    }

    /** Whether some column's values are converted, which the sums only imitate. */
    boolean converts() {
        return change.converts();
    }

    /** Those of these rows that are wrong in every way. */
    Set<List<String>> different(Connection connection, Collection<List<String>> keys) throws SQLException {
        Set<List<String>> different = Set.copyOf(keys);
        for (Exact judge : judges) {
            if (!different.isEmpty()) {
                different = judge.different(connection, different);
            }
        }
        return different;
    }

    List<List<String>> mend(Connection connection, Collection<List<String>> keys) throws SQLException {
        return mender.rows(connection, keys);
    }

    /** {@code the ghost of "shop"."t" differs in 3 rows and is not cut over}. */
    String verdict(int rows) {
        return differing + " differs in " + rows + (rows == 1 ? " row" : " rows") + " and " + consequence;
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
