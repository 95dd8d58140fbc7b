package io.crossfade.samples.shop.traffic;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Times every statement of the shop, and sums up by phase: while this change ran, while that one did. A thread of its own
 * looks once a second, so that the worst second is known too. Safe for many threads.
 */
public final class Meter implements AutoCloseable {
    /** Three digits: a time of 100 ms is right to 0.1 ms. */
    private static final int DIGITS = 3;

    private static final Duration WINDOW = Duration.ofSeconds(1);

    /** Under this number of statements a window's 99th percentile is its maximum and says nothing. */
    private static final int WINDOW_STATEMENTS_MIN = 50;

    private final Recorder recorder = new Recorder(DIGITS);
    private final AtomicLong errors = new AtomicLong();
    private final Map<String, Phase> phases = new LinkedHashMap<>();
    private final Thread ticker = new Thread(this::tick, "shop-meter");
    private final List<Histogram> windows = new ArrayList<>();
    private Phase phase;

    /** A meter whose first phase has this name. */
    public Meter(String firstPhase) {
        phase = new Phase();
        phases.put(firstPhase, phase);
        ticker.setDaemon(true);
        ticker.start();
    }

    /** One call to the database. */
    @FunctionalInterface
    public interface Call<T> {
        T run() throws SQLException;
    }

    /** One call to the database that gives nothing. */
    @FunctionalInterface
    public interface VoidCall {
        void run() throws SQLException;
    }

    /** Makes a call, times it, and counts it as an error if it fails. */
    public <T> T time(Call<T> call) throws SQLException {
        long startNanos = System.nanoTime();
        try {
            return call.run();
        } catch (SQLException e) {
            errors.incrementAndGet();
            throw e;
        } finally {
            record(System.nanoTime() - startNanos);
        }
    }

    /** As {@link #time}, for a call that gives nothing. */
    public void timeVoid(VoidCall call) throws SQLException {
        long startNanos = System.nanoTime();
        try {
            call.run();
        } catch (SQLException e) {
            errors.incrementAndGet();
            throw e;
        } finally {
            record(System.nanoTime() - startNanos);
        }
    }

    /** Notes a time that was taken elsewhere. */
    public void record(long nanos) {
        recorder.recordValue(nanos / 1_000);
    }

    /** From now on statements belong to this phase, a new one or one that goes on. */
    public synchronized void phase(String name) {
        collect();
        closeWindow();
        phase = phases.computeIfAbsent(name, key -> new Phase());
    }

    /** What was measured in a phase so far. */
    public synchronized Figures figures(String name) {
        collect();
        return figures(phases.getOrDefault(name, new Phase()));
    }

    /** What was measured in all phases. */
    public synchronized Figures total() {
        collect();
        Phase total = new Phase();
        for (Phase part : phases.values()) {
            total.all.add(part.all);
            total.errors += part.errors;
            total.worstSecondP99Micros = Math.max(total.worstSecondP99Micros, part.worstSecondP99Micros);
        }
        return figures(total);
    }

    @Override
    public void close() {
        ticker.interrupt();
    }

    /**
     * The figures of a phase.
     *
     * @param worstSecondP99Micros the 99th percentile of the second in which it was highest
     */
    public record Figures(
            long statements, long errors, long p50Micros, long p99Micros, long maxMicros, long worstSecondP99Micros) {}

    private static Figures figures(Phase phase) {
        Histogram all = phase.all;
        return new Figures(
                all.getTotalCount(),
                phase.errors,
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(99),
                all.getTotalCount() == 0 ? 0 : all.getMaxValue(),
                phase.worstSecondP99Micros);
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(WINDOW.toMillis());
                synchronized (this) {
                    collect();
                    closeWindow();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves what was recorded since the last time to the phase. */
    private void collect() {
        Histogram since = recorder.getIntervalHistogram();
        phase.all.add(since);
        phase.errors += errors.getAndSet(0);
        windows.add(since);
    }

    private void closeWindow() {
        Histogram window = new Histogram(DIGITS);
        windows.forEach(window::add);
        windows.clear();
        if (window.getTotalCount() >= WINDOW_STATEMENTS_MIN) {
            phase.worstSecondP99Micros = Math.max(phase.worstSecondP99Micros, window.getValueAtPercentile(99));
        }
    }

    private static final class Phase {
        private final Histogram all = new Histogram(DIGITS);
        private long errors;
        private long worstSecondP99Micros;
    }
}
