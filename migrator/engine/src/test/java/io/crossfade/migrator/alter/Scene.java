package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run that a test can hold in the middle of its copy, and before its cut-over. Confined to the test's thread, but for the run's
 * own.
 */
final class Scene implements AutoCloseable {

    /** A crowded machine needs seconds where an idle one needs none. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(90);

    /** Some chunks, of many. */
    private static final int HELD_ROWS = 100;

    /** Rests in which the gate is looked at, which is every few milliseconds. */
    private static final double REST_RATIO = 5;

    private static final Pattern REPAIRED = Pattern.compile("checksum of .*, (\\d+) repaired.*");

    /** What is looked at beforehand is not asked: these are the faults that show only while a run is under way. */
    static final Rules UNCHECKED = SomeRules.with(r -> {
        r.route = Rules.Route.GHOST;
        r.acceptsLint = true;
    });

    final AlterTrial trial;
    private final Gate gate = new Gate();
    private volatile @Nullable Alteration alteration;
    private @Nullable Thread thread;
    private volatile @Nullable Throwable failure;

    Scene(TestServer server, TestDatabase database) {
        trial = new AlterTrial(server, database);
        trial.throttles.add(gate);
        trial.rules = UNCHECKED;
        // Small chunks with rests, so that some are copied before the gate shuts and many are not.
        trial.controls.chunkRows(50);
        trial.controls.niceRatio(REST_RATIO);
        trial.bounds = bounds(1, Duration.ofMillis(500));
    }

    static Bounds bounds(int threads, Duration checkpointEvery) {
        return Bounds.DEFAULT
                .withCopy(new Bounds.Copy(threads, Duration.ofMillis(1)))
                .withRhythm(new Bounds.Rhythm(checkpointEvery, Duration.ofMillis(50)))
                .withCutOver(new Limits(Duration.ofMillis(1500), 60, Duration.ofSeconds(2), false));
    }

    /** Lets the copy begin and then holds it. Safe for many threads. */
    private final class Gate implements Throttle {
        private boolean isOpen;

        @Override
        public synchronized Optional<String> reason() {
            return isOpen || alteration == null || status().rowsCopied() < HELD_ROWS
                    ? Optional.empty()
                    : Optional.of("the test holds it");
        }

        @Override
        public Duration every() {
            return Duration.ofMillis(5);
        }

        synchronized void open() {
            isOpen = true;
        }
    }

    /** Starts the run. */
    Scene start(TableAlter... alters) {
        Alteration started = trial.alteration(alters);
        return start(started, started::run);
    }

    /** Starts the way back. */
    Scene startBack(TableAlter alter) {
        Alteration started = trial.alteration(alter);
        return start(started, started::revert);
    }

    private Scene start(Alteration started, Crew.Job way) {
        alteration = started;
        failure = null;
        Thread running = new Thread(
                () -> {
                    try {
                        way.run();
                    } catch (Throwable e) {
                        failure = e;
                    }
                },
                "the run");
        running.setDaemon(true);
        thread = running;
        running.start();
        return this;
    }

    Scene start(String table, String alter) {
        return start(new TableAlter(trial.table(table), alter));
    }

    /** Waits until some of the rows are copied and the copy is held. */
    Scene untilHalf() throws Exception {
        until("the copy is held", () -> {
            synchronized (trial.progress) {
                return trial.progress.stream().anyMatch(Progress.Throttled.class::isInstance);
            }
        });
        return this;
    }

    Status status() {
        Alteration started = alteration;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started.status();
    }

    /** Lets the copy go on. */
    Scene open() {
        gate.open();
        trial.controls.niceRatio(0);
        return this;
    }

    /** Waits for the run's good end. */
    void finish() throws Exception {
        Throwable end = end();
        if (end != null) {
            throw new AssertionError("the run failed; it said " + trial.said(), end);
        }
    }

    /** Waits for the run's end; what ended it, or null. */
    @Nullable
    Throwable end() throws Exception {
        Thread running = thread;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        running.join(WAIT_MAX.toMillis());
        assertThat(running.isAlive())
                .as("the run still goes on: " + status() + "; " + trial.said())
                .isFalse();
        return failure;
    }

    boolean isCopying() {
        return isRunning() && status().state().equals("migrating");
    }

    boolean isRunning() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    /** Waits for a condition; a run that has ended meanwhile will not bring it about. */
    void until(String what, Callable<Boolean> condition) throws Exception {
        long untilNanos = System.nanoTime() + WAIT_MAX.toNanos();
        while (!condition.call()) {
            if (failure != null) {
                throw new AssertionError("the run failed before: " + what, failure);
            }
            if (System.nanoTime() > untilNanos) {
                fail("not within " + WAIT_MAX.toSeconds() + " s: " + what + "; " + status() + "; " + trial.said());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Rows that the checksums had to mend. */
    int repaired() {
        int sum = 0;
        for (String text : trial.said()) {
            Matcher m = REPAIRED.matcher(text.startsWith("warning: ") ? text.substring(9) : text);
            if (m.matches()) {
                sum += Integer.parseInt(m.group(1));
            }
        }
        return sum;
    }

    /** Rows 1 to n of {@code (id, …)} by one statement: the expression may use {@code n}. */
    void fill(String table, String columns, String values, int rows) throws SQLException {
        trial.execute(
                "CREATE TABLE IF NOT EXISTS digits (d INT PRIMARY KEY)",
                "INSERT IGNORE INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
                "INSERT INTO " + table + " (" + columns + ") SELECT " + values
                        + " FROM (SELECT 1 + a.d + 10 * b.d + 100"
                        + " * c.d + 1000 * e.d + 10000 * f.d AS n FROM digits a, digits b, digits c, digits e, digits f)"
                        + " numbers WHERE n <= " + rows + " ORDER BY n");
    }

    /** Ends a run that is still under way. */
    @Override
    public void close() {
        open();
        trial.cancel.request();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(WAIT_MAX.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
