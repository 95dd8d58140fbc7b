package io.crossfade.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Plays schedules of the protocol, a seed each. {@code -Dcrossfade.test.schedules=N} plays so many from {@code
 * -Dcrossfade.test.first} on, {@code -Dcrossfade.test.seed=S} plays one again and prints all that happens in it.
 */
final class SimulatorTest {
    private static final int SCHEDULES = Integer.getInteger("crossfade.test.schedules", 100);
    private static final long FIRST = Long.getLong("crossfade.test.first", 1);
    private static final @Nullable Long SEED = Long.getLong("crossfade.test.seed");

    /** More than these are not worth reading. */
    private static final int VIOLATIONS_MAX = 20;

    private static final long HOURS_MAX = 4;

    private final Map<Long, String> violations = new ConcurrentSkipListMap<>();
    private final AtomicLong next = new AtomicLong(FIRST);
    private final AtomicInteger played = new AtomicInteger();
    private final AtomicLong events = new AtomicLong();

    @Test
    void nothingIsViolated() throws InterruptedException {
        if (SEED == null) {
            long beganNanos = System.nanoTime();
            playAll();
            System.out.printf(
                    "%,d schedules, seeds %d to %d, %,d events, %d violations, %d s%n",
                    played.get(),
                    FIRST,
                    next.get() - 1,
                    events.get(),
                    violations.size(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos));
        } else {
            World world = new World(SEED, Mutation.NONE, true);
            String violation = world.play();
            System.out.println(world.trace());
            if (violation != null) {
                violations.put(SEED, violation);
            }
        }
        assertThat(violations)
                .as("seeds and what was violated; replay one with -Dcrossfade.test.seed=<seed>")
                .isEmpty();
    }

    private void playAll() throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService players = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++) {
            players.execute(this::play);
        }
        players.shutdown();
        assertThat(players.awaitTermination(HOURS_MAX, TimeUnit.HOURS)).isTrue();
    }

    private void play() {
        while (violations.size() < VIOLATIONS_MAX) {
            long seed = next.getAndUpdate(s -> s < FIRST + SCHEDULES ? s + 1 : s);
            if (seed >= FIRST + SCHEDULES) {
                return;
            }
            World world = new World(seed, Mutation.NONE, false);
            try {
                String violation = world.play();
                if (violation != null) {
                    violations.put(seed, violation);
                }
            } catch (RuntimeException | Error e) {
                violations.put(seed, "the simulation itself: " + e);
            }
            played.incrementAndGet();
            events.addAndGet(world.events());
        }
    }

    @Test
    void aSeedIsPlayedTheSameWayAgain() {
        assertThat(trace(1)).isEqualTo(trace(1)).isNotEmpty();
    }

    /** Without how long anything really took, and when. */
    private static String trace(long seed) {
        World world = new World(seed, Mutation.NONE, true);
        world.play();
        return world.trace()
                .replaceAll("(took|elapsed)=\\w+(\\.\\d+S)?", "$1")
                .replaceAll("since [0-9T:.Z-]+", "since")
                .replaceAll("rowsPerSecond=[0-9.E]+", "rowsPerSecond");
    }

    /** Each fault is found by one of a hundred schedules, the first of which is given: it takes less time than from 1 on. */
    @ParameterizedTest
    @CsvSource({
        "NO_TRANSACTION_FENCE, 1",
        "NO_SESSION_KILL, 1",
        "SKIPPED_STAGE, 1",
        "NO_REFILL, 301",
        "ONLY_NULLS, 401",
        "NO_SECOND_LOOK, 1"
    })
    void theFaultIsFound(Mutation mutation, long first) {
        List<String> found = new ArrayList<>();
        for (long seed = first; seed < first + 100 && found.isEmpty(); seed++) {
            String violation = new World(seed, mutation, false).play();
            if (violation != null) {
                found.add(mutation + " is found by seed " + seed + ": " + violation);
            }
        }
        found.forEach(System.out::println);
        assertThat(found)
                .as("violations with the fault %s in 100 schedules from %d on", mutation, first)
                .isNotEmpty();
    }
}
