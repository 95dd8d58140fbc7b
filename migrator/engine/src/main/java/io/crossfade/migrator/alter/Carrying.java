package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.KeyReader;
import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.Clause;
import io.crossfade.migrator.revert.PositionSaver;
import io.crossfade.migrator.revert.Replay;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.Presence;
import io.crossfade.migrator.session.Silence;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Carries the log of the new table into the old one. Whichever session carries, rows and the log's position are committed
 * together; so the saved position alone says what has been carried. When anything fails, also a commit from which no answer
 * came, what was read is forgotten, and the log is read from the saved position again, as by a new run: no event is left out and
 * none is carried twice.
 *
 * <p>One thread at a time, but for {@link #rows}, {@link #backlog}, {@link #backlogMax} and {@link #position}.
 */
final class Carrying implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(20);

    /** An ALTER that may take rows away, or bring some: of partitions, tablespaces or the whole table. */
    private static final Pattern ROWS =
            Pattern.compile("\\b(PARTITION|PARTITIONING|TABLESPACE|RENAME)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern DROPS_INDEX = Pattern.compile("\\s*DROP\\s+INDEX\\b", Pattern.CASE_INSENSITIVE);

    private final Site site;
    private final Endpoint endpoint;
    private final Reverting reverting;
    private final Markers markers;
    private final AlterCheckpoint checkpoint;
    private final CheckpointTable checkpoints;
    private final KeyReader keys;
    private volatile long rows;
    private volatile String position = "";
    private volatile @Nullable Reading reading;
    private boolean hasFailed;
    private Set<List<String>> watched = Set.of();
    private final Set<List<String>> came = new HashSet<>();

    /** The log from a saved position on, and the session that carries it while no table is locked. */
    private record Reading(ChangeLog log, Connection writer, Replay replay, Silence silence, Presence presence) {}

    /**
     * @param checkpoint what is saved, but for the position
     */
    Carrying(Site site, Endpoint endpoint, Reverting reverting, Markers markers, AlterCheckpoint checkpoint) {
        this.site = site;
        this.endpoint = endpoint;
        this.reverting = reverting;
        this.markers = markers;
        this.checkpoint = checkpoint;
        this.checkpoints =
                new CheckpointTable(site.server().dialect(), reverting.names().checkpoint());
        this.keys = new KeyReader(reverting.change().ghost(), reverting.change().ghostKey());
    }

    /** Carries until this marker comes and the old table has all rows; false where it does not within this time, after the end of a transaction. */
    boolean carry(long marker, Duration atMost) throws SQLException {
        Reading now = reading();
        boolean isUpToDate = carry(now.log, now.replay, marker, atMost);
        now.replay.check();
        return isUpToDate;
    }

    /** Waits with nothing open, for as long as it takes: the server would end the session that carries. */
    void rest(Runnable wait) throws SQLException {
        Reading now = reading;
        if (now == null || hasFailed) {
            wait.run();
        } else {
            now.silence.during(wait);
        }
    }

    /**
     * Carries while the tables are locked.
     *
     * @param writer the session that may write; where it holds the locks, it holds the one of the checkpoints too
     */
    boolean carry(Connection writer, long marker, Duration atMost) throws SQLException {
        Reading now = reading;
        if (now == null || hasFailed) {
            // The saved position cannot be asked for while the checkpoints are locked.
            return false;
        }
        if (!site.server().renamesUnderLock()) {
            // The old table is not locked, so the session that carries may go on.
            return carry(now.log, now.replay, marker, atMost);
        }
        writer.setAutoCommit(false);
        return carry(now.log, replay(writer), marker, atMost);
    }

    private boolean carry(ChangeLog log, Replay to, long marker, Duration atMost) throws SQLException {
        long untilNanos = System.nanoTime() + atMost.toNanos();
        boolean isBetween = true;
        boolean isGood = false;
        try {
            while (!isBetween || markers.awaitSeen(marker, Duration.ZERO) < 0) {
                if (isBetween && System.nanoTime() > untilNanos) {
                    to.commit();
                    isGood = true;
                    return false;
                }
                site.operator().check();
                site.stop().check();
                // A transaction on other tables may come down the log for minutes.
                speak();
                LogEvent event = log.next(LOOK);
                if (event != null) {
                    take(event, to);
                    isBetween = !(event instanceof LogEvent.Changed);
                }
            }
            to.commit();
            boolean hasAll = to.settle(untilNanos);
            isGood = true;
            return hasAll;
        } finally {
            hasFailed = !isGood;
        }
    }

    private void speak() throws SQLException {
        Reading now = reading;
        if (now != null) {
            now.presence.on(now.writer);
        }
    }

    private void take(LogEvent event, Replay to) throws SQLException {
        if (event instanceof LogEvent.Changed changed) {
            if (changed.table().isSame(reverting.names().changeLog())) {
                Row after = changed.after();
                if (after != null && after.value(1) instanceof Long number) {
                    markers.seen(number, 0);
                }
                return;
            }
            rows = rows() + 1;
            see(changed.before());
            see(changed.after());
        } else if (event instanceof LogEvent.Statement statement) {
            check(statement);
        }
        to.on(event);
    }

    private void see(@Nullable Row image) {
        if (image != null && !watched.isEmpty() && !keys.hasNull(image)) {
            List<String> key = keys.key(image);
            if (watched.contains(key)) {
                came.add(key);
            }
        }
    }

    /** From now on remembers which of these rows come down the log, until another watch. */
    void watch(Collection<List<String>> rowsToSee) {
        watched = Set.copyOf(rowsToSee);
        came.clear();
    }

    /** The watched rows that have come. */
    Set<List<String>> came() {
        return Set.copyOf(came);
    }

    /** What such a statement does to the rows is not in the log. */
    private void check(LogEvent.Statement statement) {
        SchemaStatement read = SchemaStatement.read(site.server(), statement.schema(), statement.sql());
        boolean isHarmless = read.verb().equals("CREATE")
                || DROPS_INDEX.matcher(statement.sql()).lookingAt()
                || (read.verb().equals("ALTER") && leavesImagesAlone(statement.sql()));
        if (read.changes(reverting.names().table()) && !isHarmless) {
            throw MigrationException.stopped(
                    "stopped: revert of " + reverting.names().table()
                            + "; since the cut-over somebody changed it with " + read.verb()
                            + ", and what that did to its rows the change log does not tell; both tables are as they were; stay with the new"
                            + " structure, or change it back with another ALTER");
        }
    }

    /** Whether rows stay what they are, and their images in the log are read as before: an index more or less, another default. */
    private boolean leavesImagesAlone(String sql) {
        if (ROWS.matcher(sql).find()) {
            return false;
        }
        try {
            return AlterText.read(
                            site.server(), new TableAlter(reverting.names().table(), sql))
                    .clauses()
                    .stream()
                    .allMatch(c -> c instanceof Clause.ColumnDefault
                            || c instanceof Clause.AddCheck
                            || c instanceof Clause.NamedCheck
                            || c instanceof Clause.Options
                            || (c instanceof Clause.AddIndex index
                                    && !index.kind().equals("PRIMARY"))
                            || (c instanceof Clause.DropIndex index
                                    && !index.index().equals("PRIMARY")));
        } catch (MigrationException e) {
            // What is not understood may be anything.
            return false;
        }
    }

    /** Opens what is not open, and anew what has failed. No table may be locked meanwhile. */
    private Reading reading() throws SQLException {
        Reading now = reading;
        if (now != null && !hasFailed) {
            return now;
        }
        close();
        Reading next = open();
        reading = next;
        hasFailed = false;
        return next;
    }

    private Reading open() throws SQLException {
        TableName live = reverting.names().table();
        Connection writer = site.sessions().openManual();
        try {
            Duration silenceMax = site.request().bounds().log().silenceMax();
            Silence silence = Silence.of(writer, silenceMax);
            silence.bound();
            Table marker = new CatalogReader(writer)
                    .table(reverting.names().changeLog())
                    .orElseThrow();
            LogPosition from = goOn(writer);
            Replay replay = replay(writer);
            Table ghost = reverting.change().ghost();
            ChangeLog log = BinlogChangeLog.open(
                    endpoint,
                    from,
                    Map.of(live, ghost.called(live), marker.name(), marker),
                    site.server(),
                    site.stop());
            return new Reading(log, writer, replay, silence, new Presence(silenceMax));
        } catch (SQLException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** Where to go on from, when nobody is committing another place any more; from now on it is this run's. */
    private LogPosition goOn(Connection writer) throws SQLException {
        AlterCheckpoint before = checkpoints.readLocked(writer).orElseThrow();
        checkpoints.save(writer, checkpoint.from(before.position()));
        writer.commit();
        return Objects.requireNonNull(before.position(), "a change that is done has a position");
    }

    private Replay replay(Connection writer) throws SQLException {
        return Replay.on(
                writer,
                site.server().dialect(),
                reverting.change(),
                reverting.names().parked(),
                saver());
    }

    private PositionSaver saver() {
        return (connection, at) -> {
            checkpoints.save(connection, checkpoint.from(at));
            position = at.shown();
        };
    }

    /** Row changes that were carried; those of a transaction that was begun again count twice. */
    long rows() {
        return rows;
    }

    /** Events that were read and wait. */
    int backlog() {
        Reading now = reading;
        return now == null ? 0 : now.log.backlog();
    }

    int backlogMax() {
        Reading now = reading;
        return now == null ? 0 : now.log.backlogMax();
    }

    /** How far it is, as {@code file:offset}. */
    String position() {
        return position;
    }

    /** Gives up what has not been committed. */
    @Override
    public void close() throws SQLException {
        Optional<Reading> open = Optional.ofNullable(reading);
        reading = null;
        if (open.isPresent()) {
            open.get().log.close();
            open.get().writer.close();
        }
    }
}
