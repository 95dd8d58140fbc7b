package io.crossfade.jdbc;

import io.crossfade.dialect.Dialect;
import io.crossfade.flag.Shares;
import io.crossfade.sql.Rewriter;
import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's tie to one database, as its sessions see it: the newest snapshot, the lease, flags and the rewriter. What keeps
 * these is behind it: {@link ControlPoll} looks at the control tables over a connection of its own, {@link Heartbeat} has it look again
 * on a thread of its own, {@link Registration} takes sessions in.
 *
 * <p>Safe for many threads. Its thread ends with {@link #close}.
 */
final class ControlLink {
    private final String address;
    private final DriverSettings settings;
    private final HostProcess process;
    private final Counters counters = new Counters();
    private final ControlState state;
    private final ClientFlags flags;
    private final NamingCounts namings;
    private final Comparisons comparisons;
    private final Acknowledger acknowledger;
    private final ControlPoll poll;
    private final Registration registration;
    private final LinkCatalog catalog;

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
        this.state = new ControlState(process.nanoClock());
        this.flags = new ClientFlags(process, settings, state::current);
        this.namings = new NamingCounts(process.nanoClock());
        this.comparisons = new Comparisons(settings.comparing(), process.nanoClock(), state::current);
        this.acknowledger =
                new Acknowledger(process.identity(), settings, flags::shares, counters, namings, comparisons);
        this.poll = new ControlPoll(address, settings, process, new ControlConnection(source), state, acknowledger);
        this.registration = new Registration(address, acknowledger, state, poll);
        this.catalog = new LinkCatalog(state, poll);
    }

    /** Reads the control state for the first time and starts the thread. Does nothing where that is done. */
    void start() throws SQLException {
        poll.exclusively(() -> {
            if (dialect == null) {
                begin();
            }
        });
        flags.awaitFirstLook();
    }

    private void begin() throws SQLException {
        Dialect served = poll.begin();
        rewriter = process.rewriters().apply(served, catalog);
        dialect = served;
        Heartbeat heartbeat =
                new Heartbeat(poll, state, settings.poll(), () -> rewriter().warm());
        Thread thread = new Thread(heartbeat, "crossfade-control " + address);
        thread.setDaemon(true);
        process.starter().accept(thread);
        flags.start(address);
    }

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
        return state.current();
    }

    Gate gate() {
        return state.gate();
    }

    StatementTimes times() {
        return state.times();
    }

    /** What sessions go by: what flags ask for, and nothing of a change whose rows were seen to differ. */
    Shares shares() {
        return comparisons.over(flags.shares());
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
        if (!current().isQuiet()) {
            catalog.forget();
            rewriter().forgetPlans();
        }
    }

    /** Takes a session in: see {@link Registration#add}. */
    void add(Session session) throws SQLException {
        registration.add(session);
    }

    void remove(Session session) {
        acknowledger.remove(session);
    }

    boolean hasSessions() {
        return acknowledger.hasSessions();
    }

    /** Called before every statement: see {@link ControlPoll#freshen}. */
    void freshen() {
        poll.freshen();
    }

    /** Whether statements on changing tables may be sent. */
    boolean holdsLease() {
        return poll.holdsLease();
    }

    void requireLease() throws SQLException {
        if (!holdsLease()) {
            counters.leaseLost();
            throw CrossfadeError.leaseLost(address, settings.lease().toMillis());
        }
    }

    /** Looks at the control state now. */
    void refresh() throws SQLException {
        poll.refresh();
    }

    /** Looks at the control state once, as the thread does again and again. */
    void look() {
        poll.look();
    }

    /** Ends the thread and the control connection: see {@link ControlPoll#leave}. */
    void close() {
        poll.stop();
        flags.close();
        poll.leave();
    }
}
