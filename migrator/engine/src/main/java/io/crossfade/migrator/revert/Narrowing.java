package io.crossfade.migrator.revert;

import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Columns of the new table that may hold what the old one's definition does not allow: text that has grown too long, and NULLs. All are
 * looked for in one pass, range by range in plain reads. Immutable.
 */
public final class Narrowing {

    /** Long enough to be quick, short enough to hold no snapshot for long. Judged, not measured. */
    private static final int CHUNK_ROWS = 20_000;

    /** Some ten million rows: who wants to go back wants it now, and a row that is not found here stops the way back before the exchange. */
    private static final Duration LOOK_MAX = Duration.ofMinutes(1);

    private final Key key;
    private final Duration lookMax;
    private final List<String> columns = new ArrayList<>();
    private final List<String> misfits = new ArrayList<>();

    public Narrowing(TableChange change) {
        this(change, LOOK_MAX);
    }

    Narrowing(TableChange change, Duration lookMax) {
        this.key = change.ghostKey();
        this.lookMax = lookMax;
        for (ColumnPair pair : change.pairs()) {
            String column = key.quoted(pair.ghost().name());
            List<String> terms = new ArrayList<>();
            if (pair.ghost().nullable() && !pair.source().nullable()) {
                terms.add(column + " IS NULL");
            }
            if (pair.source().baseType().endsWith("char") && !pair.isSameType()) {
                terms.add("COALESCE(CHAR_LENGTH(" + column + "), 0) > "
                        + pair.source().type().replaceAll("[^0-9]", ""));
            }
            if (!terms.isEmpty()) {
                columns.add(pair.ghost().name());
                misfits.add("(" + String.join(" OR ", terms) + ")");
            }
        }
    }

    /** Those columns; none where no row can be in the way. */
    public List<String> columns() {
        return List.copyOf(columns);
    }

    /**
     * What a look at the rows has found.
     *
     * @param reasons why the change cannot be reverted
     * @param isWhole whether all rows were looked at, or enough of them to know
     */
    public record Found(List<String> reasons, boolean isWhole) {}

    /**
     * Looks at the rows, for a minute at most.
     *
     * @param check asked between two ranges; ends the look by throwing
     */
    public Found look(Connection connection, Runnable check) throws SQLException {
        boolean[] seen = new boolean[columns.size()];
        List<String> after = List.of();
        long beganNanos = System.nanoTime();
        boolean isLeft = !columns.isEmpty();
        while (isLeft && System.nanoTime() - beganNanos < lookMax.toNanos()) {
            check.run();
            KeyRange range = key.open(connection, after, CHUNK_ROWS);
            ask(connection, range, seen);
            after = range.upTo();
            isLeft = !after.isEmpty() && reasons(seen).size() < seen.length;
        }
        return new Found(reasons(seen), !isLeft);
    }

    private void ask(Connection connection, KeyRange range, boolean[] seen) throws SQLException {
        String sql = misfits.stream().map(m -> "MAX" + m).collect(Collectors.joining(", "));
        try (Statement s = connection.createStatement();
                ResultSet r =
                        s.executeQuery("SELECT " + sql + " FROM " + key.indexed() + " WHERE " + key.where(range))) {
            r.next();
            for (int i = 0; i < seen.length; i++) {
                seen[i] |= r.getInt(i + 1) > 0;
            }
        }
    }

    private List<String> reasons(boolean[] seen) {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            if (seen[i]) {
                reasons.add("the new table's column " + columns.get(i)
                        + " holds values that the old one's definition does not allow");
            }
        }
        return reasons;
    }
}
