package io.crossfade.jdbc;

import io.crossfade.flag.Shares;
import io.crossfade.state.Announcement;
import io.crossfade.state.ClientState;
import io.crossfade.state.ControlStore;
import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control tables which sessions the client holds, renews its lease, and acknowledges an epoch once nothing is under
 * way from an older one. While no change is open, no cut-over announced and no table watched it writes nothing, but where the
 * server shows no connection attributes: there its sessions are in the control tables all the time, so that whoever opens a change finds them.
 *
 * <p>A session whose connection broke in the middle of a statement counts as under way until the server has let go of it.
 *
 * <p>{@link #add}, {@link #writeDown} and {@link #remove}: safe for many threads. The rest: confined to the holder of the link's lock.
 */
final class Acknowledger {

    private static final Logger LOG = LoggerFactory.getLogger(Acknowledger.class);

    private final ClientIdentity identity;
    private final DriverSettings settings;
    private final Supplier<Shares> flags;
    private final Counters counters;
    private final NamingCounts namings;
    private final Comparisons comparisons;

    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Session> doubtful = ConcurrentHashMap.newKeySet();
    private final Set<Long> registered = new HashSet<>();

    /** What sessions have written themselves; registered again at the next look, or taken out where they are closed by then. */
    private final Set<Long> written = ConcurrentHashMap.newKeySet();

    private volatile boolean showsAttributes = true;
    private boolean isRegistered;
    private long acknowledged;
    private boolean hasWarned;
    private boolean hasWarnedOfComparisons;
    private volatile boolean hasWarnedOfSessions;

    Acknowledger(
            ClientIdentity identity,
            DriverSettings settings,
            Supplier<Shares> flags,
            Counters counters,
            NamingCounts namings,
            Comparisons comparisons) {
        this.identity = identity;
        this.settings = settings;
        this.flags = flags;
        this.counters = counters;
        this.namings = namings;
        this.comparisons = comparisons;
    }

    /** Whether the server shows of which client a session is. */
    void showsAttributes(boolean shows) {
        showsAttributes = shows;
    }

    /** Whether sessions are written down although nothing is open: where there are control tables, and no other way to tell. */
    boolean writesWhileQuiet(Snapshot seen) {
        return !showsAttributes && seen.epoch() > 0;
    }

    void add(Session session) {
        sessions.add(session);
    }

    /** The session's connection was closed, whatever state it was in. */
    void remove(Session session) {
        if (session.pins().isInDoubt()) {
            doubtful.add(session);
        }
        sessions.remove(session);
    }

    boolean hasSessions() {
        return !sessions.isEmpty() || !doubtful.isEmpty();
    }

    /**
     * Says everything there is to say about a snapshot that has been installed before.
     *
     * @return whether nobody knew of the client until now, so that a fence may have passed it since that snapshot was read
     */
    boolean report(ControlConnection control, Snapshot seen) throws SQLException {
        for (Iterator<Session> i = doubtful.iterator(); i.hasNext(); ) {
            if (!control.isOnServer(i.next().connectionId())) {
                i.remove();
            }
        }
        OldestWork<Session> oldest = oldest();
        // A session that lost the race for a newer snapshot shows an older epoch for a moment, and then begins again.
        acknowledged = Math.max(acknowledged, Math.min(oldest.epoch(), seen.epoch()));
        ControlStore store = control.store();
        boolean isWanted = !seen.isQuiet()
                || !seen.announced().isEmpty()
                || !seen.watches().isEmpty();
        if (isWanted || isRegistered && acknowledged < seen.epoch()) {
            boolean wasRegistered = isRegistered;
            isRegistered = true;
            registerSessions(store);
            ClientState state = state(seen, oldest);
            boolean isNew = store.clients().renew(state, settings.lease());
            if (isNew && wasRegistered) {
                // The migrator forgot the client, and with it the sessions that were just registered.
                registered.clear();
                registerSessions(store);
            }
            // Without sessions the process may be about to end.
            reportNamings(store, state, !hasSessions());
            comparisons.settle(seen);
            reportComparisons(store, state, !hasSessions());
            return isNew;
        }
        if (isRegistered) {
            forget(store);
            namings.clear();
            comparisons.clear();
        }
        if (writesWhileQuiet(seen)) {
            registerQuietly(store);
        }
        return false;
    }

    private void registerQuietly(ControlStore store) throws SQLException {
        try {
            registerSessions(store);
        } catch (SQLException e) {
            warn(e);
        }
    }

    /**
     * Writes a new session down while nothing is open. It does so itself: the control connection may be lost, and then nobody
     * else would tell of it.
     */
    void writeDown(Session session) throws SQLException {
        written.add(session.connectionId());
        try {
            session.writeDown();
        } catch (SQLException e) {
            warn(e);
        }
    }

    /** An application for which no change is open does not depend on what it may not write; on its connections it does. */
    private void warn(SQLException e) throws SQLException {
        if (CrossfadeError.isBroken(e)) {
            throw e;
        }
        if (!hasWarnedOfSessions) {
            hasWarnedOfSessions = true;
            LOG.warn(
                    "sessions cannot be written to crossfade_session: {}; grant INSERT, UPDATE and DELETE on it: the server"
                            + " shows no connection attributes, and a migrator that opens a change would not find this client"
                            + " while it is stopped",
                    e.getMessage());
        }
    }

    /** Reports what was counted, before the client goes. */
    void reportLast(ControlStore store, Snapshot seen) {
        if (isRegistered) {
            reportNamings(store, state(seen, oldest()), true);
            reportComparisons(store, state(seen, oldest()), true);
        }
    }

    /** A lease does not depend on it: what cannot be reported is kept and comes with the next report. */
    private void reportNamings(ControlStore store, ClientState state, boolean isLast) {
        try {
            namings.report(usages -> store.usage().add(state, usages), isLast);
        } catch (SQLException e) {
            if (!hasWarned) {
                hasWarned = true;
                LOG.warn(
                        "who names which columns cannot be reported to crossfade_usage: {}; grant INSERT, UPDATE and SELECT"
                                + " on it",
                        e.getMessage());
            }
        }
    }

    /** As {@link #reportNamings}; and reads go back to old where too much differs. */
    private void reportComparisons(ControlStore store, ClientState state, boolean isLast) {
        try {
            comparisons.report(rows -> store.comparisons().add(state, rows), isLast);
            comparisons.stop((change, why) -> store.changes()
                    .readOld(
                            change,
                            state.application() + " on " + state.host() + " (process " + state.pid() + ")",
                            why));
        } catch (SQLException e) {
            if (!hasWarnedOfComparisons) {
                hasWarnedOfComparisons = true;
                LOG.warn(
                        "what was compared cannot be reported, and reads not be taken back for other clients: {}; grant INSERT, UPDATE"
                                + " and SELECT on the crossfade_ tables",
                        e.getMessage());
            }
        }
    }

    /** The lease ran out in between: the migrator may have taken the client and its sessions out of the control tables. */
    void registerAnew() {
        registered.clear();
    }

    void forget(ControlStore store) throws SQLException {
        if (isRegistered || !registered.isEmpty() || !written.isEmpty()) {
            store.clients().forget(identity.id());
            registered.clear();
            isRegistered = false;
        }
    }

    private void registerSessions(ControlStore store) throws SQLException {
        // Taken before the sessions: whoever writes itself down is among these already.
        Set<Long> gone = new HashSet<>(written);
        gone.addAll(registered);
        Set<Long> held = new HashSet<>();
        sessions.forEach(s -> held.add(s.connectionId()));
        doubtful.forEach(s -> held.add(s.connectionId()));
        gone.removeAll(held);
        for (long id : gone) {
            store.clients().forgetSession(identity.id(), id);
            registered.remove(id);
            written.remove(id);
        }
        List<Long> missing = new ArrayList<>(held);
        missing.removeAll(registered);
        store.clients().registerSessions(identity.id(), missing);
        registered.addAll(missing);
        written.removeAll(missing);
    }

    private ClientState state(Snapshot seen, OldestWork<Session> oldest) {
        Session holding = oldest.isOlderThan(seen.epoch()) ? oldest.session() : null;
        return new ClientState(
                identity.id(),
                settings.application(),
                identity.host(),
                identity.pid(),
                identity.version(),
                settings.view(),
                seen.epoch(),
                acknowledged,
                sessions.size(),
                holding == null ? null : Instant.ofEpochMilli(holding.pins().sinceMillis()),
                holding == null ? null : holding.connectionId(),
                counters.json(flags.get()));
    }

    /** A session with something under way that may have touched the table; null where there is none. */
    @Nullable
    Session holder(Announcement announced) {
        for (Set<Session> some : List.of(sessions, doubtful)) {
            for (Session session : some) {
                if (session.pins().mayTouch(announced)) {
                    return session;
                }
            }
        }
        return null;
    }

    private OldestWork<Session> oldest() {
        return OldestWork.of(List.of(sessions, doubtful), Session::pins);
    }
}
