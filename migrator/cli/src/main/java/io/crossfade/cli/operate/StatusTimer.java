package io.crossfade.cli.operate;

import io.crossfade.migrator.alter.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Once a second: looks for the panic flag, prints the status where it is due, and runs what has to run from time to time. A
 * daemon thread of its own, until it is closed.
 */
public final class StatusTimer implements AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long END_BOUND_MILLIS = 2_000;

    private final OperatedRun run;
    private final Consumer<String> out;
    private final Consumer<Status> everySecond;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::tick, "crossfade-status");
    private volatile long eventNanos = System.nanoTime();

    /**
     * @param out takes what is due, one or more lines
     * @param everySecond what else there is to do
     */
    public StatusTimer(OperatedRun run, Consumer<String> out, Consumer<Status> everySecond) {
        this.run = run;
        this.out = out;
        this.everySecond = everySecond;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Something happened that is worth watching for a while. */
    public void event() {
        eventNanos = System.nanoTime();
    }

    private void tick() {
        try {
            for (long second = 0; !closed.await(second == 0 ? 0 : 1, TimeUnit.SECONDS); second++) {
                Status status = run.status().get();
                if (StatusRhythm.isHintDue(second)) {
                    out.accept(run.hints().get());
                }
                // The last line is the run's own, when all is done.
                boolean isOver = status.state().equals(Status.DONE);
                if (!isOver && StatusRhythm.isDue(second, status, (System.nanoTime() - eventNanos) / SECOND_NANOS)) {
                    out.accept(StatusLine.of(status, run.replicaLagMillis().getAsLong()));
                }
                everySecond.accept(status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(END_BOUND_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
