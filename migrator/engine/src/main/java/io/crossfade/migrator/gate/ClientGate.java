package io.crossfade.migrator.gate;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import io.crossfade.state.Announcement;
import io.crossfade.state.ControlStore;
import io.crossfade.state.GateAnswer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The gate of the drivers that the control tables know. Each attempt at a cut-over is a turn of it: near, closed, open. Whoever does
 * not answer while it is near is not waited for while it is closed.
 *
 * <p>One thread at a time.
 */
public final class ClientGate implements Gate {

    /** A driver that looks once in a second, on a crowded machine. Judged. */
    private static final Duration HEARD_MAX = Duration.ofSeconds(3);

    /** Clients go on looking often for longer than this after a turn. */
    private static final Duration NEAR_LASTS = Duration.ofSeconds(1);

    /** The announcement of a migrator that has died ends after this. */
    private static final Duration LASTS = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofMillis(20);

    private static final long CLOSED_LOOK_NANOS = 1_000_000;

    /** How often a client looks: so that all together ask the server at most ten thousand times in a second. */
    private static final long POLL_MILLIS_MIN = 5;

    private static final int CLIENTS_PER_MILLI = 10;

    private final Source connections;
    private final List<TableName> tables;
    private final Duration bound;
    private final int refusalsMax;
    private final Cancel cancel;
    private final Listener listener;
    private final Map<UUID, String> silent = new HashMap<>();
    private UUID id = UUID.randomUUID();
    private @Nullable Connection connection;
    private Duration poll = Duration.ofMillis(POLL_MILLIS_MIN);
    private boolean isOff;
    private @Nullable String failure;
    private boolean isAnnounced;
    private boolean isClosed;
    private long turn;
    private int heard;
    private int refusals;
    private long turnedNanos;
    private long closedNanos;
    private long passedNanos;

    /** Opens a connection to the database with the control tables, in autocommit mode. */
    @FunctionalInterface
    public interface Source {
        Connection open() throws SQLException;
    }

    private ClientGate(
            Source connections,
            List<TableName> tables,
            Duration bound,
            int refusalsMax,
            Cancel cancel,
            Listener listener) {
        this.connections = connections;
        this.tables = List.copyOf(tables);
        this.bound = bound;
        this.refusalsMax = refusalsMax;
        this.cancel = cancel;
        this.listener = listener;
    }

    /**
     * The gate of these tables; nothing is asked or written before the first attempt.
     *
     * @param bound how long a client may be kept waiting; zero: there is no gate
     * @param refusalsMax after so many attempts at which somebody's transaction was in the way the locks alone have to do
     */
    public static Gate of(
            Source connections,
            List<TableName> tables,
            Duration bound,
            int refusalsMax,
            Cancel cancel,
            Listener listener) {
        return bound.isZero() ? NONE : new ClientGate(connections, tables, bound, refusalsMax, cancel, listener);
    }

    @Override
    public void approach() {
        if (isOff || (isAnnounced && System.nanoTime() - turnedNanos < NEAR_LASTS.toNanos())) {
            return;
        }
        try {
            ControlStore store = store();
            if (isOff) {
                return;
            }
            if (isAnnounced && turn(store, Announcement.Phase.NEAR)) {
                awaitHeard(store, Discovery.NONE);
                failure = null;
                return;
            }
            Discovery discovery = Discovery.of(connection(), store);
            heard = 0;
            isAnnounced = discovery.mayFind();
            if (isAnnounced) {
                announce(store);
                awaitHeard(store, discovery);
            }
            failure = null;
        } catch (SQLException e) {
            lost(e);
        }
    }

    private void announce(ControlStore store) throws SQLException {
        id = UUID.randomUUID();
        turn = 1;
        store.gates().announce(id, tables, bound, poll, LASTS, who());
        turnedNanos = System.nanoTime();
    }

    private void awaitHeard(ControlStore store, Discovery discovery) throws SQLException {
        long beganNanos = System.nanoTime();
        while (true) {
            Map<UUID, String> pending = discovery.strangers();
            int answered = 0;
            for (GateAnswer answer : store.gates().answers(id)) {
                if (answer.turnSeen() >= turn) {
                    answered++;
                    silent.remove(answer.client());
                } else {
                    pending.put(answer.client(), shown(answer));
                }
            }
            heard = answered;
            pending.keySet().removeAll(silent.keySet());
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            if (pending.isEmpty() && discovery.isOver(elapsed)) {
                break;
            }
            if (elapsed.compareTo(HEARD_MAX) >= 0) {
                silent.putAll(pending);
                listener.on(new Progress.Note("the gate of " + shownTables() + " goes without "
                        + String.join(", ", pending.values()) + ", not heard of within " + HEARD_MAX.toSeconds()
                        + " s; statements of it wait at the table's lock"));
                break;
            }
            cancel.pause(LOOK);
        }
        poll = Duration.ofMillis(Math.max(POLL_MILLIS_MIN, heard / CLIENTS_PER_MILLI));
        turnedNanos = System.nanoTime();
    }

    @Override
    public Optional<String> hold(Duration atMost) {
        if (refusals >= refusalsMax) {
            return Optional.empty();
        }
        if (failure != null) {
            return Optional.of(refused(failure));
        }
        if (isOff || !isAnnounced || heard == 0) {
            return Optional.empty();
        }
        try {
            ControlStore store = store();
            closedNanos = System.nanoTime();
            isClosed = turn(store, Announcement.Phase.CLOSED);
            if (!isClosed) {
                isAnnounced = false;
                return Optional.of(refused("the announcement of the gate is gone, or overdue"));
            }
            long untilNanos =
                    closedNanos + Math.min(atMost.toNanos(), bound.dividedBy(2).toNanos());
            List<GateAnswer> pending = pending(store);
            while (!pending.isEmpty() && System.nanoTime() - untilNanos < 0) {
                LockSupport.parkNanos(CLOSED_LOOK_NANOS);
                pending = pending(store);
            }
            passedNanos = System.nanoTime();
            if (pending.isEmpty()) {
                return Optional.empty();
            }
            open(store);
            return Optional.of(refused(pending));
        } catch (SQLException e) {
            return Optional.of(refused(lost(e)));
        }
    }

    private List<GateAnswer> pending(ControlStore store) throws SQLException {
        return store.gates().answers(id).stream()
                .filter(a -> a.turnPassed() < turn && !silent.containsKey(a.client()))
                .toList();
    }

    private String refused(List<GateAnswer> pending) {
        return refused("transactions of clients may hold the table: "
                + pending.stream().map(ClientGate::shown).collect(Collectors.joining(", ")));
    }

    private String refused(String why) {
        refusals++;
        if (refusals == refusalsMax) {
            listener.on(new Progress.Warning("the gate of " + shownTables() + " was not passed in " + refusals
                    + " attempts, the last time since " + why
                    + "; from now on the table's lock alone is asked for: somebody's statement may wait there, or fail as a"
                    + " deadlock's victim; end that transaction"));
        }
        return why;
    }

    @Override
    public void open() {
        if (isClosed) {
            try {
                open(store());
                listener.on(new Progress.Note("gate of " + shownTables() + ": " + heard + " clients let go within "
                        + (passedNanos - closedNanos) / 1_000_000 + " ms; closed for "
                        + (turnedNanos - closedNanos) / 1_000_000 + " ms"));
            } catch (SQLException e) {
                lost(e);
            }
        }
    }

    private void open(ControlStore store) throws SQLException {
        isClosed = false;
        isAnnounced = turn(store, Announcement.Phase.OPEN);
    }

    private boolean turn(ControlStore store, Announcement.Phase phase) throws SQLException {
        turn++;
        boolean isMoved = store.gates().move(id, phase, turn, poll, LASTS);
        turnedNanos = System.nanoTime();
        return isMoved;
    }

    @Override
    public void close() {
        Connection open = connection;
        boolean mayStand = turn > 0;
        connection = null;
        isAnnounced = false;
        isClosed = false;
        turn = 0;
        if (open == null) {
            return;
        }
        try (open) {
            if (mayStand) {
                new ControlStore(open).gates().withdraw(id);
            }
        } catch (SQLException e) {
            // It ends by itself, at every client and in the tables.
        }
    }

    private ControlStore store() throws SQLException {
        boolean isFirst = connection == null;
        ControlStore store = new ControlStore(connection());
        if (isFirst) {
            isOff = !store.isInstalled();
            if (!isOff) {
                store.upgrade();
            }
        }
        return store;
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connections.open();
            connection = open;
        }
        return open;
    }

    /** Clients open by themselves at their bound. The next attempt begins anew, over another connection. */
    private String lost(SQLException e) {
        String why = "the gate of " + shownTables() + " cannot be used: " + e.getMessage();
        listener.on(new Progress.Note(why));
        close();
        failure = why;
        return why;
    }

    private String shownTables() {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }

    private static String shown(GateAnswer client) {
        return client.application() + " on " + client.host() + " (process " + client.pid()
                + (client.holder() == null ? ")" : ", connection " + client.holder() + ")");
    }

    private static String who() {
        return System.getProperty("user.name", "unknown") + " (process "
                + ProcessHandle.current().pid() + ")";
    }
}
