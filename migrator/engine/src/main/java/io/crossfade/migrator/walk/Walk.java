package io.crossfade.migrator.walk;

import io.crossfade.migrator.chunk.ChunkSize;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.chunk.Position;
import io.crossfade.migrator.session.Silence;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.state.Checkpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Goes through a table chunk by chunk, up to the key that was the greatest when the walk began: rows that come later are
 * written by clients that write both sides.
 *
 * <p>One thread at a time.
 */
public final class Walk {

    /** A chunk that gets nowhere so often in a row meets something that does not go away by itself. */
    private static final int ATTEMPTS_MAX = 60;

    /** The pause before the next attempt grows by this each time, up to {@link #RETRY_PAUSE_MAX}. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

    private static final Duration RETRY_PAUSE_MAX = Duration.ofSeconds(2);

    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;

    private final Connection connection;
    private final Key key;
    private final long rowsTotal;
    private final Pacing pacing;
    private final Throttles throttles;
    private final Cancel cancel;
    private final Listener listener;

    /**
     * @param connection in manual commit, READ COMMITTED
     * @param rowsTotal an estimate, for the time left
     */
    public Walk(
            Connection connection,
            Key key,
            long rowsTotal,
            Pacing pacing,
            Throttles throttles,
            Cancel cancel,
            Listener listener) {
        this.connection = connection;
        this.key = key;
        this.rowsTotal = rowsTotal;
        this.pacing = pacing;
        this.throttles = throttles;
        this.cancel = cancel;
        this.listener = listener;
    }

    /** What is done with each chunk. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * Handles one chunk in the open transaction; the walk commits. It is called again, in a transaction of its own, until it has
         * handled the whole of it.
         *
         * @param isAgain whether a visit before this one did not do all of it: somebody holds rows of it
         */
        Visit visit(KeyRange range, boolean isAgain) throws SQLException;
    }

    /**
     * What was done to a chunk in one transaction.
     *
     * @param changed how many rows
     * @param isWhole whether the walk may go on
     */
    public record Visit(long changed, boolean isWhole) {

        public static Visit whole(long changed) {
            return new Visit(changed, true);
        }
    }

    /** Writes a checkpoint within the open transaction. */
    @FunctionalInterface
    public interface Saver {
        void save(Checkpoint checkpoint) throws SQLException;
    }

    /** Goes on from a checkpoint to the end of the table; gives the last checkpoint. */
    public Checkpoint run(Checkpoint from, Visitor visitor, Saver saver) throws SQLException {
        Checkpoint at = from;
        if (at.isDone()) {
            return at;
        }
        Silence silence = Silence.of(connection);
        Optional<Position> start = start(at);
        // Waits are outside of transactions.
        connection.commit();
        if (start.isEmpty()) {
            return finish(at, saver);
        }
        Position position = start.get();
        ChunkSize size = new ChunkSize(pacing.chunk(), pacing.rowsMin(), pacing.rowsMax());
        long beganNanos = System.nanoTime();
        while (!position.done().equals(position.end())) {
            cancel.check();
            holdBack(silence);
            Checkpoint before = at;
            Position here = position;
            int rows = size.rows();
            long chunkNanos = System.nanoTime();
            KeyRange range = key.next(connection, here.done(), here.end(), rows);
            position = here.at(range.upTo());
            long rowsHere = range.upTo().equals(here.end()) ? key.count(connection, range) : rows;
            at = retrying(silence, before, position, range, rowsHere, visitor, saver);
            Duration took = Duration.ofNanos(System.nanoTime() - chunkNanos);
            size.took(took);
            listener.on(rows(at, before, from, size, beganNanos));
            if (!position.done().equals(position.end())) {
                Duration rest = pacing.rest(rows, took);
                silence.during(rest, () -> cancel.pause(rest));
            }
        }
        return finish(at, saver);
    }

    private Optional<Position> start(Checkpoint at) throws SQLException {
        if (!at.position().isEmpty()) {
            return Optional.of(Position.read(at.position()));
        }
        return key.last(connection).map(end -> new Position(List.of(), end));
    }

    private Checkpoint finish(Checkpoint at, Saver saver) throws SQLException {
        Checkpoint done = new Checkpoint(at.task(), at.position(), true, at.rowsSeen(), at.rowsChanged());
        saver.save(done);
        connection.commit();
        listener.on(new Progress.Rows(at.task(), at.rowsSeen(), at.rowsSeen(), at.rowsChanged(), 0, 0, true));
        return done;
    }

    /** One chunk and its checkpoint in one transaction; in several where it meets somebody's locks. */
    private Checkpoint retrying(
            Silence silence,
            Checkpoint before,
            Position position,
            KeyRange range,
            long rows,
            Visitor visitor,
            Saver saver)
            throws SQLException {
        Checkpoint begun = before;
        boolean isAgain = false;
        int attempt = 0;
        while (true) {
            boolean isProgress = false;
            try {
                Visit visit = visitor.visit(range, isAgain);
                long changed = begun.rowsChanged() + visit.changed();
                if (visit.isWhole()) {
                    Checkpoint after =
                            new Checkpoint(begun.task(), position.text(), false, begun.rowsSeen() + rows, changed);
                    saver.save(after);
                    connection.commit();
                    return after;
                }
                if (visit.changed() > 0) {
                    Checkpoint part = new Checkpoint(begun.task(), begun.position(), false, begun.rowsSeen(), changed);
                    saver.save(part);
                    connection.commit();
                    begun = part;
                    // More than there are means the same ones again.
                    isProgress = changed - before.rowsChanged() <= rows;
                } else {
                    connection.commit();
                }
            } catch (SQLException e) {
                connection.rollback();
                if (e.getErrorCode() != LOCK_WAIT_TIMEOUT && e.getErrorCode() != DEADLOCK) {
                    throw e;
                }
            }
            isAgain = true;
            attempt = isProgress ? 0 : attempt + 1;
            awaitVisit(silence, attempt, before);
        }
    }

    /** Waits before the next visit of a chunk, the longer the more of them in a row got nowhere. */
    private void awaitVisit(Silence silence, int attempt, Checkpoint at) throws SQLException {
        if (attempt == ATTEMPTS_MAX) {
            throw MigrationException.stopped("stopped: " + at.task() + " of " + key.quotedTable()
                    + "; a chunk met locks of other transactions, or rows that differ whatever is written, "
                    + ATTEMPTS_MAX
                    + " times in a row; end the long transaction and run the same command again");
        }
        if (attempt > 0) {
            Duration pause = RETRY_PAUSE.multipliedBy(attempt);
            cancel.pause(pause.compareTo(RETRY_PAUSE_MAX) < 0 ? pause : RETRY_PAUSE_MAX);
        }
        cancel.check();
        holdBack(silence);
    }

    private void holdBack(Silence silence) throws SQLException {
        if (throttles.reason().isPresent()) {
            silence.during(throttles::await);
        }
    }

    private Progress rows(Checkpoint at, Checkpoint before, Checkpoint from, ChunkSize size, long beganNanos) {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        double rate = (at.rowsSeen() - from.rowsSeen()) / Math.max(seconds, 1e-3);
        return new Progress.Rows(before.task(), at.rowsSeen(), rowsTotal, at.rowsChanged(), size.rows(), rate, false);
    }
}
