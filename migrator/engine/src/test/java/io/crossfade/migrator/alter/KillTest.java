package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs that are ended everywhere and begun again, while writers write: nothing is lost, nothing done twice, nothing left behind.
 *
 * <p>{@code -Dcrossfade.test.kills=100} for many kills of real processes.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("crossfade.test.kills", 1);
    private static final int RUNS_MAX = 60;

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aRunThatEndsAtAnyOfItsStepsIsGoneOnWith(TestServer server, TestDatabase database) {
        int steps = KILLS > 3 ? 40 : 2;
        AtomicInteger step = new AtomicInteger();
        SeededRandom.forAll(steps, random -> {
            int at = KILLS > 3 ? step.incrementAndGet() : 1 + random.nextInt(12);
            AlterTrial trial = new AlterTrial(server, database);
            StressCase one = StressCase.prepare(random, server.kind(), trial);
            one.pace();
            AtomicInteger left = new AtomicInteger(at);
            trial.listener = progress -> {
                trial.progress.add(progress);
                if (left.decrementAndGet() == 0) {
                    throw new IllegalStateException("ended at " + progress);
                }
            };
            finish(one, trial, () -> {});
        });
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void sessionsThatAreLostAtAnyStatementAreReplaced(TestServer server, TestDatabase database) {
        SeededRandom.forAll(Math.max(2, KILLS / 5), random -> {
            AlterTrial trial = new AlterTrial(server, database);
            StressCase one = StressCase.prepare(random, server.kind(), trial);
            one.pace();
            FailingSource failing = new FailingSource(trial::connect);
            trial.source = failing;
            finish(one, trial, () -> failing.failAt(random.nextInt(random.pick(30, 100, 500)), random.chance(50)));
        });
    }

    private static void finish(StressCase one, AlterTrial trial, Runnable beforeEach) throws Exception {
        try (StressWriters writers = one.write(2);
                StressBound bound = StressBound.of(trial)) {
            writers.awaitMore(3);
            for (int run = 1; ; run++) {
                beforeEach.run();
                try {
                    one.change();
                    break;
                } catch (SQLException | RuntimeException e) {
                    if (run == RUNS_MAX || trial.cancel.isRequested()) {
                        throw e;
                    }
                }
            }
            writers.awaitMore(10);
            writers.end();
            one.compare();
            verify(trial, trial.said());
        } catch (Exception | AssertionError e) {
            throw new AssertionError(one + "\n" + trial.said() + "\n" + e.getMessage(), e);
        }
    }

    private static void verify(AlterTrial trial, List<String> said) throws SQLException {
        assertThat(said).describedAs("what the runs said").noneMatch(t -> t.contains("should not have been necessary"));
        assertThat(said.stream().filter(t -> t.startsWith("cut over: ")).count())
                .isLessThanOrEqualTo(1);
        assertThat(trial.column("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"))
                .containsExactlyInAnyOrder("t", "twin", "_t_del", "_t_ghk");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void processesThatAreKilledAreFollowedByOthers(TestServer server, TestDatabase database) {
        AtomicInteger kills = new AtomicInteger();
        while (kills.get() < KILLS) {
            SeededRandom.forAll(1, random -> {
                AlterTrial trial = new AlterTrial(server, database);
                StressCase one = StressCase.prepare(random, server.kind(), trial);
                StringBuilder said = new StringBuilder();
                try (StressWriters writers = one.write(2)) {
                    writers.awaitMore(3);
                    int now = 0;
                    while (!ends(server, database, one, said, now < 8 ? random.nextInt(1500) : 120_000)) {
                        now++;
                    }
                    kills.addAndGet(Math.max(1, now));
                    writers.awaitMore(10);
                    writers.end();
                    one.compare();
                    verify(trial, said.toString().lines().toList());
                } catch (Exception | AssertionError e) {
                    throw new AssertionError(one + "\n" + said + "\n" + e.getMessage(), e);
                }
            });
        }
    }

    /** Starts the program and kills it so many milliseconds after its first word; tells whether it came to its end. */
    private static boolean ends(
            TestServer server, TestDatabase database, StressCase one, StringBuilder said, int killMillis)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRun.class.getName(),
                server.host(),
                Integer.toString(server.port()),
                server.user(),
                database.name(),
                one.alter());
        builder.environment().put("KILLED_RUN_PASSWORD", server.password());
        Process process = builder.redirectErrorStream(true).start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            Thread killer = new Thread(() -> {
                try {
                    if (!process.waitFor(killMillis, TimeUnit.MILLISECONDS)) {
                        // The handle, since the process itself would close the stream that is being read.
                        process.toHandle().destroyForcibly();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            killer.start();
            boolean isEnd = false;
            while (line != null) {
                said.append(line).append('\n');
                isEnd |= line.equals("END");
                line = reader.readLine();
            }
            int exit = process.waitFor();
            if (!isEnd && exit != 137) {
                throw new AssertionError("the program ended with " + exit);
            }
            return isEnd;
        } finally {
            process.destroyForcibly();
        }
    }
}
