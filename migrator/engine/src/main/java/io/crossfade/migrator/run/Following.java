package io.crossfade.migrator.run;

import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.LogSettings;
import io.crossfade.migrator.follow.FollowPlace;
import io.crossfade.migrator.follow.Follower;
import io.crossfade.migrator.mysql.NamedLock;
import io.crossfade.migrator.mysql.PrimaryKey;
import io.crossfade.migrator.mysql.StoredColumns;
import io.crossfade.migrator.mysql.Switches;
import io.crossfade.migrator.session.Silence;
import io.crossfade.migrator.session.Voice;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.migrator.stream.ServerHistory;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.ChangeState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the change log for writers without the driver, from command to command: each reads it from where the one before has ended.
 * It begins where both sides are written by every client: at dualwrite behind the fence, and on the way back at rampdown behind the
 * fence. Where the log cannot be had that is said, and nothing else is held up by it.
 *
 * <p>Confined to the thread of the run.
 */
final class Following {

    /** Two that read from one place would count twice; each lets go at the end of its round. */
    private static final int LOCK_WAIT_SECONDS = 60;

    private static final int ACCESS_DENIED = 1044;

    private final Session session;
    private @Nullable Connection work;
    private @Nullable Voice voice;
    private @Nullable Follower follower;
    private @Nullable ChangeState followed;

    /** How far a look at the log came. */
    enum Reach {
        /** All that was written before now is known. */
        NOW,
        /** From now on it is followed; of what was written before, a comparison of all rows alone can tell. */
        ANEW,
        /** It is not followed. */
        OFF
    }

    Following(Session session) {
        this.session = session;
    }

    /** Whether clients that arrive at this stage of a change now write both sides, and some did not before. */
    static boolean beginsAt(ChangeState change) {
        return change.stage() == Stage.DUALWRITE && change.direction() == Direction.FORWARD
                || change.stage() == Stage.RAMPDOWN && change.direction() == Direction.BACK;
    }

    /** Whether every client is known to write both sides. */
    static boolean isFollowed(ChangeRow row) {
        return row.isOpen()
                && row.state().stage().writesBoth()
                && (!beginsAt(row.state()) || row.step().equals(Stages.FENCED));
    }

    /** Takes the place from which the log will be read; the caller knows that no client is left that writes one side. */
    Reach begin(ChangeRow row) throws SQLException {
        Optional<String> obstacle = obstacle(row);
        if (obstacle.isPresent()) {
            warn("writers without the driver are not watched for: " + obstacle.get()
                    + "; what they write is found by `crossfade verify` alone");
            FollowPlace.off(obstacle.get()).save(session.store(), id(row));
            return Reach.OFF;
        }
        // The change may have been opened by an older version, which counts nobody.
        session.store().install();
        FollowPlace.begin(session.control(), session.server().dialect()).save(session.store(), id(row));
        return Reach.ANEW;
    }

    /** Why the log cannot be followed; empty where it can. */
    Optional<String> obstacle(ChangeRow row) throws SQLException {
        Endpoint log = session.settings().log();
        if (log == null) {
            return Optional.of("the URL does not name the one host whose change log is to be read");
        }
        Optional<String> seen = LogSettings.look(session.control(), table(row), Switches.NONE).stream()
                .filter(Finding::isFatal)
                .map(Finding::seen)
                .findFirst();
        return seen.isPresent() ? seen : refused(log);
    }

    /** What is found out by doing it. */
    private Optional<String> refused(Endpoint log) throws SQLException {
        try (Statement s = session.control().createStatement()) {
            s.execute("CREATE TEMPORARY TABLE `_crossfade_images` (n INT)");
            s.execute("DROP TEMPORARY TABLE `_crossfade_images`");
        } catch (SQLException e) {
            if (e.getErrorCode() != ACCESS_DENIED) {
                throw e;
            }
            return Optional.of("the migrator's user lacks CREATE TEMPORARY TABLES on the database");
        }
        try {
            LogPosition end = LogPosition.current(session.control());
            BinlogChangeLog.open(log, end, Map.of(), session.server(), new Cancel())
                    .close();
            return Optional.empty();
        } catch (MigrationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Reads the log up to now: counts what was written past the driver, and mends it. */
    Reach catchUp(ChangeRow row) throws SQLException {
        if (!isFollowed(row) || session.settings().log() == null) {
            return Reach.OFF;
        }
        session.cancel().check();
        session.listener().on(new Progress.Began("follow the change log"));
        try {
            return round(row);
        } finally {
            end();
        }
    }

    /** The same, and keeps the log open for the next round; {@link #end} closes it. */
    Reach round(ChangeRow row) throws SQLException {
        Connection work = opened();
        NamedLock lock = NamedLock.ofChange(work, "crossfade-log", id(row));
        if (!lock.take(LOCK_WAIT_SECONDS)) {
            throw MigrationException.stopped("stopped: somebody else has been following the change log of change "
                    + id(row) + " for " + LOCK_WAIT_SECONDS
                    + " s without a pause" + lock.holder()
                    + "; wait until it has caught up, then run the same command again");
        }
        Optional<FollowPlace> kept = FollowPlace.of(session.store(), id(row));
        LogPosition from = kept.map(FollowPlace::position).orElse(null);
        Reach reach = kept.isEmpty() || from == null ? begin(row) : follow(work, row, kept.get(), from);
        lock.release();
        return reach;
    }

    private Connection opened() throws SQLException {
        Connection open = work;
        if (open == null) {
            open = session.connections().open();
            work = open;
            // Where it is lost the next statement there says so.
            voice = Voice.on(open, Silence.IN_TRANSACTION_MAX, () -> {});
        }
        return open;
    }

    private Reach follow(Connection open, ChangeRow row, FollowPlace kept, LogPosition from) throws SQLException {
        // First the end, then the stage: what stands before the end was written at this stage or before it.
        long targetMillis = FollowPlace.millis(session.control());
        LogPosition target = LogPosition.current(session.control());
        ChangeRow now = session.store().changes().find(id(row)).orElse(row);
        if (!isFollowed(now)) {
            return Reach.OFF;
        }
        try {
            Follower reader = reader(open, now, kept, from);
            long foundBefore = reader.found();
            long mendedBefore = reader.mended();
            reader.catchUp(target, targetMillis);
            if (reader.found() > foundBefore) {
                session.listener()
                        .on(new Progress.Note((reader.found() - foundBefore)
                                + " row changes were written without the driver; " + (reader.mended() - mendedBefore)
                                + " rows were mended; `crossfade status " + id(row) + "` shows who wrote them"));
            }
            return Reach.NOW;
        } catch (MigrationException e) {
            if (e.kind() == MigrationException.Kind.STOPPED) {
                if (follower != null || session.cancel().isRequested()) {
                    throw e;
                }
                // The database answers and its log does not: that holds nothing else up, and the place is kept.
                warn("the change log was not followed this time: " + e.getMessage());
                return Reach.OFF;
            }
            return anew(now, String.valueOf(e.getMessage()));
        }
    }

    /** The one of the round before, where nobody else has read on meanwhile and the change stands as it did; else a new one. */
    private Follower reader(Connection open, ChangeRow row, FollowPlace kept, LogPosition from) throws SQLException {
        Follower last = follower;
        if (last != null && kept.equals(last.place()) && row.state().equals(followed)) {
            return last;
        }
        if (last != null) {
            last.close();
            follower = null;
        }
        Optional<String> gap = gap(kept, from);
        Endpoint log = session.settings().log();
        if (gap.isPresent() || log == null) {
            throw MigrationException.refused(gap.orElse("the server whose log is to be read is not known"));
        }
        ServerHistory history = kept.history();
        boolean isHere = history == null || history.isOf(session.control());
        Table table = table(row);
        Follower next = Follower.open(
                open,
                session.server(),
                row.state(),
                table,
                PrimaryKey.of(session.control(), session.server().dialect(), table),
                isHere ? kept : kept.from(from.onAnotherServer()),
                log,
                session.cancel(),
                session.listener());
        follower = next;
        followed = row.state();
        return next;
    }

    /** Closes the log and its session. */
    void end() throws SQLException {
        Follower open = follower;
        follower = null;
        if (open != null) {
            open.close();
        }
        Voice speaking = voice;
        voice = null;
        if (speaking != null) {
            speaking.close();
        }
        Connection session = work;
        work = null;
        if (session != null) {
            session.close();
        }
    }

    /** Why this server's log cannot be read on from there; empty where it can. */
    private Optional<String> gap(FollowPlace kept, LogPosition from) throws SQLException {
        ServerHistory history = kept.history();
        if (history != null && !history.isOf(session.control())) {
            return history.obstacle(session.control(), from);
        }
        return from.purgedTo(session.control())
                .map(first -> "the place that was kept, " + from.shown() + ", is not in it any more; it begins with "
                        + first);
    }

    private Reach anew(ChangeRow row, String why) throws SQLException {
        warn("the change log of " + row.state().change().table() + " was not followed to the end: " + why
                + "; it is followed from now on, and what was written before is found by `crossfade verify` alone");
        return begin(row);
    }

    private Table table(ChangeRow row) throws SQLException {
        Table table = new CatalogReader(session.control())
                .table(row.state().change().table())
                .orElseThrow(() -> MigrationException.refused("table "
                        + row.state().change().table() + " is gone since change " + id(row)
                        + " was opened; bring it back"
                        + " or close the change"));
        return StoredColumns.of(session.control(), session.server(), table);
    }

    private static String id(ChangeRow row) {
        return row.state().change().id();
    }

    private void warn(String text) {
        session.listener().on(new Progress.Warning(text));
    }
}
