package io.crossfade.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that can stop in the middle, for as long as the simulation likes, while others go on. It has a thread of its
 * own, but only one thread of a simulation ever runs: {@link #resume} comes back when the work has stopped or ended.
 *
 * <p>Confined to one simulation at a time; threads are used again.
 */
final class Fiber {
    private static final Deque<Fiber> IDLE = new ArrayDeque<>();

    private final Semaphore toWork = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private @Nullable Runnable work;
    private boolean isEnded;
    private @Nullable Throwable failure;

    private Fiber() {
        Thread thread = new Thread(this::run, "simulated");
        thread.setDaemon(true);
        thread.start();
    }

    static Fiber of(Runnable work) {
        Fiber idle;
        synchronized (IDLE) {
            idle = IDLE.poll();
        }
        Fiber fiber = idle == null ? new Fiber() : idle;
        fiber.work = work;
        fiber.isEnded = false;
        return fiber;
    }

    private void run() {
        while (true) {
            toWork.acquireUninterruptibly();
            try {
                Runnable todo = work;
                if (todo != null) {
                    todo.run();
                }
            } catch (Throwable e) {
                failure = e;
            }
            isEnded = true;
            back.release();
        }
    }

    /**
     * Goes on with the work until it stops or ends.
     *
     * @return whether it has ended; from then on the fiber is another simulation's
     */
    boolean resume() {
        toWork.release();
        back.acquireUninterruptibly();
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            work = null;
            throw new IllegalStateException("a simulated process failed", thrown);
        }
        if (!isEnded) {
            return false;
        }
        work = null;
        synchronized (IDLE) {
            IDLE.push(this);
        }
        return true;
    }

    /** Called by the work: stops until somebody resumes it. */
    void park() {
        back.release();
        toWork.acquireUninterruptibly();
    }
}
