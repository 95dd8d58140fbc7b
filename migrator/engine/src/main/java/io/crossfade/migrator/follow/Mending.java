package io.crossfade.migrator.follow;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.repair.Repair;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Change;
import io.crossfade.model.Side;
import io.crossfade.state.ChangeState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Mends one mapping of one row, where the row is still as the log has it: what somebody has written since is not touched, and
 * comes down the log itself.
 *
 * <p>One thread at a time.
 */
final class Mending {
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;

    /** With a wait of a second for the lock each time, some minutes: what lasts longer does not go away by itself. */
    private static final int ATTEMPTS_MAX = 60;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private final Connection connection;
    private final Dialect dialect;
    private final Key key;
    private final ChangeState change;
    private final Images images;
    private final Cancel cancel;
    private final Listener listener;
    private final Map<Job, Repair> repairs = new HashMap<>();

    private record Job(MappedColumns mapping, Side target) {}

    Mending(
            Connection connection,
            Dialect dialect,
            Key key,
            ChangeState change,
            Images images,
            Cancel cancel,
            Listener listener) {
        this.connection = connection;
        this.dialect = dialect;
        this.key = key;
        this.change = change;
        this.images = images;
        this.cancel = cancel;
        this.listener = listener;
    }

    /**
     * Fills the other side from the one that is right.
     *
     * @param n the number of the image among {@link Images}
     * @return whether the row was mended; else it was written again since, or cannot be
     */
    boolean mend(List<String> row, int n, MappedColumns mapping, Side right) throws SQLException {
        Repair repair =
                repairs.computeIfAbsent(new Job(mapping, right == Side.OLD ? Side.NEW : Side.OLD), this::repair);
        String where = key.is(row) + " AND " + images.isStill(n, mapping);
        for (int attempt = 1; ; attempt++) {
            try {
                return repair.mend(connection, where) > 0;
            } catch (SQLException e) {
                if (e.getErrorCode() == LOCK_WAIT_TIMEOUT || e.getErrorCode() == DEADLOCK) {
                    pause(row, attempt);
                } else if (isOfTheRow(e)) {
                    listener.on(new Progress.Warning(
                            "row " + key.shown(row) + " of " + change.change().table()
                                    + " was written without the driver and cannot be mended; the server says: "
                                    + SqlFailure.shown(e) + "; write its right side through the driver"));
                    return false;
                } else {
                    throw e;
                }
            }
        }
    }

    /** The same SQL as the backfill's, for one mapping alone. */
    private Repair repair(Job job) {
        Change one = new Change(
                change.change().id(),
                change.change().table(),
                List.of(job.mapping().mapping()),
                change.change().acceptsLossy());
        ChangeState state =
                new ChangeState(one, change.before(), change.stage(), change.direction(), change.readPercent());
        return new Repair(dialect, state, key, job.target());
    }

    private void pause(List<String> row, int attempt) {
        if (attempt == ATTEMPTS_MAX) {
            throw MigrationException.stopped("stopped: row " + key.shown(row) + " of "
                    + change.change().table() + ", which was written without the driver, was locked at " + ATTEMPTS_MAX
                    + " attempts to mend it; end the long transaction, then run the same command again");
        }
        cancel.pause(RETRY_PAUSE);
    }

    /** A value that the other side does not take, as against a session that is gone. */
    private static boolean isOfTheRow(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("22") || state.startsWith("23") || e.getErrorCode() == 3819 || e.getErrorCode() == 4025;
    }
}
