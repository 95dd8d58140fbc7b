package io.crossfade.cli;

import io.crossfade.migrator.signal.Cancel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl-C: the run is asked to stop, finishes its chunk, saves, and the process ends with the run's own exit code.
 *
 * <p>Safe for many threads.
 */
final class Interruption {

    /** A chunk takes a fraction of a second, an index build may take long; then the process ends anyhow, resumable. */
    private static final long STOP_BOUND_SECONDS = 30;

    private final Cancel cancel = new Cancel();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicInteger code = new AtomicInteger(ExitCode.STOPPED.code());

    /** Listens for Ctrl-C from now on. */
    static Interruption install() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::onShutdown, "crossfade-interruption"));
        return interruption;
    }

    Cancel cancel() {
        return cancel;
    }

    /** Tells that the run has ended by itself. */
    void finished(int exitCode) {
        code.set(exitCode);
        finished.countDown();
    }

    private void onShutdown() {
        if (finished.getCount() == 0) {
            return;
        }
        cancel.request();
        try {
            if (!finished.await(STOP_BOUND_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("stopped in the middle of a statement; run the same command again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.err.flush();
        Runtime.getRuntime().halt(code.get());
    }
}
