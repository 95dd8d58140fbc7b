package io.crossfade.jdbc;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.MySqlDialect;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the control tables, on whichever thread needs it, and tells them what is to be told: which sessions the client holds, what
 * it acknowledges, answers and has measured. A look begins the lease anew.
 *
 * <p>A process that was stopped for longer than a lease finds that out at its next statement, and that statement's thread looks
 * before it goes on.
 *
 * <p>Safe for many threads. Its lock is the link's: whoever asks the control tables holds it.
 */
final class ControlPoll {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPoll.class);

    /** Bounds of the control connection's time-outs: a quarter of the lease, within these. Judged, not measured. */
    private static final long TIMEOUT_MILLIS_MIN = 500;

    private static final long TIMEOUT_MILLIS_MAX = 3000;

    /** A client that was not known looks once more; that it is forgotten in between, or renews in one millisecond, is rare. */
    private static final int LOOKS_MAX = 10;

    private final String address;
    private final DriverSettings settings;
    private final ClientIdentity identity;
    private final LongSupplier nanoClock;
    private final ControlState state;
    private final Acknowledger acknowledger;
    private final GateAnswers answers;
    private final Lease lease;
    private final Outage outage;

    private final ReentrantLock lock = new ReentrantLock();
    private final ControlConnection control;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private long gateReadNanos;

    ControlPoll(
            String address,
            DriverSettings settings,
            HostProcess process,
            ControlConnection control,
            ControlState state,
            Acknowledger acknowledger) {
        this.address = address;
        this.settings = settings;
        this.identity = process.identity();
        this.nanoClock = process.nanoClock();
        this.control = control;
        this.state = state;
        this.acknowledger = acknowledger;
        this.answers = new GateAnswers(identity, acknowledger, state.gate());
        this.lease = new Lease(settings.lease());
        this.outage = new Outage(address, settings.poll());
    }

    /** How long a call on the control connection may take. */
    static Duration timeout(DriverSettings settings) {
        long quarter = settings.lease().toMillis() / 4;
        return Duration.ofMillis(Math.max(TIMEOUT_MILLIS_MIN, Math.min(TIMEOUT_MILLIS_MAX, quarter)));
    }

    /** Something that is asked of the control tables. */
    @FunctionalInterface
    interface Asking {
        void run() throws SQLException;
    }

    /** Does it while nobody else asks the control tables. */
    void exclusively(Asking asking) throws SQLException {
        acquireLock();
        try {
            asking.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The first look; within {@link #exclusively}.
     *
     * @return whom it speaks with
     */
    Dialect begin() throws SQLException {
        try {
            Dialect served = MySqlDialect.of(control.serverVersion());
            acknowledger.showsAttributes(control.showsAttributes());
            poll();
            return served;
        } catch (SQLException e) {
            control.drop();
            throw CrossfadeError.isReadOnly(e) ? CrossfadeError.notRegistered(address, e) : e;
        }
    }

    // --- what sessions ask ----------------------------------------------------------------------------------------

    /** Called before every statement: looks at the control state where the last look is older than the lease. */
    void freshen() {
        long now = nanoClock.getAsLong();
        boolean failedLately = outage.wasSeen(now);
        if (!lease.isFresh(now) && !failedLately) {
            try {
                acquireLock();
            } catch (SQLException e) {
                return; // Whoever holds the lock is trying; without success the lease stays lost.
            }
            try {
                if (!lease.isFresh(nanoClock.getAsLong())) {
                    tryPoll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether statements on changing tables may be sent. */
    boolean holdsLease() {
        return lease.isFresh(nanoClock.getAsLong());
    }

    /** Looks at the control state now. */
    void refresh() throws SQLException {
        acquireLock();
        try {
            orDrop(this::poll);
        } finally {
            lock.unlock();
        }
    }

    Optional<Table> readTable(TableName name) throws SQLException {
        acquireLock();
        try {
            return control.catalog().table(name);
        } catch (SQLException e) {
            control.drop();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    // --- what the heartbeat does ----------------------------------------------------------------------------------

    boolean isFailing() {
        return outage.isOn();
    }

    /** Whether a gate is closed, and a session that may touch its tables has not come to its end. */
    boolean isWaitedFor() {
        return answers.areWaited();
    }

    /** Whether it is time to renew the lease. */
    boolean isDue() {
        return lease.ageNanos(nanoClock.getAsLong()) >= settings.poll().toNanos();
    }

    /** Looks at the gates alone, and answers; in between only at the client's own sessions. */
    void watchGate() {
        lock.lock();
        try {
            attempt(() -> {
                long now = nanoClock.getAsLong();
                if (now - gateReadNanos
                        >= state.gate().poll().orElse(Duration.ZERO).toNanos()) {
                    gateReadNanos = now;
                    state.install(control.store());
                }
                answers.give(control.store(), state.current().announced());
            });
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the control state once, as the heartbeat does again and again. */
    void look() {
        lock.lock();
        try {
            tryPoll();
        } finally {
            lock.unlock();
        }
    }

    // --- a look ---------------------------------------------------------------------------------------------------

    private void tryPoll() {
        attempt(this::poll);
    }

    private void attempt(Asking asking) {
        try {
            orDrop(asking);
            outage.end();
        } catch (SQLException | RuntimeException e) {
            outage.see(e, nanoClock.getAsLong());
        }
    }

    private void orDrop(Asking asking) throws SQLException {
        try {
            asking.run();
        } catch (SQLException | RuntimeException e) {
            control.drop();
            throw e;
        }
    }

    private void poll() throws SQLException {
        if (stopped.getCount() == 0) {
            return;
        }
        long begunNanos = nanoClock.getAsLong();
        if (!lease.isFresh(begunNanos)) {
            acknowledger.registerAnew();
        }
        for (int look = 1; acknowledger.report(control, state.install(control.store())); look++) {
            if (look == LOOKS_MAX) {
                throw new SQLTransientConnectionException(
                        "cannot register in the control tables of " + address
                                + ": the client is forgotten again and again; retry",
                        "08001");
            }
        }
        lease.begin(begunNanos);
        answers.give(control.store(), state.current().announced());
        state.times().report(control.store(), identity.id());
    }

    // --- the end --------------------------------------------------------------------------------------------------

    /** Nobody looks any more. */
    void stop() {
        stopped.countDown();
    }

    /** False where the time went by and looks go on. */
    boolean awaitStop(Duration max) throws InterruptedException {
        return stopped.await(max.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Reports for the last time and ends the control connection. The client is taken out of the control tables only where no
     * session is left: one that is still at work must stay known until it is gone, and its lease sees to that.
     */
    void leave() {
        lock.lock();
        try {
            acknowledger.reportLast(control.store(), state.current());
            if (!acknowledger.hasSessions()) {
                acknowledger.forget(control.store());
            }
        } catch (SQLException e) {
            LOG.debug("client {} stays in the control tables of {} until its lease ends", identity.id(), address, e);
        } finally {
            control.drop();
            lock.unlock();
        }
    }

    /** Waits for the control connection as long as two calls on it may take. */
    private void acquireLock() throws SQLException {
        try {
            if (lock.tryLock(2 * timeout(settings).toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SQLTransientConnectionException(
                "cannot reach the control tables of " + address + ": their connection is in use; retry", "08001");
    }
}
