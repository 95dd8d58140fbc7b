package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Every wait of a run hears that the run has to end. */
class StoppingTest {
    private static final String ALTER = "ADD COLUMN note INT NOT NULL DEFAULT 7";

    private static void fill(Scene scene) throws Exception {
        scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, k INT NOT NULL)");
        scene.fill("t", "id, k", "n, n", 2000);
    }

    @ServerTest({ServerKind.MYSQL_80})
    void aRunThatFailsWhileItsCopyIsHeldLeavesNoThread(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            fill(scene);
            AtomicReference<Thread> held = new AtomicReference<>();
            scene.trial.listener = progress -> {
                if (progress instanceof Progress.Throttled) {
                    held.compareAndSet(null, Thread.currentThread());
                }
                scene.trial.progress.add(progress);
            };
            scene.start("t", ALTER).untilHalf();
            scene.trial.execute("ALTER TABLE t ADD COLUMN other INT");
            assertThat(scene.end()).isInstanceOf(MigrationException.class);
            Thread copying = Objects.requireNonNull(held.get());
            assertThat(copying.getName()).startsWith("crossfade-copy");
            assertThat(copying.isAlive()).as("it outlived the run").isFalse();
        }
    }

    /** Holds whoever asks, from a moment on that everybody sees. Safe for many threads. */
    private static final class Hold implements Throttle {
        private final CountDownLatch asked = new CountDownLatch(2);
        private volatile boolean isShut;

        @Override
        public Optional<String> reason() {
            if (isShut) {
                // By the second question the answer to the first is known to all.
                asked.countDown();
            }
            return isShut ? Optional.of("the test holds it") : Optional.empty();
        }

        @Override
        public Duration every() {
            return Duration.ofMillis(5);
        }

        void shut() {
            isShut = true;
            try {
                assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @ServerTest({ServerKind.MYSQL_80})
    void panicIsHeardDuringTheComparison(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            fill(scene);
            Hold hold = new Hold();
            scene.trial.throttles.add(hold);
            scene.trial.listener = progress -> {
                if (progress instanceof Progress.Reached at && at.milestone() == Milestone.ROW_COPY_COMPLETE) {
                    hold.shut();
                }
                scene.trial.progress.add(progress);
            };
            scene.start("t", ALTER).open();
            scene.until(
                    "the comparison is held",
                    () -> scene.status().state().equals("checksum")
                            && scene.status().throttledBy().equals("the test holds it"));
            scene.trial.controls.panic();
            assertThat(scene.end()).hasMessageContaining("panic");
        }
    }

    @ServerTest({ServerKind.MYSQL_80})
    void panicIsHeardDuringARevert(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            fill(scene);
            scene.start("t", ALTER).open().finish();
            Hold hold = new Hold();
            hold.isShut = true;
            scene.trial.throttles.add(hold);
            scene.startBack(new TableAlter(scene.trial.table("t"), ALTER));
            scene.until(
                    "the way back is held", () -> scene.status().throttledBy().equals("the test holds it"));
            scene.trial.controls.panic();
            assertThat(scene.end()).hasMessageContaining("panic");
        }
    }

    @ServerTest({ServerKind.MYSQL_80})
    void criticalLoadEndsARunWhoseCutOverIsPutOff(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            fill(scene);
            scene.trial.controls.postpone();
            scene.trial.throttles.add(() -> {
                if (scene.status().state().equals("postponing cut-over")) {
                    throw MigrationException.stopped("stopped: critical load; the test says so");
                }
                return Optional.empty();
            });
            scene.start("t", ALTER).open();
            assertThat(scene.end()).hasMessageContaining("critical load");
        }
    }

    /** The run's own thread waits for a beat then, and looks at nothing else. */
    @ServerTest({ServerKind.MYSQL_80})
    void panicIsHeardWhileTheHeartbeatsSessionIsOpenedAnew(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            fill(scene);
            AtomicBoolean isGone = new AtomicBoolean();
            AtomicInteger beats = new AtomicInteger();
            scene.trial.source = new WatchedSource(scene.trial::connect, new WatchedSource.Watch() {
                @Override
                public void before(Connection session, String sql) throws SQLException {
                    if (isGone.get() && sql.startsWith("INSERT INTO") && sql.contains("_t_ghc")) {
                        beats.incrementAndGet();
                        throw WatchedSource.lost(session);
                    }
                }
            });
            scene.trial.listener = progress -> {
                if (progress instanceof Progress.Reached at && at.milestone() == Milestone.ROW_COPY_COMPLETE) {
                    isGone.set(true);
                }
                scene.trial.progress.add(progress);
            };
            scene.start("t", ALTER).open();
            // By now its pauses are longer than what any other wait takes to look.
            scene.until("the session is opened again and again", () -> beats.get() > 3);
            scene.trial.controls.panic();
            assertThat(scene.end()).hasMessageContaining("panic");
        }
    }
}
