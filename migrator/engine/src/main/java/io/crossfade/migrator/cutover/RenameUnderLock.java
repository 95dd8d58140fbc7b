package io.crossfade.migrator.cutover;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.model.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cut-over of servers that let a session rename the tables it has locked (MySQL 8.0.15 and later): one session locks the
 * tables and the ghosts, brings the ghosts up to date, renames, and unlocks. If it dies, the server undoes or has done the
 * rename, and the locks go with it.
 *
 * <p>One thread at a time.
 */
final class RenameUnderLock implements Exchange {

    /** Of the time that writers may be held the gate gets one half at most. */
    static final int GATE_PART = 2;

    private final Connections connections;
    private final Statements statements;
    private final Judge judge;
    private final List<TableName> beside;
    private final Duration writersHeldMax;

    /**
     * @param beside tables that the drain writes beside the ghosts
     */
    RenameUnderLock(Connections connections, MySqlDialect dialect, List<TableName> beside, Duration writersHeldMax) {
        this.connections = connections;
        this.statements = new Statements(dialect);
        this.judge = new Judge(connections, dialect);
        this.beside = List.copyOf(beside);
        this.writersHeldMax = writersHeldMax;
    }

    @Override
    public Attempt run(List<Swap> swaps, Drain drain, Gate gate) throws SQLException {
        try (Session killer = Session.open(connections, writersHeldMax)) {
            Session holder = Session.open(connections, writersHeldMax);
            try {
                holder.hush(writersHeldMax);
                Hold hold = Hold.begin(writersHeldMax);
                try (Watchdog watchdog = Watchdog.over(killer.connection, List.of(holder), hold.deadlineNanos())) {
                    Optional<String> inTheWay = gate.hold(writersHeldMax.dividedBy(GATE_PART));
                    if (inTheWay.isPresent()) {
                        return Attempt.notDone(hold.elapsed(), inTheWay.get());
                    }
                    Attempt attempt = run(holder, hold, watchdog, swaps, drain);
                    gate.open();
                    return attempt;
                }
            } finally {
                gate.open();
                judge.end(List.of(holder));
            }
        }
    }

    private Attempt run(Session holder, Hold hold, Watchdog watchdog, List<Swap> swaps, Drain drain)
            throws SQLException {
        String doing = "the locks were not had";
        try {
            holder.execute(statements.lock(
                    Stream.concat(swaps.stream().flatMap(w -> Stream.of(w.table(), w.incoming())), beside.stream())));
            doing = "the drain was cut short";
            Duration left = hold.leftBeforeRename();
            boolean isDrained = !left.isNegative() && drain.drain(holder.connection, left);
            if (!isDrained || hold.leftBeforeRename().isNegative()) {
                release(holder);
                return Attempt.notDone(hold.elapsed(), "what was left to apply did not fit into the time");
            }
            holder.connection.setAutoCommit(true);
        } catch (SQLException e) {
            if (!Session.isPassing(e)) {
                throw e;
            }
            judge.end(List.of(holder));
            return Attempt.notDone(hold.elapsed(), doing + (watchdog.hasFired() ? " in time" : ": " + Session.said(e)));
        }
        String rename = statements.rename(swaps);
        try {
            holder.execute(rename);
            release(holder);
            return Attempt.done(hold.elapsed());
        } catch (SQLException e) {
            judge.end(List.of(holder));
            String reason = "the rename was cut short: " + Session.said(e);
            Attempt attempt = judge.ask(
                    new Attempt(Outcome.UNKNOWN, hold.elapsed(), reason), swaps, rename, List.of(holder.mark));
            if (attempt.outcome() == Outcome.NOT_DONE && !Session.isPassing(e)) {
                throw e;
            }
            return attempt;
        }
    }

    private static void release(Session holder) throws SQLException {
        holder.execute("UNLOCK TABLES");
    }
}
