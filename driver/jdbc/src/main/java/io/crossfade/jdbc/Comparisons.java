package io.crossfade.jdbc;

import io.crossfade.flag.Shares;
import io.crossfade.model.Stage;
import io.crossfade.sql.Comparison;
import io.crossfade.state.ChangeState;
import io.crossfade.state.RowsCompared;
import io.crossfade.state.Snapshot;
import io.crossfade.state.Usage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the reads that compare the two sides of their rows, counts what they find, and takes this client's reads back to old where too
 * much differs. A difference is reported with the next renewal of the lease, the rest every half minute.
 *
 * <p>{@link #samples}, {@link #saw} and {@link #over}: safe for many threads. The rest: one thread at a time.
 */
final class Comparisons {
    private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);

    /** Keys kept for the status: enough to look at. */
    private static final int KEYS_MAX = 5;

    private static final int KEY_CHARS_MAX = 200;

    /** Differences told in the log; what comes beyond it within a minute is counted. Judged. */
    private static final int LOGGED_PER_MINUTE_MAX = 10;

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final CompareSettings settings;
    private final LongSupplier nanoClock;
    private final Supplier<Snapshot> current;
    private final Map<String, Count> counts = new ConcurrentHashMap<>();
    private long reportedNanos;

    /** By change, each with the epoch from which on the control table says so; {@link Long#MAX_VALUE} until it does. */
    private volatile Map<String, Long> stopped = Map.of();

    private long loggedSinceNanos;
    private int logged;
    private long notLogged;

    /** What was seen of one change. */
    private static final class Count {
        private final LongAdder compared = new LongAdder();
        private volatile long lastNanos;
        private long reported;

        // Guarded by the count itself, as is the window: compared so far at its begin, and differing in it.
        private final Deque<String> keys = new ArrayDeque<>();
        private long differing;
        private long differingReported;
        private long lastDifferingNanos;
        private long windowBegin;
        private long windowDiffering;
        private @Nullable String state;
    }

    Comparisons(CompareSettings settings, LongSupplier nanoClock, Supplier<Snapshot> current) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.current = current;
        this.reportedNanos = nanoClock.getAsLong();
        this.loggedSinceNanos = reportedNanos;
    }

    /** Whether one execution is to compare: by chance, and only where a change stands where its sides agree. */
    boolean samples(Snapshot snapshot) {
        int share = settings.readsPerMillion();
        return share > 0
                && !snapshot.isQuiet()
                && hasTwoSides(snapshot)
                && ThreadLocalRandom.current().nextInt(CompareSettings.MILLION) < share;
    }

    private static boolean hasTwoSides(Snapshot snapshot) {
        List<ChangeState> changes = snapshot.changes();
        for (int i = 0; i < changes.size(); i++) {
            Stage stage = changes.get(i).stage();
            if (stage == Stage.SHADOW || stage == Stage.LIVE) {
                return true;
            }
        }
        return false;
    }

    /**
     * A row was read.
     *
     * @param told what its hidden column holds: nothing where both sides agree, its key where they do not; null where there is no row
     */
    void saw(Comparison.Compared of, @Nullable String told) {
        if (told == null) {
            return;
        }
        Count count = counts.computeIfAbsent(of.change(), c -> new Count());
        count.compared.increment();
        count.lastNanos = nanoClock.getAsLong();
        if (!told.isEmpty()) {
            differs(of, count, told);
        }
    }

    private void differs(Comparison.Compared of, Count count, String key) {
        boolean isTooMuch;
        synchronized (count) {
            count.differing++;
            count.lastDifferingNanos = nanoClock.getAsLong();
            String shown = key.length() > KEY_CHARS_MAX ? key.substring(0, KEY_CHARS_MAX) + "…" : key;
            count.keys.remove(shown);
            count.keys.addLast(shown);
            if (count.keys.size() > KEYS_MAX) {
                count.keys.removeFirst();
            }
            long compared = count.compared.sum();
            if (compared - count.windowBegin > CompareSettings.ROWS) {
                count.windowBegin = compared - 1;
                count.windowDiffering = 0;
            }
            count.windowDiffering++;
            isTooMuch = count.windowDiffering > settings.differingPer10000Max();
        }
        log(of, key);
        if (isTooMuch && isRead(of.change())) {
            stop(of.change());
        }
    }

    /** A key is named as `verify` names it; a value never is. */
    private void log(Comparison.Compared of, String key) {
        long more;
        synchronized (this) {
            long now = nanoClock.getAsLong();
            if (now - loggedSinceNanos >= MINUTE_NANOS) {
                loggedSinceNanos = now;
                logged = 0;
            }
            if (logged == LOGGED_PER_MINUTE_MAX) {
                notLogged++;
                return;
            }
            logged++;
            more = notLogged;
            notLogged = 0;
        }
        LOG.warn(
                "change {}: the two sides of a row of {} differ: {}{}; somebody writes past Crossfade: run `crossfade verify {}`",
                of.change(),
                of.table(),
                key,
                more == 0 ? "" : " (and " + more + " more since the last one told)",
                of.change());
    }

    // --- back to old ----------------------------------------------------------------------------------------------

    private boolean isRead(String change) {
        return current.get().changes().stream()
                .anyMatch(c -> c.change().id().equals(change) && c.stage() == Stage.LIVE && c.readPercent() > 0);
    }

    private synchronized void stop(String change) {
        if (!stopped.containsKey(change)) {
            Map<String, Long> more = new HashMap<>(stopped);
            more.put(change, Long.MAX_VALUE);
            stopped = Map.copyOf(more);
            LOG.error(
                    "change {}: more than {} of {} compared rows differ; reads go back to old; run `crossfade verify {}`, mend the rows,"
                            + " then `crossfade switch {} --percent N`",
                    change,
                    settings.differingPer10000Max(),
                    CompareSettings.ROWS,
                    change,
                    change);
        }
    }

    /** The shares of reads that hold: none for a change whose reads were taken back. */
    Shares over(Shares flags) {
        Map<String, Long> none = stopped;
        if (none.isEmpty()) {
            return flags;
        }
        Map<String, Integer> percents = new HashMap<>(flags.percents());
        none.keySet().forEach(change -> percents.put(change, 0));
        return new Shares(percents);
    }

    /** Has the control table take the reads of every client back, where this one has taken its own. */
    void stop(Stopping stopping) throws SQLException {
        for (Map.Entry<String, Long> entry : stopped.entrySet()) {
            if (entry.getValue() == Long.MAX_VALUE) {
                long epoch = stopping.stop(entry.getKey(), why(entry.getKey()));
                written(entry.getKey(), epoch);
            }
        }
    }

    private String why(String change) {
        Count count = counts.computeIfAbsent(change, c -> new Count());
        synchronized (count) {
            return "the two sides of " + count.windowDiffering + " of "
                    + (count.compared.sum() - count.windowBegin) + " compared rows differ, the last: "
                    + String.join("; ", count.keys);
        }
    }

    private synchronized void written(String change, long epoch) {
        Map<String, Long> now = new HashMap<>(stopped);
        now.put(change, epoch);
        stopped = Map.copyOf(now);
    }

    /**
     * What is known of the control state now. Once it is as new as our own word, it alone says what is read; and where a share or stage
     * has moved, differences are counted anew.
     */
    void settle(Snapshot seen) {
        if (stopped.values().stream().anyMatch(epoch -> epoch <= seen.epoch())) {
            synchronized (this) {
                Map<String, Long> left = new HashMap<>(stopped);
                left.values().removeIf(epoch -> epoch <= seen.epoch());
                stopped = Map.copyOf(left);
            }
        }
        for (ChangeState change : seen.changes()) {
            Count count = counts.get(change.change().id());
            if (count != null) {
                String state = change.stage().word() + " " + change.readPercent();
                synchronized (count) {
                    if (count.state != null && !state.equals(count.state)) {
                        count.windowBegin = count.compared.sum();
                        count.windowDiffering = 0;
                    }
                    count.state = state;
                }
            }
        }
    }

    // --- reports --------------------------------------------------------------------------------------------------

    /** Reports what there is to report; what could not be reported is with the next one. */
    void report(Reporting reporting, boolean isLast) throws SQLException {
        long now = nanoClock.getAsLong();
        boolean isDue = isLast || now - reportedNanos >= Usage.REPORTED_EVERY.toNanos();
        List<RowsCompared> rows = new ArrayList<>();
        Map<Count, long[]> sums = new HashMap<>();
        counts.forEach((change, count) -> {
            synchronized (count) {
                long sum = count.compared.sum();
                boolean differs = count.differing > count.differingReported;
                if (sum > count.reported && (isDue || count.reported == 0 || differs)) {
                    rows.add(new RowsCompared(
                            change,
                            sum - count.reported,
                            count.differing - count.differingReported,
                            since(now, count.lastNanos),
                            since(now, count.lastDifferingNanos),
                            List.copyOf(count.keys)));
                    sums.put(count, new long[] {sum, count.differing});
                }
            }
        });
        if (!rows.isEmpty()) {
            reporting.add(rows);
            sums.forEach((count, sum) -> {
                synchronized (count) {
                    count.reported = sum[0];
                    count.differingReported = sum[1];
                }
            });
        }
        if (isDue) {
            reportedNanos = now;
        }
    }

    private static Duration since(long now, long then) {
        return Duration.ofNanos(Math.max(0, now - then));
    }

    /** Forgets everything: no change is open any more. */
    void clear() {
        counts.clear();
        stopped = Map.of();
    }

    /** Takes counts to the control tables. */
    @FunctionalInterface
    interface Reporting {
        void add(List<RowsCompared> rows) throws SQLException;
    }

    /** Sets a share of reads to 0 in the control tables, and gives the epoch from which on that is so. */
    @FunctionalInterface
    interface Stopping {
        long stop(String change, String why) throws SQLException;
    }
}
