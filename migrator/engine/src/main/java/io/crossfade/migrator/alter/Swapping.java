package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.cutover.Attempt;
import io.crossfade.migrator.cutover.CutOver;
import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.cutover.Swap;
import io.crossfade.migrator.mysql.TriggerCopies;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The exchange of the names, for all tables at once. While an attempt is made nobody but the cut-over writes the ghosts; between
 * attempts the appliers go on. One thread at a time.
 */
final class Swapping {

    /** A ghost that is further behind would not be brought up to date while writers wait. */
    private static final Duration BEHIND_MAX = Duration.ofMillis(60);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Site site;
    private final List<TableRun> tables;
    private final List<Applying> appliers;
    private final List<CatchingUp> catchingUp;
    private final Heart heart;
    private final Markers markers;
    private final Crew crew;
    private final Claims claims;
    private final List<TriggerCopies> triggers;
    private boolean isHolding;
    private boolean hasTriggers;

    Swapping(
            Site site,
            List<TableRun> tables,
            List<Applying> appliers,
            List<CatchingUp> catchingUp,
            Heart heart,
            Markers markers,
            Crew crew,
            Claims claims,
            List<TriggerCopies> triggers) {
        this.site = site;
        this.tables = tables;
        this.appliers = appliers;
        this.catchingUp = catchingUp;
        this.heart = heart;
        this.markers = markers;
        this.crew = crew;
        this.claims = claims;
        this.triggers = List.copyOf(triggers);
    }

    /** Exchanges the names; returns when it is done. */
    void run() throws SQLException {
        List<Swap> swaps = tables.stream()
                .map(t -> new Swap(t.names.table(), t.names.ghost(), t.names.old()))
                .toList();
        Bounds bounds = site.request().bounds();
        CutOver cutOver = CutOver.of(
                site.connections(),
                site.server(),
                new Limits(bounds.writersHeldMax(), bounds.retries(), bounds.cutOverPauseMax(), bounds.killsBlockers()),
                site.listener());
        try {
            Attempt attempt = cutOver.attemptUntilDone(swaps, this::drain, this::meanwhile);
            if (attempt.outcome() == Outcome.UNKNOWN) {
                throw MigrationException.stopped("stopped: the cut-over's outcome is unknown; " + attempt.reason()
                        + "; run the same command again when the server answers: it will find out");
            }
        } finally {
            release();
        }
    }

    private void meanwhile(Duration atLeast) throws SQLException {
        if (hasTriggers) {
            // The ghost is written again, and what its triggers do was done by the table's own.
            try (Connection connection = site.sessions().open()) {
                for (TriggerCopies one : triggers) {
                    one.drop(connection);
                }
            }
            hasTriggers = false;
        }
        release();
        long untilNanos = System.nanoTime() + atLeast.toNanos();
        while (System.nanoTime() < untilNanos || isPutOff() || !isClose()) {
            site.operator().check();
            crew.check();
            site.operator().pause(LOOK);
        }
        hold();
    }

    private boolean isPutOff() {
        return site.controls().isPostponed();
    }

    private boolean isClose() throws SQLException {
        for (CatchingUp one : catchingUp) {
            if (!one.await(BEHIND_MAX)) {
                return false;
            }
        }
        return true;
    }

    private void hold() {
        tables.forEach(t -> t.writing.lock());
        isHolding = true;
    }

    private void release() {
        if (isHolding) {
            tables.forEach(t -> t.writing.unlock());
            isHolding = false;
        }
    }

    /** The tables are locked: what was written to them is in the log before our next marker. */
    private boolean drain(Connection writer, Duration atMost) throws SQLException {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        long number = heart.beat();
        long ordinal = markers.awaitSeen(number, left(deadlineNanos));
        if (ordinal < 0) {
            return false;
        }
        // Another run cannot have got past our locks since.
        claims.check();
        site.sessions().adopt(writer);
        writer.setAutoCommit(false);
        for (int i = 0; i < tables.size(); i++) {
            appliers.get(i).drain(writer);
            if (!tables.get(i).frontier.awaitDone(ordinal, Duration.ZERO)) {
                return false;
            }
        }
        // Only now: what they do was done by the table's own triggers for every row that was applied.
        for (TriggerCopies one : triggers) {
            hasTriggers = true;
            one.create(writer);
        }
        return true;
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }
}
