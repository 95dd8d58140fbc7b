package io.crossfade.migrator.repair;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Side;
import io.crossfade.state.ChangeState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Finds and mends the rows whose two sides do not explain each other.
 *
 * <p>A row that a client still at {@code expand} wrote, {@code status='paid', order_status='new'}, becomes {@code 'paid',
 * 'paid'} where new is mended, since neither side is what the other gives. A row that new code wrote through a lossy
 * mapping, {@code age_str='007', age=7}, stays: one side explains the other.
 *
 * <p>Immutable.
 */
public final class Repair {
    /**
     * Keys in one list, and rows locked at once where somebody holds others: beyond some thousands MySQL takes a list for too long, and
     * reads the whole table.
     */
    private static final int FREE_MAX = 1000;

    private final Dialect dialect;
    private final Key key;
    private final Side target;
    private final List<String> assignments;
    private final String differs;

    /**
     * @param target the side that is written; the other is believed
     */
    public Repair(Dialect dialect, ChangeState change, Key key, Side target) {
        this.dialect = dialect;
        this.key = key;
        this.target = target;
        UnaryOperator<String> naming = Sides.quoted(dialect, "");
        List<String> sets = new ArrayList<>();
        List<String> agreements = new ArrayList<>();
        for (Mapping mapping : change.change().mappings()) {
            boolean isMended =
                    target == Side.NEW ? mapping.hasUp() : mapping.kind().replacesOld();
            if (isMended) {
                Sides sides = new Sides(dialect, mapping, change.before());
                sets.addAll(target == Side.NEW ? intoNew(sides, naming) : intoOld(sides, naming));
                agreements.add(sides.agree(naming));
            }
        }
        differs = "NOT (" + (agreements.isEmpty() ? "TRUE" : String.join(" AND ", agreements)) + ")";
        if (!sets.isEmpty()) {
            change.before().columns().stream()
                    .filter(Column::onUpdateNow)
                    .map(c -> dialect.quote(c.name()))
                    .forEach(c -> sets.add(c + " = " + c));
        }
        assignments = List.copyOf(sets);
    }

    private List<String> intoNew(Sides sides, UnaryOperator<String> naming) {
        List<String> sets = new ArrayList<>();
        for (NewColumn column : sides.mapping().news()) {
            if (sides.mapping().isIdentity() || column.up() != null) {
                sets.add(dialect.quote(column.name()) + " = " + sides.newByOld(column, naming));
            }
        }
        return sets;
    }

    private List<String> intoOld(Sides sides, UnaryOperator<String> naming) {
        List<String> sets = new ArrayList<>();
        for (OldColumn column : sides.mapping().olds()) {
            sets.add(dialect.quote(column.name()) + " = " + sides.oldByNew(column, naming));
        }
        return sets;
    }

    public Side target() {
        return target;
    }

    /** Whether the change has nothing to copy at all, such as an added column without an expression. */
    public boolean isNothing() {
        return assignments.isEmpty();
    }

    /** Mends the range's rows; gives how many. */
    public long mend(Connection connection, KeyRange range) throws SQLException {
        if (isNothing()) {
            return 0;
        }
        try (Statement s = connection.createStatement()) {
            return s.executeUpdate(update(range));
        }
    }

    /**
     * Mends rows that are locked already. They are named: an UPDATE of their range would ask for the locks of the others in it too, if only to
     * find that they do not differ, and the server looks for a deadlock when a lock is asked for, not when it is waited for.
     */
    private long mend(Connection connection, KeyRange range, List<List<String>> locked) throws SQLException {
        long rows = 0;
        for (int from = 0; from < locked.size(); from += FREE_MAX) {
            List<List<String>> some = locked.subList(from, Math.min(from + FREE_MAX, locked.size()));
            // The range is for a server that finds no way by a list of compound keys: it would go through the whole
            // table.
            rows += mend(connection, key.where(range) + " AND " + key.in(some));
        }
        return rows;
    }

    /**
     * Mends the range's rows without waiting for anybody's lock while it holds others: what waits for each other is a deadlock, and its
     * victim would be the application, which has done less. Rows that somebody has locked are left, and when no others are, one of them is
     * waited for alone. A server that cannot pass over locks gets one statement for all.
     *
     * @param connection in a transaction, READ COMMITTED, in which nothing was changed yet; it is to be committed before the next call
     * @param isAgain whether the range was not mended whole by a call before: somebody holds rows of it, so no more are locked than
     *     are mended
     */
    public Mended mendUnlocked(Connection connection, KeyRange range, boolean isAgain) throws SQLException {
        if (isNothing()) {
            return new Mended(0, true);
        }
        if (!dialect.skipsLocked()) {
            return new Mended(mend(connection, range), true);
        }
        String rows = differing(range);
        if (!isAgain && count(connection, range) == 0) {
            return new Mended(0, true);
        }
        List<List<String>> free =
                keys(connection, rows + (isAgain ? " LIMIT " + FREE_MAX : "") + " FOR UPDATE SKIP LOCKED");
        if (!free.isEmpty()) {
            long mended = mend(connection, range, free);
            return new Mended(mended, !isAgain && count(connection, range) == 0);
        }
        List<List<String>> one = keys(connection, rows + " LIMIT 1");
        return new Mended(one.isEmpty() ? 0 : mend(connection, key.is(one.get(0))), one.isEmpty());
    }

    /**
     * What was done to a range.
     *
     * @param rows how many were changed
     * @param isWhole whether none is left that differed
     */
    public record Mended(long rows, boolean isWhole) {}

    private List<List<String>> keys(Connection connection, String rows) throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT " + key.selected() + rows)) {
            while (r.next()) {
                keys.add(key.read(r));
            }
        }
        return keys;
    }

    private static long ask(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getLong(1);
        }
    }

    /** Mends those of the rows for which a condition holds; gives how many. */
    public long mend(Connection connection, String condition) throws SQLException {
        if (isNothing()) {
            return 0;
        }
        try (Statement s = connection.createStatement()) {
            return s.executeUpdate(update(condition));
        }
    }

    /** The statement that mends a range. */
    public String update(KeyRange range) {
        return update(key.where(range));
    }

    private String update(String condition) {
        return "UPDATE " + key.indexed() + " SET " + String.join(", ", assignments) + " WHERE " + condition + " AND "
                + differs;
    }

    /** How many rows of the range disagree, as a plain read sees them. */
    public long count(Connection connection, KeyRange range) throws SQLException {
        return ask(connection, "SELECT COUNT(*)" + differing(range));
    }

    /** The range's rows that disagree, from FROM on. */
    private String differing(KeyRange range) {
        return " FROM " + key.indexed() + " WHERE " + key.where(range) + " AND " + differs;
    }

    /** Keys of rows of the range that disagree, as a plain read sees them. */
    public List<String> keys(Connection connection, KeyRange range, int keysMax) throws SQLException {
        return keys(connection, differing(range) + " LIMIT " + keysMax).stream()
                .map(key::shown)
                .toList();
    }
}
