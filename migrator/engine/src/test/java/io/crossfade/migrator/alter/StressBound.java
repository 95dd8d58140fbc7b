package io.crossfade.migrator.alter;

import java.time.Duration;

/** Ends a run that takes too long, so that a test fails instead of hanging. */
final class StressBound implements AutoCloseable {
    private static final Duration RUN_MAX = Duration.ofSeconds(Integer.getInteger("crossfade.test.run.seconds", 40));

    private final Thread thread;

    private StressBound(Thread thread) {
        this.thread = thread;
    }

    static StressBound of(AlterTrial trial) {
        Thread thread = new Thread(
                () -> {
                    try {
                        Thread.sleep(RUN_MAX.toMillis());
                        trial.cancel.request();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stress-bound");
        thread.setDaemon(true);
        thread.start();
        return new StressBound(thread);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
