package io.crossfade.jdbc;

import io.crossfade.state.Naming;
import io.crossfade.state.Usage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts which side of which change the application's statements name. A shape that is new is reported with the next renewal of the
 * lease, one that is known every half minute, so that many clients are no load.
 *
 * <p>{@link #saw}: safe for many threads. The rest: one thread at a time.
 */
final class NamingCounts {

    /** Shapes of statements told apart; beyond it they are counted together. Judged. */
    private static final int SHAPES_MAX = 100;

    private static final String OTHERS = "(other statements)";

    private final LongSupplier nanoClock;
    private final Map<Naming, Count> counts = new ConcurrentHashMap<>();
    private long reportedNanos;

    private static final class Count {
        private final LongAdder times = new LongAdder();
        private volatile long lastNanos;
        private long reported;
    }

    NamingCounts(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.reportedNanos = nanoClock.getAsLong();
    }

    /** A statement that names these was sent. */
    void saw(List<Naming> namings) {
        for (int i = 0; i < namings.size(); i++) {
            Naming naming = namings.get(i);
            Count count = counts.get(naming);
            if (count == null) {
                Naming kept = counts.size() < SHAPES_MAX
                        ? naming
                        : new Naming(naming.change(), naming.side(), naming.byStar(), naming.verb(), OTHERS);
                count = counts.computeIfAbsent(kept, k -> new Count());
            }
            count.times.increment();
            count.lastNanos = nanoClock.getAsLong();
        }
    }

    /** Reports what there is to report; what could not be reported is with the next one. */
    void report(Reporting reporting, boolean isLast) throws SQLException {
        long now = nanoClock.getAsLong();
        boolean isDue = isLast || now - reportedNanos >= Usage.REPORTED_EVERY.toNanos();
        List<Usage> usages = new ArrayList<>();
        Map<Count, Long> sums = new HashMap<>();
        counts.forEach((naming, count) -> {
            long sum = count.times.sum();
            if (sum > count.reported && (isDue || count.reported == 0)) {
                usages.add(
                        new Usage(naming, sum - count.reported, Duration.ofNanos(Math.max(0, now - count.lastNanos))));
                sums.put(count, sum);
            }
        });
        if (!usages.isEmpty()) {
            reporting.add(usages);
            sums.forEach((count, sum) -> count.reported = sum);
        }
        if (isDue) {
            reportedNanos = now;
        }
    }

    /** Forgets everything: no change is open any more. */
    void clear() {
        counts.clear();
    }

    /** Takes counts to the control tables. */
    @FunctionalInterface
    interface Reporting {
        void add(List<Usage> usages) throws SQLException;
    }
}
