package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.state.ClientRow;
import io.crossfade.state.ClientState;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Waits until every client has acknowledged an epoch: it has loaded it and has no transaction left from an older one. A
 * client that cannot be heard is dead only when the server shows none of its sessions any more.
 *
 * <p>One thread at a time.
 */
final class Fence {

    /** Clients renew every few hundred milliseconds while a change is open. */
    private static final Duration POLL = Duration.ofMillis(50);

    private final Connection connection;
    private final ControlStore store;
    private final Fencer fencer;
    private final Cancel cancel;
    private final Listener listener;

    Fence(Connection connection, Fencer fencer, Cancel cancel, Listener listener) {
        this.connection = connection;
        this.store = new ControlStore(connection);
        this.fencer = fencer;
        this.cancel = cancel;
        this.listener = listener;
    }

    /** Waits for every client; at the bound the run stops and can be resumed. */
    void await(long epoch, Duration bound) throws SQLException {
        long beganNanos = System.nanoTime();
        while (true) {
            List<ClientRow> pending = pending(epoch);
            if (pending.isEmpty()) {
                return;
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            String names = pending.stream().map(c -> shown(c, epoch)).collect(Collectors.joining("; "));
            if (elapsed.compareTo(bound) >= 0) {
                throw MigrationException.stopped("stopped: the fence at epoch " + epoch + " was not passed within "
                        + bound.toSeconds() + " s; it waits for " + names
                        + "; let them go on or end them, then run the same command again");
            }
            listener.on(new Progress.Waiting(names, elapsed, bound));
            cancel.pause(POLL);
        }
    }

    /** Waits for idle clients to notice that a change was opened, and for those whose sessions the server shows. */
    void discover(Duration window, Duration bound) throws SQLException {
        long beganNanos = System.nanoTime();
        while (true) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            Set<String> silent = unregistered();
            if (elapsed.compareTo(window) >= 0 && silent.isEmpty()) {
                return;
            }
            if (elapsed.compareTo(bound) >= 0) {
                throw MigrationException.stopped("stopped: clients " + String.join(", ", silent)
                        + " have sessions but did not register within " + bound.toSeconds()
                        + " s; let them go on or end them, then run the same command again");
            }
            String whom = silent.isEmpty() ? "clients that poll seldom" : "clients " + String.join(", ", silent);
            listener.on(new Progress.Waiting(whom, elapsed, silent.isEmpty() ? window : bound));
            cancel.pause(POLL);
        }
    }

    private List<ClientRow> pending(long epoch) throws SQLException {
        List<ClientRow> pending = new ArrayList<>();
        for (ClientRow client : store.clients().all()) {
            if (client.state().epochAcknowledged() >= epoch) {
                continue;
            }
            if (client.isExpired() && isGone(client)) {
                listener.on(new Progress.Note("client " + named(client.state()) + " is gone; it is passed over"));
                store.clients().forget(client.state().id());
            } else {
                pending.add(client);
            }
        }
        return pending;
    }

    private boolean isGone(ClientRow client) throws SQLException {
        List<Long> sessions = store.clients().sessions(client.state().id());
        Set<Long> living = livingSessions();
        boolean isDead = sessions.stream().noneMatch(living::contains) && seesAllSessions();
        return isDead || fencer.fence(client);
    }

    /** Without the PROCESS privilege the list shows one's own sessions alone, and a living client looks dead. */
    private boolean seesAllSessions() throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW GRANTS")) {
            while (r.next()) {
                String grant = r.getString(1).toUpperCase(Locale.ROOT);
                if (grant.contains("ON *.*") && (grant.contains("ALL PRIVILEGES") || grant.contains("PROCESS"))) {
                    return true;
                }
            }
        }
        listener.on(
                new Progress.Warning("the user has no PROCESS privilege, so that a dead client cannot be told from a"
                        + " silent one; grant it"));
        return false;
    }

    private Set<Long> livingSessions() throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT ID FROM information_schema.PROCESSLIST")) {
            while (r.next()) {
                ids.add(r.getLong(1));
            }
        }
        return ids;
    }

    /** Clients that name themselves in their sessions' attributes and have no row; none where attributes are not shown. */
    private Set<String> unregistered() throws SQLException {
        Set<String> silent = new HashSet<>();
        String sql = "SELECT DISTINCT a.ATTR_VALUE FROM performance_schema.session_connect_attrs a"
                + " JOIN information_schema.PROCESSLIST p ON p.ID = a.PROCESSLIST_ID"
                + " WHERE a.ATTR_NAME = 'crossfade_client' AND p.DB = DATABASE()";
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                silent.add(r.getString(1));
            }
        } catch (SQLException unreadable) {
            return Set.of();
        }
        for (ClientRow client : store.clients().all()) {
            UUID id = client.state().id();
            silent.remove(id.toString());
        }
        return silent;
    }

    private static String shown(ClientRow client, long epoch) {
        ClientState state = client.state();
        StringBuilder text = new StringBuilder(named(state));
        if (client.isExpired()) {
            text.append(", not heard of for ")
                    .append(-client.leaseMillisLeft() / 1000 + 1)
                    .append(" s, sessions still open");
        } else if (state.epochSeen() >= epoch) {
            text.append(", which has a transaction open");
            if (state.oldestTransactionConnection() != null) {
                text.append(" on connection ").append(state.oldestTransactionConnection());
            }
        } else {
            text.append(", which has seen epoch ").append(state.epochSeen());
        }
        return text.toString();
    }

    private static String named(ClientState state) {
        return state.application() + " on " + state.host() + " (process " + state.pid() + ")";
    }
}
