package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Random tables, random changes, random writers: the changed table must be what the server's own ALTER makes of the same rows, and one that is
 * taken back again what it would have been without.
 *
 * <p>{@code -Dcrossfade.test.runs=200} for a long run; a failure names its seed.
 */
class StressTest {
    private static final int RUNS = Integer.getInteger("crossfade.test.runs", 6);

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void nothingIsLostWhateverIsChangedAndWritten(TestServer server, TestDatabase database) {
        AtomicInteger takenBack = new AtomicInteger();
        SeededRandom.forAll(RUNS, random -> {
            if (change(random, server, database)) {
                takenBack.incrementAndGet();
            }
        });
        System.out.println(server.kind() + ": " + takenBack + " of " + RUNS + " changes were taken back");
    }

    private static boolean change(SeededRandom random, TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        try (StressMode mode = StressMode.set(random, server.kind(), trial)) {
            return change(random, server, trial, mode);
        }
    }

    private static boolean change(SeededRandom random, TestServer server, AlterTrial trial, StressMode mode)
            throws Exception {
        StressNames called = random.chance(70) ? StressNames.any(random) : StressNames.PLAIN;
        StressCase one = StressCase.prepare(
                random, server.kind(), trial, called, mode.quotesNames() && random.chance(50) ? '"' : '`');
        try {
            one.pace();
            boolean isTakenBack = false;
            try (StressWriters writers = one.write(2 + random.nextInt(3))) {
                writers.awaitMore(5);
                try (StressBound bound = StressBound.of(trial)) {
                    one.change();
                }
                writers.awaitMore(20);
                if (random.chance(50)) {
                    try (StressBound bound = StressBound.of(trial)) {
                        isTakenBack = one.revert();
                    }
                    writers.awaitMore(5);
                }
                writers.end();
            }
            assertThat(trial.said())
                    .describedAs("what the run said")
                    .noneMatch(t -> t.contains("should not have been necessary"));
            if (isTakenBack) {
                one.compareTakenBack();
            } else {
                one.compare();
            }
            return isTakenBack;
        } catch (Exception | AssertionError e) {
            throw new AssertionError(mode + ";\n" + one + "\n" + trial.said() + "\n" + e.getMessage(), e);
        }
    }
}
