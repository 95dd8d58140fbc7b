package io.crossfade.migrator.alter;

import io.crossfade.migrator.cutover.Attempt;
import io.crossfade.migrator.cutover.CutOver;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.cutover.Swap;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.mysql.NextNumber;
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

    /**
     * The ghost is close so often in a row before the locks are taken: right after an index was built, or behind a stall of the
     * server's own, the commits of the cut-over would wait with everybody waiting for them.
     */
    private static final int CALM_LOOKS = 5;

    /** A server that is never calm for so long is taken as it is. */
    private static final Duration CALM_MAX = Duration.ofSeconds(5);

    private final Site site;
    private final Feed feed;
    private final Claims claims;
    private final List<TriggerCopies> triggers;
    private boolean isHolding;
    private boolean hasTriggers;

    Swapping(Site site, Feed feed, Claims claims, List<TriggerCopies> triggers) {
        this.site = site;
        this.feed = feed;
        this.claims = claims;
        this.triggers = List.copyOf(triggers);
    }

    /** Exchanges the names; returns when it is done. */
    void run() throws SQLException {
        List<Swap> swaps = feed.tables().stream()
                .map(t -> new Swap(t.names.table(), t.names.ghost(), t.names.old()))
                .toList();
        try (Gate gate = site.gate(swaps.stream().map(Swap::table).toList())) {
            Attempt attempt = CutOver.of(
                            site.connections(),
                            site.server(),
                            site.request().bounds().cutOver(),
                            List.of(),
                            gate,
                            site.listener())
                    .attemptUntilDone(swaps, this::drain, atLeast -> meanwhile(atLeast, gate));
            if (attempt.outcome() == Outcome.UNKNOWN) {
                throw MigrationException.stopped("stopped: the cut-over's outcome is unknown; " + attempt.reason()
                        + "; run the same command again when the server answers: it will find out");
            }
        } finally {
            release();
        }
    }

    private void meanwhile(Duration atLeast, Gate gate) throws SQLException {
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
        do {
            awaitCalm(untilNanos);
            gate.approach();
        } while (isPutOff() || !isClose());
        hold();
    }

    private void awaitCalm(long untilNanos) throws SQLException {
        int calm = 0;
        while (System.nanoTime() < untilNanos || isPutOff() || calm == 0 || calm < looks(untilNanos)) {
            feed.check();
            site.operator().pause(LOOK);
            calm = isClose() ? calm + 1 : 0;
        }
    }

    private static int looks(long sinceNanos) {
        return System.nanoTime() - sinceNanos < CALM_MAX.toNanos() ? CALM_LOOKS : 1;
    }

    private boolean isPutOff() {
        return site.controls().isPostponed();
    }

    private boolean isClose() throws SQLException {
        for (TableRun table : feed.tables()) {
            if (!feed.catchingUp(table).await(BEHIND_MAX)) {
                return false;
            }
        }
        return true;
    }

    private void hold() {
        feed.tables().forEach(t -> t.writing.lock());
        isHolding = true;
    }

    private void release() {
        if (isHolding) {
            feed.tables().forEach(t -> t.writing.unlock());
            isHolding = false;
        }
    }

    /** The tables are locked: what was written to them is in the log before our next marker. */
    private boolean drain(Connection writer, Duration atMost) throws SQLException {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        long number = feed.heart().beat();
        long ordinal = feed.markers().awaitSeen(number, left(deadlineNanos));
        if (ordinal < 0) {
            return false;
        }
        // Another run cannot have got past our locks since.
        claims.check();
        writer.setAutoCommit(false);
        for (TableRun table : feed.tables()) {
            site.sessions().adopt(writer, table.change);
            feed.applying(table).drain(writer);
            if (!table.frontier.awaitDone(ordinal, Duration.ZERO)) {
                return false;
            }
        }
        for (TableRun table : feed.tables()) {
            new NextNumber(
                            site.server().dialect(),
                            table.names.table(),
                            table.names.ghost(),
                            table.change.ghost().columns())
                    .carry(writer);
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
