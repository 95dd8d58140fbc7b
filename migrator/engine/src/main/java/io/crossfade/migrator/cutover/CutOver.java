package io.crossfade.migrator.cutover;

import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Exchanges the names of tables and their ghosts, within the time that writers may be held, and always knows how it ended.
 *
 * <p>One thread at a time.
 */
public final class CutOver {

    /** The pauses between attempts double from here. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Connections connections;
    private final Server server;
    private final Limits limits;
    private final Listener listener;
    private final Gate gate;
    private final Exchange exchange;
    private final Judge judge;
    private final Statements statements;

    /** What the run does between attempts, and right before one. */
    @FunctionalInterface
    public interface Meanwhile {

        /**
         * Goes on applying the change log for at least this long, until the backlog is small and nothing postpones the cut-over.
         *
         * @throws MigrationException where the run is to stop
         */
        void pass(Duration atLeast) throws SQLException;
    }

    private CutOver(
            Connections connections,
            Server server,
            Limits limits,
            List<TableName> beside,
            Gate gate,
            Listener listener) {
        this.connections = connections;
        this.server = server;
        this.limits = limits;
        this.listener = listener;
        this.gate = gate;
        this.exchange = server.renamesUnderLock()
                ? new RenameUnderLock(connections, server.dialect(), beside, limits.writersHeldMax())
                : new SentryRename(connections, server.dialect(), limits.writersHeldMax());
        this.judge = new Judge(connections, server.dialect());
        this.statements = new Statements(server.dialect());
    }

    public static CutOver of(Connections connections, Server server, Limits limits, Listener listener) {
        return new CutOver(connections, server, limits, List.of(), Gate.NONE, listener);
    }

    /**
     * One whose drain writes other tables too.
     *
     * @param beside these; they are locked where the drain's session is the one that holds the locks, which could not write them
     *     otherwise
     * @param gate keeps clients away meanwhile
     */
    public static CutOver of(
            Connections connections,
            Server server,
            Limits limits,
            List<TableName> beside,
            Gate gate,
            Listener listener) {
        return new CutOver(connections, server, limits, beside, gate, listener);
    }

    /** Waits with nothing else to do. */
    public static Meanwhile waiting(Cancel cancel) {
        return cancel::pause;
    }

    /**
     * Tries until it is done: the pause between attempts doubles, with a random part, so that it does not keep step with
     * somebody's timer.
     *
     * @return the last attempt: done, or unknown, where the server could not be asked
     */
    public Attempt attemptUntilDone(List<Swap> swaps, Drain drain, Meanwhile meanwhile) throws SQLException {
        Duration pause = Duration.ZERO;
        long beganNanos = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            meanwhile.pass(jittered(pause));
            Attempt last = run(swaps, drain);
            if (last.outcome() != Outcome.NOT_DONE) {
                return last;
            }
            boolean isPatient =
                    System.nanoTime() - beganNanos < limits.patience().toNanos();
            if (attempt >= limits.attemptsMax() && !isPatient) {
                throw MigrationException.stopped("stopped: the cut-over of " + shown(swaps) + "; " + attempt
                        + " attempts, the last one: " + last.reason()
                        + "; end what is in the way, or allow a longer hold, and run the same command again");
            }
            pause = pause.isZero() ? PAUSE : pause.multipliedBy(2);
            pause = pause.compareTo(limits.pauseMax()) < 0 ? pause : limits.pauseMax();
        }
    }

    /**
     * Tries once.
     *
     * @throws SQLException where the server refuses what a further attempt would not change
     */
    public Attempt run(List<Swap> swaps, Drain drain) throws SQLException {
        Attempt attempt = attempt(swaps, drain);
        String held = "; " + held(attempt.writersHeld());
        listener.on(
                switch (attempt.outcome()) {
                    case DONE -> new Progress.Note("cut over: " + shown(swaps) + held);
                    case NOT_DONE -> new Progress.Note("not cut over yet: " + attempt.reason() + held);
                    case UNKNOWN ->
                        new Progress.Warning("the cut-over of " + shown(swaps) + " has an unknown outcome: "
                                + attempt.reason() + "; run the same command again when the server answers");
                });
        return attempt;
    }

    /** What took longer than the server bears a silent session ended there before it ended here. */
    private String held(Duration seen) {
        Duration silenceMax = Session.silenceMax(limits.writersHeldMax());
        return seen.compareTo(silenceMax) < 0
                ? "writers were held for " + seen.toMillis() + " ms"
                : "for how long writers were held is not known: after " + seen.toMillis()
                        + " ms the run knew that it was over, but the server ends a session that says nothing for "
                        + silenceMax.toSeconds() + " s";
    }

    /** How an earlier run's cut-over ended, from which no answer came; ends what is left of it. */
    public Outcome outcomeOf(List<Swap> swaps) {
        Attempt unknown = new Attempt(Outcome.UNKNOWN, Duration.ZERO, "an earlier run");
        return judge.ask(unknown, swaps, statements.rename(swaps), List.of()).outcome();
    }

    private Attempt attempt(List<Swap> swaps, Drain drain) throws SQLException {
        try {
            try (Connection connection = connections.open()) {
                check(connection, swaps);
                Blockers blockers = Blockers.of(
                        connection,
                        server,
                        swaps.stream()
                                .flatMap(w -> Stream.of(w.table(), w.incoming()))
                                .toList());
                if (!blockers.isEmpty() && limits.killsBlockers()) {
                    listener.on(new Progress.Warning("in the way of the cut-over: " + blockers.kill(connection)));
                } else if (!blockers.isEmpty()) {
                    return Attempt.notDone(
                            Duration.ZERO, "transactions hold the table's metadata lock: " + blockers.shown());
                }
            }
            return exchange.run(swaps, drain, gate);
        } catch (SQLException e) {
            if (!Session.isPassing(e)) {
                throw e;
            }
            return Attempt.notDone(Duration.ZERO, "the attempt was not begun: " + Session.said(e));
        }
    }

    /** A name that is taken would be found by the rename too, but only after writers have waited for it. */
    private static void check(Connection connection, List<Swap> swaps) throws SQLException {
        for (Swap swap : swaps) {
            for (TableName needed : List.of(swap.table(), swap.incoming())) {
                if (!Judge.exists(connection, needed)) {
                    throw MigrationException.stopped("stopped: the cut-over of " + swap.table() + "; there is no table "
                            + needed + " any more; somebody has dropped or renamed it, so look before running again");
                }
            }
            if (Judge.exists(connection, swap.outgoing())) {
                throw MigrationException.stopped("stopped: the cut-over of " + swap.table() + "; the name "
                        + swap.outgoing() + " is taken; rename or drop that table and run the same command again");
            }
        }
    }

    private static Duration jittered(Duration pause) {
        return pause.isZero()
                ? pause
                : pause.plusNanos(ThreadLocalRandom.current().nextLong(pause.toNanos() / 4 + 1));
    }

    private static String shown(List<Swap> swaps) {
        return String.join(", ", swaps.stream().map(w -> w.table().toString()).toList());
    }
}
