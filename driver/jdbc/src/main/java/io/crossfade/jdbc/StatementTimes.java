package io.crossfade.jdbc;

import io.crossfade.sql.Rewriter;
import io.crossfade.state.ControlStore;
import io.crossfade.state.Watch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long statements take that may name a watched table, for the migrator, which holds back while too many are slow. Counted are how
 * many came back since the last report and how many of these took longer than the watch's limit; one that is under way for longer
 * counts in each report until it comes back, since a table that nobody gets through to would else look like one that nobody asks for. While nothing is watched it costs one volatile
 * read.
 *
 * <p>{@link #begin}: safe for many threads. The rest: confined to the holder of the link's lock.
 */
final class StatementTimes {
    private static final Logger LOG = LoggerFactory.getLogger(StatementTimes.class);

    /** Reports must not be felt by the server, whatever stands in the control tables. Judged. */
    private static final Duration PACE_MIN = Duration.ofMillis(50);

    /** SQLStates of what is not there, or not allowed to this user. */
    private static final String NOT_ALLOWED = "42";

    /** SQLStates of a deadlock: nothing was written. */
    private static final String AGAIN = "40";

    private final LongSupplier nanoClock;
    private final Running none = new Running(List.of(), 0);
    private volatile List<Measured> measured = List.of();
    private boolean hasWarned;

    StatementTimes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The tables of one watch, and what was counted since it was reported last. */
    private static final class Measured {
        private final List<Watch> tables;
        private final long limitNanos;
        private final LongAdder statements = new LongAdder();
        private final LongAdder slower = new LongAdder();
        private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);
        private final Set<Running> running = ConcurrentHashMap.newKeySet();
        private long reportedNanos;

        private Measured(List<Watch> tables, long nowNanos) {
            this.tables = List.copyOf(tables);
            this.limitNanos = tables.get(0).limit().toNanos();
            this.reportedNanos = nowNanos;
        }

        private boolean isNamed(List<String> texts) {
            for (Watch watch : tables) {
                for (String text : texts) {
                    if (Rewriter.mayName(text, watch.table())) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void took(long nanos) {
            statements.increment();
            slowestNanos.accumulate(nanos);
            if (nanos > limitNanos) {
                slower.increment();
            }
        }

        private Duration pace() {
            Duration pace = tables.get(0).pace();
            return pace.compareTo(PACE_MIN) < 0 ? PACE_MIN : pace;
        }
    }

    /** A statement, or a batch, that is under way. */
    final class Running {
        private final List<Measured> measuring;
        private final long beganNanos;

        private Running(List<Measured> measuring, long beganNanos) {
            this.measuring = measuring;
            this.beganNanos = beganNanos;
        }

        /** It has come back, with an error or without. */
        void end() {
            if (!measuring.isEmpty()) {
                long took = nanoClock.getAsLong() - beganNanos;
                for (Measured each : measuring) {
                    each.running.remove(this);
                    each.took(took);
                }
            }
        }
    }

    /** Takes the watches as they stand now. What was counted by another limit is forgotten. */
    void set(List<Watch> watches) {
        if (watches.isEmpty() && measured.isEmpty()) {
            return;
        }
        List<Measured> next = new ArrayList<>();
        for (String id : watches.stream().map(Watch::id).distinct().toList()) {
            List<Watch> tables = watches.stream().filter(w -> w.id().equals(id)).toList();
            next.add(measured.stream()
                    .filter(m -> m.tables.equals(tables))
                    .findFirst()
                    .orElseGet(() -> new Measured(tables, nanoClock.getAsLong())));
        }
        measured = List.copyOf(next);
    }

    /** A statement is about to be sent; {@link Running#end} must follow. */
    Running begin(String text) {
        return measured.isEmpty() ? none : begin(List.of(text));
    }

    /** As for one statement, for all of a batch, whose time is one. */
    Running begin(List<String> texts) {
        List<Measured> all = measured;
        if (all.isEmpty()) {
            return none;
        }
        List<Measured> named = all.stream().filter(m -> m.isNamed(texts)).toList();
        if (named.isEmpty()) {
            return none;
        }
        Running running = new Running(named, nanoClock.getAsLong());
        named.forEach(m -> m.running.add(running));
        return running;
    }

    /** How long until the next look: no longer than a watch wants reports. */
    Duration pause(Duration usual) {
        Duration least = usual;
        for (Measured each : measured) {
            least = each.pace().compareTo(least) < 0 ? each.pace() : least;
        }
        return least;
    }

    /** Tells what was measured, where the last time is long enough ago. What cannot be told now comes with the next report. */
    void report(ControlStore store, UUID client) throws SQLException {
        for (Measured each : measured) {
            long now = nanoClock.getAsLong();
            // A look between two others must not take a report's place before it was read.
            if (now - each.reportedNanos >= each.pace().toNanos() / 2) {
                report(store, client, each, now);
            }
        }
    }

    private void report(ControlStore store, UUID client, Measured each, long now) throws SQLException {
        long slower = each.slower.sum(); // Before the statements, so that it is never more than these.
        long statements = each.statements.sum();
        long slowest = each.slowestNanos.getThenReset();
        long slowUnderWay = 0;
        long longest = slowest;
        for (Running running : each.running) {
            long nanos = now - running.beganNanos;
            if (nanos > each.limitNanos) {
                slowUnderWay++;
                longest = Math.max(longest, nanos);
            }
        }
        try {
            store.watches()
                    .report(
                            each.tables.get(0),
                            client,
                            statements + slowUnderWay,
                            slower + slowUnderWay,
                            Duration.ofNanos(longest));
            each.reportedNanos = now;
            each.slower.add(-slower);
            each.statements.add(-statements);
        } catch (SQLException e) {
            each.slowestNanos.accumulate(slowest);
            passOver(e, each.tables.get(0));
        }
    }

    /** An application does not depend on what it may not write; on its connections it does. */
    private void passOver(SQLException e, Watch watch) throws SQLException {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith(AGAIN)) {
            return;
        }
        if (!state.startsWith(NOT_ALLOWED)) {
            throw e;
        }
        if (!hasWarned) {
            hasWarned = true;
            LOG.warn(
                    "how long statements on {} take cannot be reported to crossfade_watch_client: {}; grant INSERT, UPDATE"
                            + " and SELECT on it",
                    watch.table(),
                    e.getMessage());
        }
    }
}
