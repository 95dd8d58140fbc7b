package io.crossfade.migrator.revert;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows that the old table cannot take as they are at this place of the log: a value does not fit, or another row has it in a unique
 * key. Such a row is taken out of the old table and stands in one beside, with what only the old table has of it, until a newer image of
 * it, or of the row that has its value, lets it in again. A row is in one of the two tables, never in both and never in none:
 *
 * <pre>
 * log                         old table          parked
 * -                           1: u=1, 2: u=2
 * UPDATE … u=2 WHERE id=1     2: u=2             1: u=2
 * UPDATE … u=1 WHERE id=2     2: u=1             1: u=2
 * (all of it is read)         1: u=2, 2: u=1
 * </pre>
 *
 * <p>What is parked is written in the transaction of the rows and the log's position, so whoever goes on finds it. Parked rows hold
 * no value that others want, so those that do not go in when the log has been read so far do not go at all.
 *
 * <p>One thread at a time.
 */
public final class Parked {

    /** Rows that are tried in one transaction. */
    private static final int TOGETHER = 250;

    /** Those of which the operator is told. */
    private static final int TOLD_MAX = 5;

    /** So often the same row is refused with all of the log read; what is written one after the other may mend it. */
    private static final int ROUNDS_MAX = 5;

    private static final int PARENT_MISSING = 1452;

    private final Connection connection;
    private final TableChange change;
    private final ReplayStatements rows;
    private final ParkStatements statements;

    private final List<String> refused = new ArrayList<>();
    private long refusedRows;
    private long triedUpTo;
    private long oldest;
    private long suspect;
    private int rounds;

    private record Waiting(long id, List<String> key) {}

    Parked(Connection connection, Dialect dialect, TableChange change, TableName table) {
        this.connection = connection;
        this.change = change;
        this.rows = new ReplayStatements(dialect, change);
        this.statements = new ParkStatements(dialect, change, table);
    }

    /**
     * Makes the table.
     *
     * @param isAnew whether what stands there is another way back's, which was given up
     */
    public static void create(
            Connection connection, Dialect dialect, TableChange change, TableName table, boolean isAnew)
            throws SQLException {
        if (isAnew) {
            drop(connection, dialect, table);
        }
        try (Statement s = connection.createStatement()) {
            s.execute(new ParkStatements(dialect, change, table).create());
        }
        if (!isThere(connection, table)) {
            throw MigrationException.refused(
                    "cannot revert table \"" + change.source().name() + "\"; table \"" + table
                            + "\" exists, and is none of ours; drop it or give it another name");
        }
    }

    /** Whether the table stands there, and is ours. */
    public static boolean isThere(Connection connection, TableName table) throws SQLException {
        Optional<Table> found = new CatalogReader(connection).table(table);
        return found.isPresent() && found.get().has(ParkStatements.ID);
    }

    /** Drops the table, if it is ours. */
    public static void drop(Connection connection, Dialect dialect, TableName table) throws SQLException {
        if (isThere(connection, table)) {
            try (Statement s = connection.createStatement()) {
                s.execute("DROP TABLE IF EXISTS " + dialect.quote(table.schema()) + "." + dialect.quote(table.table()));
            }
        }
    }

    /** Whether the server does not take a row as it is, which another row or image may change. */
    static boolean isRefusal(SQLException e) {
        return SqlFailure.isDuplicate(e) || SqlFailure.isMisfit(e) || e.getErrorCode() == PARENT_MISSING;
    }

    /** Takes a row out of the old table. */
    void park(Row before, Row after) throws SQLException {
        inUtc(() -> {
            if (execute(statements.park(before, after)) == 0) {
                execute(statements.add(after));
            }
        });
        execute(rows.delete(before));
    }

    /** Takes a newer image of a row; false where the row is not parked. */
    boolean renew(Row before, Row after) throws SQLException {
        boolean[] isRenewed = new boolean[1];
        inUtc(() -> isRenewed[0] = execute(statements.renew(before, after)) > 0);
        return isRenewed[0];
    }

    /** The row is deleted. */
    void forget(Row before) throws SQLException {
        execute(statements.forget(before));
    }

    /** Something that is said to the server. */
    private interface Saying {
        void say() throws SQLException;
    }

    /** Literals are in UTC; what the old table computes of a row that is taken out is in the session's own zone. */
    private void inUtc(Saying saying) throws SQLException {
        if (!change.isZonedBack()) {
            saying.say();
            return;
        }
        execute("SET time_zone = '+00:00'");
        saying.say();
        execute("SET time_zone = @@GLOBAL.time_zone");
    }

    /**
     * Puts in what goes in by now, with nothing else open in the session: some of it at least, and all where that is done by then.
     *
     * @return whether nothing is left
     */
    boolean settle(long untilNanos) throws SQLException {
        boolean isTime = true;
        while (isTime) {
            if (triedUpTo == 0) {
                refused.clear();
                refusedRows = 0;
                oldest = 0;
            }
            List<Waiting> next = next();
            put(next);
            if (next.size() < TOGETHER) {
                triedUpTo = 0;
                rounds = refusedRows > 0 && oldest == suspect ? rounds + 1 : 0;
                suspect = oldest;
                return refusedRows == 0;
            }
            triedUpTo = next.get(next.size() - 1).id();
            isTime = System.nanoTime() < untilNanos;
        }
        return false;
    }

    /** Ends the run where a row was refused again and again, though all of the log was read. */
    void check() {
        if (rounds < ROUNDS_MAX) {
            return;
        }
        throw MigrationException.stopped(
                "stopped: the old table " + change.old() + " cannot take " + refusedRows
                        + (refusedRows == 1 ? " row of " : " rows of ")
                        + change.source().name() + ": "
                        + String.join("; ", refused) + (refusedRows > refused.size() ? "; …" : "")
                        + "; change or delete such rows in the table, and run the same command again: it goes on from here; or stay with the"
                        + " new structure: another ALTER with --initially-drop-ghost-table and --initially-drop-old-table gives the way back up");
    }

    private List<Waiting> next() throws SQLException {
        List<Waiting> waiting = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(statements.next(triedUpTo, TOGETHER))) {
            while (r.next()) {
                List<String> key = new ArrayList<>();
                for (int i = 0; i < change.ghostKey().columns().size(); i++) {
                    key.add(r.getString(i + 2));
                }
                waiting.add(new Waiting(r.getLong(1), key));
            }
        }
        connection.commit();
        return waiting;
    }

    /** All go in, or the halves are tried. */
    private void put(List<Waiting> waiting) throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        try {
            for (String sql :
                    statements.settle(waiting.stream().map(Waiting::id).toList())) {
                execute(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!isRefusal(e)) {
                throw e;
            }
            if (waiting.size() == 1) {
                refuse(waiting.get(0), e);
                return;
            }
            int half = waiting.size() / 2;
            put(waiting.subList(0, half));
            put(waiting.subList(half, waiting.size()));
        }
    }

    private void refuse(Waiting row, SQLException e) {
        oldest = refusedRows == 0 ? row.id() : oldest;
        refusedRows++;
        if (refused.size() < TOLD_MAX) {
            refused.add(change.ghostKey().shown(row.key()) + ": " + SqlFailure.shown(e));
        }
    }

    private int execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            return s.executeUpdate(sql);
        }
    }
}
