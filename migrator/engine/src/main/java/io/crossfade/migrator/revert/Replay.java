package io.crossfade.migrator.revert;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries the row changes of the new table into the old one, in order, transaction by transaction. The rows and the log's
 * position are committed together, those of several transactions at once: many wrote them side by side, and one session that
 * waited for the disk as often as all of them would never catch up. What only the old table has keeps its values.
 *
 * <p>Statements go to the server many at a time, where the session's driver can ({@code rewriteBatchedStatements} of Connector/J): a
 * network's way there and back for each row would be slower than those who write the table. When one of them does not do what it
 * was meant to do, all are undone and said again one by one, which is where the exceptions are handled.
 *
 * <p>No transaction may be carried twice: whoever goes on begins where the rows' own transaction says. Rows that somebody else wrote into
 * the old table or took out of it are mended by the next image of them: an INSERT of a row that is there becomes an UPDATE of it, an UPDATE of one that is not an
 * INSERT. A row that the old table cannot take is {@link Parked}.
 *
 * <p>One thread at a time.
 */
public final class Replay {

    private static final Duration COMMIT_EVERY = Duration.ofMillis(100);

    private static final String CARRIED = "crossfade_carried";

    private static final String CARRIED_UP_TO_HERE = "SAVEPOINT " + CARRIED;

    private final Connection connection;
    private final TableChange change;
    private final ReplayStatements statements;
    private final PositionSaver saver;
    private final Batch batch;
    private final Parked parked;
    /** Where the last transaction ended that is carried and not committed; null where there is none. */
    private @Nullable LogPosition carried;

    /** Whether a savepoint stands, or waits to be sent, behind the last row. */
    private boolean isMarked;

    private long committedNanos = System.nanoTime();

    /**
     * @param connection in manual commit; its driver counts matched rows, as Connector/J does by default
     * @param change the change that was cut over: its ghost is the table in use now, its old one is brought up to date
     * @param parked the table of rows that the old one cannot take as they are
     */
    private Replay(Connection connection, Dialect dialect, TableChange change, TableName parked, PositionSaver saver) {
        this.connection = connection;
        this.change = change;
        this.statements = new ReplayStatements(dialect, change);
        this.saver = saver;
        this.batch = new Batch(connection);
        this.parked = new Parked(connection, dialect, change, parked);
    }

    /** Sets the session up; commits what is open in it. */
    public static Replay on(
            Connection connection, Dialect dialect, TableChange change, TableName parked, PositionSaver saver)
            throws SQLException {
        Replay replay = new Replay(connection, dialect, change, parked, saver);
        replay.execute("SET SESSION time_zone = " + (change.isZonedBack() ? "@@GLOBAL.time_zone" : "'+00:00'")
                + ", sql_mode = '"
                + change.mode("STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO") + "'");
        if (replay.statements.isStaged()) {
            // Outside a transaction, as GTIDs on MySQL 5.7 demand.
            connection.commit();
            connection.setAutoCommit(true);
            for (String sql : replay.statements.createStaging()) {
                replay.execute(sql);
            }
            connection.setAutoCommit(false);
        }
        return replay;
    }

    /** Takes the next event of the log. */
    public void on(LogEvent event) throws SQLException {
        if (event instanceof LogEvent.Changed changed) {
            if (changed.table().isSame(change.source().name())) {
                carry(changed.before(), changed.after());
            }
        } else if (event instanceof LogEvent.Committed committed) {
            carried = committed.position();
            if (System.nanoTime() - committedNanos >= COMMIT_EVERY.toNanos()) {
                commit();
            } else if (!isMarked) {
                add(new Batch.Step(List.of(CARRIED_UP_TO_HERE), false, () -> execute(CARRIED_UP_TO_HERE)));
                isMarked = true;
            }
        } else if (event instanceof LogEvent.Rewound) {
            rollBackTorn();
        } else if (event instanceof LogEvent.Statement statement) {
            carried = statement.position();
            commit();
        }
    }

    /** Commits the transactions that are carried; between two of them. */
    public void commit() throws SQLException {
        LogPosition position = carried;
        if (position != null) {
            send();
            saver.save(connection, position);
            connection.commit();
            carried = null;
            isMarked = false;
            committedNanos = System.nanoTime();
        }
    }

    /**
     * Puts rows into the old table that it could not take before, and commits; between two transactions, behind {@link #commit}.
     *
     * @return whether it has all rows
     */
    public boolean settle(long untilNanos) throws SQLException {
        return parked.settle(untilNanos);
    }

    /** Ends the run where it cannot take some, whatever came behind them. */
    public void check() {
        parked.check();
    }

    /** The transaction under way comes once more; those before it do not. */
    private void rollBackTorn() throws SQLException {
        send();
        if (carried == null) {
            connection.rollback();
        } else {
            execute("ROLLBACK TO SAVEPOINT " + CARRIED);
        }
    }

    private void carry(@Nullable Row before, @Nullable Row after) throws SQLException {
        isMarked = false;
        if ((before != null && statements.hasNullKey(before)) || (after != null && statements.hasNullKey(after))) {
            connection.rollback();
            throw MigrationException.stopped(
                    "stopped: the old table " + change.old() + " cannot be brought up to date; "
                            + change.source().name() + " has got a row with NULL in the key \""
                            + change.ghostKey().index()
                            + "\", by which rows are told apart; stay with the new table, and change it back with another ALTER");
        }
        if (after != null) {
            List<String> texts = new ArrayList<>(statements.stage(after));
            texts.add(before == null ? statements.insert(after) : statements.update(before, after));
            add(new Batch.Step(texts, before != null, () -> put(before, after)));
        } else if (before != null) {
            add(new Batch.Step(List.of(statements.delete(before)), true, () -> delete(before)));
        }
    }

    private void add(Batch.Step step) throws SQLException {
        batch.add(step);
        if (batch.isFull()) {
            send();
        }
    }

    private void send() throws SQLException {
        for (Batch.Step step : batch.send()) {
            step.alone().run();
        }
    }

    private void put(@Nullable Row before, Row after) throws SQLException {
        try {
            for (String sql : statements.stage(after)) {
                execute(sql);
            }
            if ((before == null || execute(statements.update(before, after)) == 0)
                    && !parked.renew(before == null ? after : before, after)) {
                insert(after);
            }
        } catch (SQLException e) {
            if (!Parked.isRefusal(e)) {
                throw e;
            }
            parked.park(before == null ? after : before, after);
        }
    }

    private void insert(Row after) throws SQLException {
        try {
            execute(statements.insert(after));
        } catch (SQLException e) {
            if (!SqlFailure.isDuplicate(e) || execute(statements.update(after, after)) == 0) {
                throw e;
            }
        }
    }

    private void delete(Row before) throws SQLException {
        if (execute(statements.delete(before)) == 0) {
            parked.forget(before);
        }
    }

    private int execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            return s.executeUpdate(sql);
        }
    }

    /** Whether a pair's values can be compared as they are. */
    static boolean isComparable(ColumnPair pair) {
        return pair.isSameType()
                || (ReplayStatements.isInteger(pair.source()) && ReplayStatements.isInteger(pair.ghost()));
    }
}
