package io.crossfade.migrator.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrottlesTest {
    private final Cancel cancel = new Cancel();
    private final List<Progress> seen = new CopyOnWriteArrayList<>();
    private final List<Throttles> opened = new ArrayList<>();

    private Throttles throttles(Throttle... all) {
        Throttles throttles = new Throttles(List.of(all), cancel, seen::add);
        opened.add(throttles);
        return throttles;
    }

    @AfterEach
    void end() {
        opened.forEach(Throttles::close);
    }

    @Test
    void manyThreadsWaitWhileThereIsAReasonAndOneTellsIt() throws Exception {
        ThrottleSettings settings = new ThrottleSettings();
        settings.isThrottledByHand(true);
        Throttles throttles = throttles(new ByHand(settings::isThrottledByHand));
        ExecutorService copiers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waiting.add(copiers.submit(throttles::await));
            }
            await().until(() -> !seen.isEmpty());
            assertThat(waiting).noneMatch(Future::isDone);
            assertThat(throttles.reason()).contains("commanded by user");
            settings.isThrottledByHand(false);
            for (Future<?> each : waiting) {
                each.get(10, TimeUnit.SECONDS);
            }
        } finally {
            copiers.shutdownNow();
        }
        assertThat(seen).containsOnly(new Progress.Throttled("commanded by user"));
        assertThat(seen.size()).as("told at most twice a second, whoever waits").isLessThan(40);
    }

    @Test
    void canBeStoppedWhileItWaits() {
        Throttles throttles = new Throttles(List.of(() -> Optional.of("busy")), cancel, p -> cancel.request());
        opened.add(throttles);
        assertThatThrownBy(throttles::await).isInstanceOf(MigrationException.class);
    }

    @Test
    void theEndOfARunIsHeardWhileItsThreadWaits() {
        Cancel ofRun = new Cancel();
        Throttles throttles = new Throttles(List.of(() -> Optional.of("busy")), cancel, p -> ofRun.request());
        opened.add(throttles);
        assertThatThrownBy(() -> throttles.awaitUnless(ofRun)).isInstanceOf(MigrationException.class);
        assertThat(cancel.isRequested()).isFalse();
    }

    @Test
    void aSignalThatCannotBeReadHoldsBackAndSaysWhy() {
        Throttles throttles = throttles(() -> {
            throw new SQLException("gone away");
        });
        await().until(() -> throttles.reason().orElse("").contains("cannot be read: gone away"));
    }

    @Test
    void aSignalThatDoesNotAnswerHoldsBack() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicLong asked = new AtomicLong();
        Throttles throttles = throttles(() -> {
            if (asked.incrementAndGet() > 1) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Optional.empty();
        });
        try {
            throttles.await();
            await().until(() -> throttles.reason().orElse("").contains("has not answered for"));
        } finally {
            never.countDown();
        }
    }

    @Test
    void criticalLoadEndsEverybodyAndTheThread() {
        Throttles throttles = throttles(() -> {
            throw MigrationException.stopped("stopped: critical load");
        });
        assertThatThrownBy(throttles::await).hasMessage("stopped: critical load");
        assertThatThrownBy(throttles::check).hasMessage("stopped: critical load");
        assertThatThrownBy(throttles::reason).hasMessage("stopped: critical load");
    }

    @Test
    void closingEndsTheThreadAndGivesConnectionsBack() {
        AtomicLong released = new AtomicLong();
        Throttles throttles = throttles(new Throttle() {
            @Override
            public Optional<String> reason() {
                return Optional.empty();
            }

            @Override
            public void release() {
                released.incrementAndGet();
            }
        });
        throttles.await();
        throttles.close();
        assertThat(released).hasValue(1);
    }

    @Test
    void flagFilesHoldBackWhileTheyAreThere(@TempDir Path directory) throws IOException {
        ThrottleSettings settings = new ThrottleSettings();
        FlagFile flag = new FlagFile(settings::flagFile);
        Path file = Files.writeString(directory.resolve("hold"), "");
        assertThat(flag.reason()).isEmpty();
        settings.flagFile(file);
        assertThat(flag.reason()).hasValueSatisfying(r -> assertThat(r).contains("hold"));
        Files.delete(file);
        assertThat(flag.reason()).isEmpty();
    }

    @Test
    void whatTheRunMeasuresHoldsBackAboveItsLimitAndWhereItIsNotKnown() {
        AtomicLong lag = new AtomicLong(1500);
        ThrottleSettings settings = new ThrottleSettings();
        OwnMeasure heartbeat = OwnMeasure.heartbeat(lag::get, settings::maxLagMillis);
        assertThat(heartbeat.reason()).isEmpty();
        lag.set(1501);
        assertThat(heartbeat.reason()).contains("heartbeat lag is 1501 ms, above 1500 ms");
        settings.maxLagMillis(2000);
        assertThat(heartbeat.reason()).isEmpty();
        lag.set(-1);
        assertThat(heartbeat.reason()).contains("heartbeat lag is not known");
        OwnMeasure commit = OwnMeasure.commit(lag::get, settings::commitMicrosMax);
        assertThat(commit.reason()).as("no limit set").isEmpty();
        assertThat(commit.every()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void limitsAreReadAsGhOstWritesThem() {
        List<Limit> limits = Limit.parse("Threads_running=25,Threads_connected=500");
        assertThat(limits).containsExactly(new Limit("Threads_running", 25), new Limit("Threads_connected", 500));
        assertThat(Limit.text(limits)).isEqualTo("Threads_running=25,Threads_connected=500");
        assertThatThrownBy(() -> Limit.parse("Threads_running>25")).hasMessageContaining("is not a limit");
    }
}
