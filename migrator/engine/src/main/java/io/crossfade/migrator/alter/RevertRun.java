package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.cutover.Attempt;
import io.crossfade.migrator.cutover.CutOver;
import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.cutover.Swap;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.revert.Replay;
import io.crossfade.migrator.revert.Revertibility;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way back: what was written to the new table since the cut-over is carried into the old one, in the log's order, and the
 * names are exchanged once more. One thread at a time.
 */
final class RevertRun {

    /** A ghost that is further behind would not be brought up to date while writers wait. */
    private static final Duration BEHIND_MAX = Duration.ofMillis(60);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Site site;
    private final Endpoint endpoint;
    private final Markers markers = new Markers(System.currentTimeMillis() * 1000);
    private volatile long rowsCarried;
    private volatile String position = "";
    private @Nullable Replay replay;
    private long seen;

    RevertRun(Site site, Endpoint endpoint) {
        this.site = site;
        this.endpoint = endpoint;
    }

    void run() throws SQLException {
        if (site.request().tables().size() != 1) {
            throw MigrationException.refused(
                    "cannot revert several tables at once; name them one after the other, the last"
                            + " one of an atomic change too");
        }
        TableAlter asked = site.request().tables().get(0);
        try (Claim claim = Claim.take(site.connections().open(), asked.table());
                Connection control = site.sessions().open()) {
            claim.check();
            if (isExchanged(control, asked)) {
                return;
            }
            Reverting reverting = Reverting.find(control, site, asked);
            Revertibility verdict = Revertibility.of(control, reverting.change(), reverting.from());
            if (!verdict.isPossible()) {
                throw MigrationException.refused(
                        "cannot revert table \"" + asked.table() + "\"; " + String.join("; ", verdict.reasons()));
            }
            site.listener().on(new Progress.Reached(Milestone.VALIDATED));
            revert(control, reverting);
        }
    }

    /** An earlier run exchanged the names and was ended before it could say so. */
    private boolean isExchanged(Connection control, TableAlter asked) throws SQLException {
        GhostNames names = GhostNames.of(asked, site.request().rules(), Instant.now());
        CheckpointTable checkpoints = new CheckpointTable(site.server().dialect(), names.checkpoint());
        Optional<AlterCheckpoint> checkpoint = checkpoints.read(control).filter(c -> c.step() == Step.REVERTING);
        if (checkpoint.isEmpty()) {
            return false;
        }
        TableName old = new TableName(asked.table().schema(), checkpoint.get().old());
        Outcome outcome = cutOver().outcomeOf(List.of(new Swap(names.table(), old, names.ghost())));
        if (outcome == Outcome.UNKNOWN) {
            throw MigrationException.stopped("stopped: whether the names were exchanged cannot be asked of the server;"
                    + " run the same command again when it answers");
        }
        if (outcome == Outcome.DONE) {
            checkpoints.save(control, checkpoint.get().at(Step.REVERTED));
            Heart.dropTable(control, names.changeLog());
            site.listener().on(new Progress.Note("the names were exchanged by an earlier run; the table is reverted"));
        }
        return outcome == Outcome.DONE;
    }

    private CutOver cutOver() {
        Bounds bounds = site.request().bounds();
        return CutOver.of(
                site.connections(),
                site.server(),
                new Limits(bounds.writersHeldMax(), bounds.retries(), bounds.cutOverPauseMax(), bounds.killsBlockers()),
                site.listener());
    }

    private void revert(Connection control, Reverting reverting) throws SQLException {
        TableName markerTable = reverting.names().changeLog();
        Heart.createTable(control, markerTable);
        Table live =
                new Table(reverting.names().table(), reverting.change().ghost().columns());
        Table marker = new CatalogReader(control).table(markerTable).orElseThrow();
        CheckpointTable checkpoints =
                new CheckpointTable(site.server().dialect(), reverting.names().checkpoint());
        AlterCheckpoint base = reverting.checkpoint().at(Step.REVERTING).by(site.id());
        try (Lane heartLane = site.lane("the heartbeat", site.sessions()::open);
                Connection writer = site.sessions().openManual();
                ChangeLog log = BinlogChangeLog.open(
                        endpoint,
                        reverting.from(),
                        Map.of(live.name(), live, markerTable, marker),
                        site.server().dialect(),
                        site.stop())) {
            Heart heart = new Heart(heartLane, markerTable, markers, site.stop(), Heart.Proof.NONE);
            Replay carrying = Replay.on(writer, site.server().dialect(), reverting.change(), (c, at) -> {
                checkpoints.save(c, base.from(at));
                position = at.shown();
            });
            replay = carrying;
            checkpoints.save(writer, base);
            writer.commit();
            exchange(log, heart, reverting);
            checkpoints.save(control, base.at(Step.REVERTED));
        }
        Heart.dropTable(control, markerTable);
        site.listener()
                .on(new Progress.Note("reverted; the new structure is kept, with its rows, as "
                        + reverting.names().ghost() + "; drop it when it is of no use any more"));
    }

    private void exchange(ChangeLog log, Heart heart, Reverting reverting) throws SQLException {
        GhostNames names = reverting.names();
        List<Swap> swaps = List.of(new Swap(names.table(), names.old(), names.ghost()));
        Attempt attempt = cutOver()
                .attemptUntilDone(
                        swaps,
                        (writer, atMost) -> drain(log, heart, reverting, writer, atMost),
                        atLeast -> meanwhile(log, heart, atLeast));
        if (attempt.outcome() == Outcome.UNKNOWN) {
            throw MigrationException.stopped("stopped: whether the names were exchanged is unknown; " + attempt.reason()
                    + "; run the same command again when the server answers: it will find out");
        }
    }

    /** Carries until it is up to now, for at least this long. */
    private void meanwhile(ChangeLog log, Heart heart, Duration atLeast) throws SQLException {
        long untilNanos = System.nanoTime() + atLeast.toNanos();
        boolean isFirst = true;
        while (isFirst || System.nanoTime() < untilNanos || site.controls().isPostponed()) {
            isFirst = false;
            while (!carry(log, carrying(), heart.beat(), BEHIND_MAX)) {
                site.operator().check();
            }
            site.operator().pause(LOOK);
        }
        if (!site.controls().isPostponed()) {
            site.listener().on(new Progress.Reached(Milestone.BEFORE_CUT_OVER));
        }
    }

    private Replay carrying() {
        Replay carrying = replay;
        if (carrying == null) {
            throw new IllegalStateException("not begun");
        }
        return carrying;
    }

    /** With the tables locked only the session that holds the locks may write, and only to them: positions are saved later. */
    private boolean drain(ChangeLog log, Heart heart, Reverting reverting, Connection writer, Duration atMost)
            throws SQLException {
        long number = heart.beat();
        if (!site.server().renamesUnderLock()) {
            // The old table is not locked, so the session that carries may go on.
            return carry(log, carrying(), number, atMost);
        }
        writer.setAutoCommit(false);
        Replay last = Replay.on(writer, site.server().dialect(), reverting.change(), (c, at) -> position = at.shown());
        return carry(log, last, number, atMost);
    }

    /** Carries events until this marker comes; false where it does not within this time, after the end of a transaction. */
    private boolean carry(ChangeLog log, Replay to, long number, Duration atMost) throws SQLException {
        long untilNanos = System.nanoTime() + atMost.toNanos();
        boolean isBetween = true;
        while (seen < number || !isBetween) {
            if (isBetween && System.nanoTime() > untilNanos) {
                return false;
            }
            LogEvent event = log.next(LOOK);
            if (event == null) {
                continue;
            }
            if (event instanceof LogEvent.Changed changed && isMarker(changed)) {
                Row after = changed.after();
                if (after != null && after.value(1) instanceof Long value) {
                    seen = value;
                }
            } else {
                rowsCarried = event instanceof LogEvent.Changed ? rowsCarried() + 1 : rowsCarried();
                to.on(event);
            }
            isBetween = !(event instanceof LogEvent.Changed);
        }
        return true;
    }

    private boolean isMarker(LogEvent.Changed changed) {
        return !changed.table().isSame(site.request().tables().get(0).table());
    }

    private long rowsCarried() {
        return rowsCarried;
    }

    Status status(Duration elapsed) {
        return new Status(
                "reverting",
                0,
                0,
                rowsCarried,
                0,
                0,
                0,
                elapsed,
                Duration.ZERO,
                position,
                markers.lag().toMillis(),
                "",
                Duration.ofSeconds(-1),
                0);
    }
}
