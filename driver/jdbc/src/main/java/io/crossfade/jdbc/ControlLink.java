package io.crossfade.jdbc;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.MySqlDialect;
import io.crossfade.flag.Shares;
import io.crossfade.jdbc.flag.Asker;
import io.crossfade.jdbc.flag.FlagFeed;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.sql.Rewriter;
import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's tie to one database: the newest snapshot, read over a connection of its own by a thread of its own, and the
 * lease that this keeps alive. While no change is open it only reads the epoch. While a cut-over is near it looks often.
 *
 * <p>The lease is counted from just before the control tables were asked, so that it never outlasts the server's. A process
 * that was stopped for longer finds that out at its next statement, and that statement's thread looks at the control tables
 * before it goes on.
 *
 * <p>Safe for many threads. Its thread ends with {@link #close}.
 */
final class ControlLink {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLink.class);

    /** Bounds of the control connection's time-outs: a quarter of the lease, within these. Judged, not measured. */
    private static final long TIMEOUT_MILLIS_MIN = 500;

    private static final long TIMEOUT_MILLIS_MAX = 3000;

    /** How long the first connection waits for the first word of flags, where a change is open. Judged, not measured. */
    private static final Duration FIRST_FLAGS_MAX = Duration.ofSeconds(2);

    /** A client that was not known looks once more; that it is forgotten in between, or renews in one millisecond, is rare. */
    private static final int LOOKS_MAX = 10;

    /** Between two looks at the client's own sessions, while statements are held for the end of some. */
    private static final Duration DRAIN_LOOK = Duration.ofMillis(1);

    private final String address;
    private final DriverSettings settings;
    private final HostProcess process;
    private final LongSupplier nanoClock;
    private final Counters counters = new Counters();
    private final NamingCounts namings;
    private final Comparisons comparisons;
    private final LinkCatalog catalog = new LinkCatalog(this);
    private final Acknowledger acknowledger;
    private final Gate gate;
    private final GateAnswers answers;
    private final StatementTimes times;
    private final @Nullable FlagFeed flags;

    private final ReentrantLock lock = new ReentrantLock();
    private final ControlConnection control;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private volatile Snapshot current = Snapshot.NONE;
    private volatile long readNanos;
    private long gateReadNanos;
    private volatile long failedNanos;
    private volatile boolean isFailing;
    private volatile @Nullable Dialect dialect;
    private volatile @Nullable Rewriter rewriter;

    /**
     * @param address how messages name the database
     * @param nanoClock {@link System#nanoTime}, or a test's own
     */
    ControlLink(String address, DriverSettings settings, ControlConnection.Source source, LongSupplier nanoClock) {
        this(address, settings, source, HostProcess.here(nanoClock));
    }

    ControlLink(String address, DriverSettings settings, ControlConnection.Source source, HostProcess process) {
        this.address = address;
        this.settings = settings;
        this.process = process;
        this.nanoClock = process.nanoClock();
        this.control = new ControlConnection(source);
        this.flags = FlagFeed.of(settings.flags().source(), settings.flags().poll(), asker(), this::current)
                .orElse(null);
        this.namings = new NamingCounts(nanoClock);
        this.comparisons = new Comparisons(settings.comparing(), nanoClock, this::current);
        this.acknowledger = new Acknowledger(process.identity(), settings, this::flags, counters, namings, comparisons);
        this.gate = new Gate(nanoClock);
        this.answers = new GateAnswers(process.identity(), acknowledger, gate);
        this.times = new StatementTimes(nanoClock);
    }

    private Asker asker() {
        ClientIdentity identity = process.identity();
        return new Asker(settings.application(), identity.host(), identity.text(), identity.version());
    }

    /** How long a call on the control connection may take. */
    static Duration timeout(DriverSettings settings) {
        long quarter = settings.lease().toMillis() / 4;
        return Duration.ofMillis(Math.max(TIMEOUT_MILLIS_MIN, Math.min(TIMEOUT_MILLIS_MAX, quarter)));
    }

    /** Reads the control state for the first time and starts the thread. Does nothing where that is done. */
    void start() throws SQLException {
        acquireLock();
        try {
            if (dialect == null) {
                begin();
            }
        } finally {
            lock.unlock();
        }
        FlagFeed feed = flags;
        if (feed != null && !current.isQuiet()) {
            feed.awaitFirstLook(FIRST_FLAGS_MAX);
        }
    }

    private void begin() throws SQLException {
        try {
            Dialect served = MySqlDialect.of(control.serverVersion());
            acknowledger.showsAttributes(control.showsAttributes());
            poll();
            rewriter = process.rewriters().apply(served, catalog);
            dialect = served;
        } catch (SQLException e) {
            control.drop();
            throw e;
        }
        Thread thread = new Thread(this::run, "crossfade-control " + address);
        thread.setDaemon(true);
        process.starter().accept(thread);
        if (flags != null) {
            flags.start(address);
        }
    }

    // --- what sessions ask ----------------------------------------------------------------------------------------

    ClientIdentity identity() {
        return process.identity();
    }

    DriverSettings settings() {
        return settings;
    }

    NamingCounts namings() {
        return namings;
    }

    Comparisons comparisons() {
        return comparisons;
    }

    Counters counters() {
        return counters;
    }

    Snapshot current() {
        return current;
    }

    Gate gate() {
        return gate;
    }

    StatementTimes times() {
        return times;
    }

    /** What the source of flags asks for; by one volatile read. */
    Shares flags() {
        Supplier<Shares> own = process.flags();
        if (own != null) {
            return own.get();
        }
        FlagFeed feed = flags;
        return feed == null ? Shares.NONE : feed.shares();
    }

    /** What sessions go by: what flags ask for, and nothing of a change whose rows were seen to differ. */
    Shares shares() {
        return comparisons.over(flags());
    }

    Dialect dialect() {
        return Objects.requireNonNull(dialect, "the link was not started");
    }

    Rewriter rewriter() {
        return Objects.requireNonNull(rewriter, "the link was not started");
    }

    /** What a share of reads is counted in, for a session without a key of its own. */
    String shareKey(long connectionId) {
        return settings.keyIsConnection()
                ? identity().id() + ":" + connectionId
                : identity().text();
    }

    /** Plans and tables are read anew: a table may have changed within an epoch. */
    void forgetPlans() {
        if (!current.isQuiet()) {
            catalog.forget();
            rewriter().forgetPlans();
        }
    }

    /**
     * Takes a session in, which is on the server already. While a change is open, it is in the control tables when this returns.
     * While none is as far as the link knows, the session itself has looked: a change that was opened before is known when this
     * returns, and whoever opens one later finds the session on the server.
     */
    void add(Session session) throws SQLException {
        // As in EpochPins: first be seen, then look. A poll that installs a change later finds the session here.
        acknowledger.add(session);
        try {
            Snapshot known = current;
            if (known.isQuiet()) {
                if (acknowledger.writesWhileQuiet(known)) {
                    acknowledger.writeDown(session);
                }
                if (hasMoved(session, known)) {
                    register();
                }
            } else {
                register();
            }
        } catch (SQLException e) {
            acknowledger.remove(session);
            throw e;
        }
    }

    /**
     * Whether the epoch is another one by now. Asked over the session's own connection, which is there: the link's may be lost, or
     * others wait for it, and an application for which no change is open must not fail over that. Nor over control tables that
     * it may not read any more: then it goes on with what it knows, as all its other sessions do.
     */
    private boolean hasMoved(Session session, Snapshot known) throws SQLException {
        try {
            return session.epoch() != known.epoch();
        } catch (SQLException e) {
            if (CrossfadeError.isBroken(e)) {
                throw e;
            }
            LOG.debug("session {} cannot read the control tables of {}", session.connectionId(), address, e);
            return false;
        }
    }

    private void register() throws SQLException {
        try {
            refresh();
        } catch (SQLException e) {
            throw CrossfadeError.notRegistered(address, e);
        }
    }

    void remove(Session session) {
        acknowledger.remove(session);
    }

    boolean hasSessions() {
        return acknowledger.hasSessions();
    }

    /** Called before every statement: looks at the control state where the last look is older than the lease. */
    void freshen() {
        long now = nanoClock.getAsLong();
        boolean failedLately = isFailing && now - failedNanos < settings.poll().toNanos();
        if (!isFresh(now) && !failedLately) {
            try {
                acquireLock();
            } catch (SQLException e) {
                return; // Whoever holds the lock is trying; without success the lease stays lost.
            }
            try {
                if (!isFresh(nanoClock.getAsLong())) {
                    tryPoll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether statements on changing tables may be sent. */
    boolean holdsLease() {
        return isFresh(nanoClock.getAsLong());
    }

    SQLException leaseLost() {
        return CrossfadeError.leaseLost(address, settings.lease().toMillis());
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

    // --- the thread -----------------------------------------------------------------------------------------------

    private void run() {
        boolean isWarm = false;
        try {
            while (!stopped.await(pause().toNanos(), TimeUnit.NANOSECONDS)) {
                if (gate.poll().isPresent() && !isDue()) {
                    watchGate();
                } else {
                    look();
                }
                if (!isWarm && !current.isQuiet()) {
                    isWarm = true;
                    rewriter().warm();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        if (isFailing) {
            return settings.poll();
        }
        return answers.areWaited() ? DRAIN_LOOK : gate.poll().orElse(times.pause(settings.poll()));
    }

    /** Whether the lease is to be renewed; not while statements are held, since that is for less than a lease. */
    private boolean isDue() {
        return isFailing
                || !gate.isClosed()
                        && nanoClock.getAsLong() - readNanos >= settings.poll().toNanos();
    }

    /** Looks at the gates alone, and answers; in between only at the client's own sessions. */
    private void watchGate() {
        lock.lock();
        try {
            attempt(() -> {
                long now = nanoClock.getAsLong();
                if (now - gateReadNanos >= gate.poll().orElse(Duration.ZERO).toNanos()) {
                    gateReadNanos = now;
                    install();
                }
                answers.give(control.store(), current.announced());
            });
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the control state once, as the thread does again and again. */
    void look() {
        lock.lock();
        try {
            tryPoll();
        } finally {
            lock.unlock();
        }
    }

    private void tryPoll() {
        attempt(this::poll);
    }

    /** Something that is asked of the control tables. */
    @FunctionalInterface
    private interface Asking {
        void run() throws SQLException;
    }

    /** A failure is told once, not at every look. */
    private void attempt(Asking asking) {
        try {
            orDrop(asking);
            if (isFailing) {
                isFailing = false;
                LOG.info("control tables of {} are read again", address);
            }
        } catch (SQLException | RuntimeException e) {
            failedNanos = nanoClock.getAsLong();
            if (!isFailing) {
                isFailing = true;
                LOG.warn(
                        "cannot read the control tables of {}: {}; trying again every {} ms, statements on changing tables"
                                + " are refused once the lease has run out",
                        address,
                        e.getMessage(),
                        settings.poll().toMillis());
                LOG.debug("cannot read the control tables of {}", address, e);
            }
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
        if (!isFresh(begunNanos)) {
            acknowledger.registerAnew();
        }
        for (int look = 1; acknowledger.report(control, install()); look++) {
            if (look == LOOKS_MAX) {
                throw new SQLTransientConnectionException(
                        "cannot register in the control tables of " + address
                                + ": the client is forgotten again and again; retry",
                        "08001");
            }
        }
        readNanos = begunNanos;
        answers.give(control.store(), current.announced());
        times.report(control.store(), identity().id());
    }

    /** The control state as it is now, for every statement from now on. */
    private Snapshot install() throws SQLException {
        Snapshot seen = control.store().after(current);
        current = seen;
        gate.set(seen.announced());
        times.set(seen.watches());
        return seen;
    }

    /**
     * Ends the thread and the control connection. The client is taken out of the control tables only where no session is
     * left: one that is still at work must stay known until it is gone, and its lease sees to that.
     */
    void close() {
        stopped.countDown();
        if (flags != null) {
            flags.close();
        }
        lock.lock();
        try {
            acknowledger.reportLast(control.store(), current);
            if (!acknowledger.hasSessions()) {
                acknowledger.forget(control.store());
            }
        } catch (SQLException e) {
            LOG.debug(
                    "client {} stays in the control tables of {} until its lease ends",
                    identity().id(),
                    address,
                    e);
        } finally {
            control.drop();
            lock.unlock();
        }
    }

    private boolean isFresh(long nowNanos) {
        return nowNanos - readNanos <= settings.lease().toNanos();
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
