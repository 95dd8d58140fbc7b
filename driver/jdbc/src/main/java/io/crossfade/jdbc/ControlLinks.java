package io.crossfade.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The links of a driver: one for each database, user and settings. A link without sessions is closed after a while, when the
 * JVM ends, and when the driver is deregistered.
 *
 * <p>Safe for many threads.
 */
final class ControlLinks {

    /** A pool that is emptied and filled again soon keeps its link. Judged, not measured. */
    private static final long IDLE_MILLIS_MAX = 60_000;

    /** How long the end of the JVM waits for pools to close. Judged, not measured. */
    private static final long SHUTDOWN_MILLIS_MAX = 1000;

    private static final long SHUTDOWN_STEP_MILLIS = 20;

    /** Gives each target its source of control connections. */
    @FunctionalInterface
    interface Sources {
        ControlConnection.Source of(Target target);
    }

    private record Key(String address, String user, DriverSettings settings) {}

    private static final class Held {
        private final ControlLink link;
        private int users;
        private long idleSinceNanos;

        private Held(ControlLink link) {
            this.link = link;
        }
    }

    private final Sources sources;
    private final LongSupplier nanoClock;
    private final Map<Key, Held> held = new HashMap<>();
    private @Nullable ScheduledExecutorService sweeper;
    private @Nullable Thread shutdownHook;

    ControlLinks() {
        this(target -> () -> target.connectControl(ControlPoll.timeout(target.settings())), System::nanoTime);
    }

    ControlLinks(Sources sources, LongSupplier nanoClock) {
        this.sources = sources;
        this.nanoClock = nanoClock;
    }

    /** The started link to this database; {@link #release} must follow. */
    ControlLink acquire(Target target) throws SQLException {
        Key key = key(target);
        Held use;
        synchronized (this) {
            use = held.get(key);
            if (use == null) {
                ControlLink link = new ControlLink(target.address(), target.settings(), sources.of(target), nanoClock);
                use = new Held(link);
                held.put(key, use);
                startSweeping();
            }
            use.users++;
        }
        try {
            use.link.start();
            return use.link;
        } catch (SQLException | RuntimeException e) {
            release(target);
            throw e;
        }
    }

    synchronized void release(Target target) {
        Held use = held.get(key(target));
        if (use != null && --use.users == 0) {
            use.idleSinceNanos = System.nanoTime();
        }
    }

    /** Closes every link. Sessions that are still open go on, without rewriting on a lease. */
    void closeAll() {
        List<ControlLink> closing = new ArrayList<>();
        synchronized (this) {
            held.values().forEach(use -> closing.add(use.link));
            held.clear();
            stopSweeping();
        }
        closing.forEach(ControlLink::close);
    }

    private void sweep() {
        List<ControlLink> closing = new ArrayList<>();
        synchronized (this) {
            held.values().removeIf(use -> {
                boolean isIdle = use.users == 0
                        && !use.link.hasSessions()
                        && System.nanoTime() - use.idleSinceNanos > TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS_MAX);
                if (isIdle) {
                    closing.add(use.link);
                }
                return isIdle;
            });
            if (held.isEmpty()) {
                stopSweeping();
            }
        }
        closing.forEach(ControlLink::close);
    }

    private synchronized void startSweeping() {
        if (sweeper == null) {
            sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "crossfade-links");
                thread.setDaemon(true);
                return thread;
            });
            var unused = sweeper.scheduleWithFixedDelay(
                    this::sweep, IDLE_MILLIS_MAX, IDLE_MILLIS_MAX / 4, TimeUnit.MILLISECONDS);
            shutdownHook = new Thread(this::shutDown, "crossfade-shutdown");
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        }
    }

    private synchronized void stopSweeping() {
        if (sweeper != null) {
            sweeper.shutdown();
            sweeper = null;
        }
        if (shutdownHook != null && Thread.currentThread() != shutdownHook) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException e) {
                // The JVM is ending already: the hook runs, and finds nothing.
            }
        }
        shutdownHook = null;
    }

    /** Pools are closed by hooks of their own, at the same time as this one runs. */
    private void shutDown() {
        long begunNanos = System.nanoTime();
        try {
            while (isAnyRegisteredBusy()
                    && System.nanoTime() - begunNanos < TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MILLIS_MAX)) {
                Thread.sleep(SHUTDOWN_STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeAll();
    }

    private synchronized boolean isAnyRegisteredBusy() {
        return held.values().stream()
                .anyMatch(use -> use.link.hasSessions() && !use.link.current().isQuiet());
    }

    private static Key key(Target target) {
        return new Key(target.address(), target.user(), target.settings());
    }
}
