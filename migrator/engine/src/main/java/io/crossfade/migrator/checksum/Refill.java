package io.crossfade.migrator.checksum;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.model.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Fills single rows of the old table anew, on the way back. What only the old table has keeps its values. The row in use is read under a
 * shared lock, as {@link Repair} does.
 *
 * <p>One thread at a time.
 */
final class Refill extends Mender {
    private final Dialect dialect;
    private final TableChange back;
    private final GhostSql sql;
    private final String old;

    /**
     * @param back from the table in use into the old one
     */
    Refill(Dialect dialect, TableChange back) {
        this.dialect = dialect;
        this.back = back;
        this.sql = new GhostSql(dialect, back, back.old());
        this.old = back.ghostKey().quotedTable();
    }

    /** A value that does not fit was written a moment ago, and comes down the log. */
    @Override
    boolean isPassing(SQLException e) {
        return super.isPassing(e) || SqlFailure.isMisfit(e);
    }

    @Override
    void mend(Connection connection, List<List<String>> one) throws SQLException {
        String used = back.sourceKey().indexed() + " WHERE " + back.sourceKey().in(one);
        try (Statement s = connection.createStatement()) {
            boolean isThere;
            try (ResultSet r = s.executeQuery("SELECT 1 FROM " + used + " LOCK IN SHARE MODE")) {
                isThere = r.next();
            }
            if (!isThere) {
                s.executeUpdate(sql.delete(one));
            } else if (s.executeUpdate(update(used, one)) == 0) {
                s.executeUpdate("INSERT INTO " + old + " (" + sql.ghostColumns() + ") SELECT " + sql.sourceColumns()
                        + " FROM " + used);
            }
        }
    }

    /** {@code UPDATE old, (SELECT a AS _crossfade_0 FROM t WHERE id = 7) _crossfade SET old.b = _crossfade_0 WHERE id = 7}. */
    private String update(String used, List<List<String>> one) {
        List<ColumnPair> pairs = back.pairs();
        String read = numbered(pairs, i -> dialect.quote(pairs.get(i).source().name()) + " AS " + name(i));
        String set = numbered(pairs, i -> old(pairs.get(i).ghost()) + " = " + name(i));
        String kept = back.ghost().columns().stream()
                .filter(c -> c.onUpdateNow()
                        && pairs.stream().noneMatch(p -> p.ghost().equals(c)))
                .map(c -> ", " + old(c) + " = " + old(c))
                .collect(Collectors.joining());
        return "UPDATE " + old + ", (SELECT " + read + " FROM " + used + ") _crossfade SET " + set + kept + " WHERE "
                + back.ghostKey().in(one);
    }

    private String old(Column column) {
        return old + "." + dialect.quote(column.name());
    }

    private static String name(int place) {
        return "_crossfade_" + place;
    }

    private static String numbered(List<ColumnPair> pairs, Function<Integer, String> text) {
        return IntStream.range(0, pairs.size()).boxed().map(text).collect(Collectors.joining(", "));
    }
}
