package io.crossfade.migrator.copy;

import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Copies one range on the server, in one statement and so whole or not at all: {@code INSERT … SELECT} under READ COMMITTED, which
 * locks no row of the source. It is a plain INSERT: IGNORE would bend values and lose rows in silence.
 *
 * <p>A unique value may be held for a moment by a row of the ghost whose newer image is still to come. Such a range is tried
 * again, then cut in halves, until single rows are left; those are passed over and counted, and the checksum puts them in. A range
 * that the change log's cache does not hold is cut in halves, too.
 *
 * <p>Safe for many threads.
 */
public final class ChunkCopy {

    /** An image that frees a unique value is milliseconds away, or far. */
    private static final int ATTEMPTS_MAX = 3;

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** A copy locks no row of the source, so only other writers of the ghost can be in its way. */
    private static final int LOCK_ATTEMPTS_MAX = 60;

    private final TableChange change;
    private final GhostSql sql;
    private final Cancel cancel;
    private final Consumer<String> again;
    private final AtomicLong passedOver = new AtomicLong();

    /**
     * @param again told why a range is copied once more, without values, before it is; the copy waits for it
     */
    public ChunkCopy(TableChange change, GhostSql sql, Cancel cancel, Consumer<String> again) {
        this.change = change;
        this.sql = sql;
        this.cancel = cancel;
        this.again = again;
    }

    /** Rows that were left to the checksum. */
    public long passedOver() {
        return passedOver.get();
    }

    /**
     * Copies a range.
     *
     * @param connection in autocommit mode
     * @param rows about how many rows it has
     * @param isAgain whether an attempt before this one may be in the ghost already
     * @return how many rows were put in
     */
    public long copy(Connection connection, KeyRange range, int rows, boolean isAgain) throws SQLException {
        if (isAgain) {
            again.accept("the session was lost");
            execute(
                    connection,
                    "DELETE FROM " + change.ghostKey().quotedTable() + " WHERE "
                            + change.ghostKey().where(range));
        }
        return copy(connection, range, rows);
    }

    private long copy(Connection connection, KeyRange range, int rows) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return insert(connection, range);
            } catch (SQLException e) {
                if (SqlFailure.isMisfit(e)) {
                    throw misfit(range, e);
                }
                boolean isDuplicate = SqlFailure.isDuplicate(e);
                if (!isDuplicate && !SqlFailure.isOverLogCache(e)) {
                    throw e;
                }
                again.accept(SqlFailure.shown(e));
                if (!isDuplicate || attempt == ATTEMPTS_MAX) {
                    return inHalves(connection, range, rows, e);
                }
                cancel.pause(PAUSE.multipliedBy(attempt));
            }
        }
    }

    private long inHalves(Connection connection, KeyRange range, int rows, SQLException why) throws SQLException {
        Key key = change.sourceKey();
        int half = Math.max(1, rows / 2);
        KeyRange first = range.upTo().isEmpty()
                ? key.open(connection, range.after(), half)
                : key.next(connection, range.after(), range.upTo(), half);
        if (first.equals(range)) {
            if (half > 1) {
                return inHalves(connection, range, half, why);
            }
            if (!SqlFailure.isDuplicate(why)) {
                throw why;
            }
            passedOver.incrementAndGet();
            return 0;
        }
        return copy(connection, first, half) + copy(connection, new KeyRange(first.upTo(), range.upTo()), half);
    }

    private long insert(Connection connection, KeyRange range) throws SQLException {
        String text = "INSERT INTO " + change.ghostKey().quotedTable() + " (" + sql.ghostColumns() + ") SELECT "
                + sql.sourceColumns() + " FROM " + change.sourceKey().indexed() + " WHERE "
                + change.sourceKey().where(range);
        for (int attempt = 1; ; attempt++) {
            try (Statement s = connection.createStatement()) {
                return s.executeLargeUpdate(text);
            } catch (SQLException e) {
                if (!SqlFailure.isLock(e) || attempt == LOCK_ATTEMPTS_MAX) {
                    throw e;
                }
                again.accept(SqlFailure.shown(e));
                cancel.pause(PAUSE.multipliedBy(attempt));
            }
        }
    }

    private MigrationException misfit(KeyRange range, SQLException e) {
        String where = (range.after().isEmpty()
                        ? "at the table's beginning"
                        : "after " + change.sourceKey().shown(range.after()))
                + (range.upTo().isEmpty() ? "" : ", up to " + change.sourceKey().shown(range.upTo()));
        return MigrationException.stopped("stopped: copy of " + change.source().name() + "; a row " + where
                + " does not fit the new structure"
                + SqlFailure.place(e)
                + "; mend the rows or the ALTER, then run the same command again; the table is as it was");
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.executeUpdate(text);
        }
    }
}
