package io.crossfade.migrator.alter;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends a run that takes too long, so that a test fails instead of hanging. */
final class StressBound implements AutoCloseable {
    private static final Duration RUN_MAX = Duration.ofSeconds(Integer.getInteger("crossfade.test.run.seconds", 40));

    private final CountDownLatch over = new CountDownLatch(1);

    private StressBound() {}

    static StressBound of(AlterTrial trial) {
        StressBound bound = new StressBound();
        Thread thread = new Thread(() -> bound.watch(trial), "stress-bound");
        thread.setDaemon(true);
        thread.start();
        return bound;
    }

    private void watch(AlterTrial trial) {
        try {
            if (!over.await(RUN_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                trial.cancel.request();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}
