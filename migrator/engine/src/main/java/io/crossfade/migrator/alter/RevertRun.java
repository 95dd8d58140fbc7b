package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.cutover.Attempt;
import io.crossfade.migrator.cutover.CutOver;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.cutover.Swap;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.NextNumber;
import io.crossfade.migrator.revert.Narrowing;
import io.crossfade.migrator.revert.Parked;
import io.crossfade.migrator.revert.Revertibility;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private final Markers markers = Markers.ofOneRun();
    private volatile @Nullable Carrying carrying;
    private volatile @Nullable ComparingBack comparing;
    private volatile @Nullable GhostNames names;

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
        try (Claims claims = Claims.take(site.connections(), site.request());
                Connection control = site.sessions().open()) {
            claims.check();
            if (isExchanged(control, asked)) {
                return;
            }
            Reverting reverting = Reverting.find(control, site, asked);
            names = reverting.names();
            Revertibility verdict = reverting.verdict(control);
            if (!verdict.isPossible()) {
                throw MigrationException.refused(
                        "cannot revert table \"" + asked.table() + "\"; " + String.join("; ", verdict.reasons()));
            }
            lookAtRows(control, reverting);
            site.listener().on(new Progress.Reached(Milestone.VALIDATED));
            revert(control, claims, reverting);
        }
    }

    /** Before anything is replayed: a row that does not fit would stop that half-way. */
    private void lookAtRows(Connection control, Reverting reverting) throws SQLException {
        Narrowing.Found found = new Narrowing(reverting.change()).look(control, site::check);
        if (!found.reasons().isEmpty()) {
            throw MigrationException.refused(
                    "cannot revert table \"" + reverting.names().table() + "\"; " + String.join("; ", found.reasons()));
        }
        if (!found.isWhole()) {
            site.listener()
                    .on(new Progress.Warning("whether every row fits the old table's definition is not known: the rows"
                            + " were looked at for a minute, and not to the end; one that does not fit, if it was written"
                            + " since the cut-over, stops the way back before the names are exchanged"));
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
        Outcome outcome = cutOver(List.of(), Gate.NONE).outcomeOf(List.of(new Swap(names.table(), old, names.ghost())));
        if (outcome == Outcome.UNKNOWN) {
            throw MigrationException.stopped("stopped: whether the names were exchanged cannot be asked of the server;"
                    + " run the same command again when it answers");
        }
        if (outcome == Outcome.DONE) {
            checkpoints.save(control, checkpoint.get().at(Step.REVERTED));
            Heart.dropTable(control, names.changeLog());
            Parked.drop(control, site.server().dialect(), names.parked());
            site.listener().on(new Progress.Note("the names were exchanged by an earlier run; the table is reverted"));
        }
        return outcome == Outcome.DONE;
    }

    /**
     * @param beside what is written beside the old table while the locks are held
     * @param gate keeps clients away meanwhile
     */
    private CutOver cutOver(List<TableName> beside, Gate gate) {
        return CutOver.of(
                site.connections(), site.server(), site.request().bounds().cutOver(), beside, gate, site.listener());
    }

    private void revert(Connection control, Claims claims, Reverting reverting) throws SQLException {
        TableName markerTable = reverting.names().changeLog();
        Heart.createTable(control, markerTable);
        Parked.create(
                control,
                site.server().dialect(),
                reverting.change(),
                reverting.names().parked(),
                reverting.checkpoint().step() != Step.REVERTING);
        CheckpointTable checkpoints =
                new CheckpointTable(site.server().dialect(), reverting.names().checkpoint());
        AlterCheckpoint base = reverting.checkpoint().at(Step.REVERTING).by(site.id());
        try (Lane heartLane = site.lane("the heartbeat", site.sessions()::open);
                Carrying carried = new Carrying(site, endpoint, reverting, markers, base);
                Crew crew = new Crew(site.stop())) {
            carrying = carried;
            Heart heart = new Heart(heartLane, markerTable, markers, site.stop(), Heart.Proof.NONE);
            crew.start("claims", () -> claims.watch(site.stop()));
            compare(reverting, carried, heart);
            exchange(reverting, carried, heart, claims);
            checkpoints.save(control, base.at(Step.REVERTED));
        }
        Heart.dropTable(control, markerTable);
        Parked.drop(control, site.server().dialect(), reverting.names().parked());
        site.listener()
                .on(new Progress.Note("reverted; the new structure is kept, with its rows, as "
                        + reverting.names().ghost() + "; drop it when it is of no use any more"));
    }

    /** When all that was written since the cut-over is carried, so that what is compared is the same but for the last moments. */
    private void compare(Reverting reverting, Carrying carried, Heart heart) throws SQLException {
        if (site.request().rules().trial() != Rules.Trial.NONE) {
            // The replication stands still meanwhile, and with it who might write.
            return;
        }
        catchUp(carried, heart);
        ComparingBack now = new ComparingBack(site, reverting, carried, heart);
        comparing = now;
        try {
            now.run();
        } finally {
            comparing = null;
        }
    }

    private void exchange(Reverting reverting, Carrying carried, Heart heart, Claims claims) throws SQLException {
        GhostNames names = reverting.names();
        NextNumber next = new NextNumber(
                site.server().dialect(),
                names.table(),
                names.old(),
                reverting.change().source().columns());
        List<Swap> swaps = List.of(new Swap(names.table(), names.old(), names.ghost()));
        Attempt attempt;
        try (Gate gate = site.gate(List.of(names.table()))) {
            attempt = cutOver(List.of(names.checkpoint(), names.parked()), gate)
                    .attemptUntilDone(
                            swaps,
                            (writer, atMost) -> {
                                // Another run cannot have got past our locks since.
                                claims.check();
                                if (!carried.carry(writer, heart.beat(), atMost)) {
                                    return false;
                                }
                                next.carry(writer);
                                return true;
                            },
                            atLeast -> meanwhile(carried, heart, gate, atLeast));
        }
        if (attempt.outcome() == Outcome.UNKNOWN) {
            throw MigrationException.stopped("stopped: whether the names were exchanged is unknown; " + attempt.reason()
                    + "; run the same command again when the server answers: it will find out");
        }
    }

    /** Carries until it is up to now, for at least this long. */
    private void meanwhile(Carrying carried, Heart heart, Gate gate, Duration atLeast) throws SQLException {
        long untilNanos = System.nanoTime() + atLeast.toNanos();
        while (System.nanoTime() < untilNanos || site.controls().isPostponed()) {
            catchUp(carried, heart);
        }
        gate.approach();
        catchUp(carried, heart);
        if (!site.controls().isPostponed()) {
            // Hooks may take long; what is written meanwhile is carried before anybody waits for a lock.
            carried.rest(() -> site.listener().on(new Progress.Reached(Milestone.BEFORE_CUT_OVER)));
            catchUp(carried, heart);
        }
    }

    private void catchUp(Carrying carried, Heart heart) throws SQLException {
        do {
            site.check();
            site.stop().check();
            if (site.throttles().reason().isPresent()) {
                carried.rest(site.throttles()::await);
            }
        } while (!carried.carry(heart.beat(), BEHIND_MAX));
        site.operator().pause(LOOK);
    }

    /** Once they are known, as {@link Alteration#names}; for any thread. */
    Optional<GhostNames> names() {
        return Optional.ofNullable(names).map(n -> {
            TableName restored = n.old();
            TableName keptAs = n.ghost();
            return new GhostNames(n.table(), restored, keptAs, n.changeLog(), n.checkpoint());
        });
    }

    Status status(Duration elapsed) {
        Carrying carried = carrying;
        ComparingBack compared = comparing;
        return new Status(
                compared == null ? "reverting" : compared.state(),
                0,
                0,
                carried == null ? 0 : carried.rows(),
                carried == null ? 0 : carried.backlog(),
                carried == null ? 0 : carried.backlogMax(),
                compared == null ? 0 : compared.rows(),
                elapsed,
                Duration.ZERO,
                carried == null ? "" : carried.position(),
                markers.lag().toMillis(),
                site.throttles().holding(),
                compared == null ? Duration.ofSeconds(-1) : compared.left(),
                0);
    }
}
