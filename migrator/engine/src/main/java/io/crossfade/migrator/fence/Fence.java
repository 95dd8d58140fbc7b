package io.crossfade.migrator.fence;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.state.ClientRow;
import io.crossfade.state.ClientState;
import io.crossfade.state.ControlStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits until every client has acknowledged an epoch: it has loaded it and has no transaction left from an older one. A
 * client that cannot be heard is passed only once its sessions were ended and are gone from the server, and what it left
 * prepared is decided.
 *
 * <p>One thread at a time.
 */
public final class Fence {

    /** Clients renew every few hundred milliseconds while a change is open. */
    private static final Duration POLL = Duration.ofMillis(50);

    private final ControlStore store;
    private final Fencer fencer;
    private final Cancel cancel;
    private final Listener listener;

    public Fence(ControlStore store, Fencer fencer, Cancel cancel, Listener listener) {
        this.store = store;
        this.fencer = fencer;
        this.cancel = cancel;
        this.listener = listener;
    }

    /** Waits for every client; at the bound the run stops and can be resumed. */
    public void await(long epoch, Duration bound) throws SQLException {
        long beganNanos = System.nanoTime();
        Set<String> branches = null;
        while (true) {
            Set<String> unheard = new LinkedHashSet<>();
            List<String> pending = pending(epoch, unheard);
            pending.addAll(fencer.ending());
            if (pending.isEmpty()) {
                // What is prepared from now on is of the new epoch.
                branches = stillThere(branches);
                if (branches.isEmpty()) {
                    return;
                }
                branches.forEach(
                        b -> pending.add("the prepared XA transaction " + b + ", to be committed or rolled back"));
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            String names = String.join("; ", pending);
            if (elapsed.compareTo(bound) >= 0) {
                throw MigrationException.stopped("stopped: the fence at epoch " + epoch + " was not passed within "
                        + bound.toSeconds() + " s; it waits for " + names
                        + "; let them go on or end them, then run the same command again" + force(unheard));
            }
            listener.on(new Progress.Waiting(names, elapsed, bound));
            cancel.pause(POLL);
        }
    }

    /** Waits for idle clients to notice that a change was opened, and for those whose sessions the server shows. */
    public void discover(Duration window, Duration bound) throws SQLException {
        long beganNanos = System.nanoTime();
        while (true) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            Map<String, String> silent = fencer.strangers();
            if (elapsed.compareTo(window) >= 0 && silent.isEmpty()) {
                return;
            }
            String names = silent.entrySet().stream()
                    .map(s -> "client " + s.getKey() + " (" + s.getValue() + ")")
                    .collect(Collectors.joining("; "));
            if (elapsed.compareTo(bound) >= 0) {
                throw MigrationException.stopped("stopped: " + names + " has sessions but did not register within "
                        + bound.toSeconds()
                        + " s; it is stopped, or cannot read or write the control tables; let it go on"
                        + " or end it, then run the same command again" + force(silent.keySet()));
            }
            listener.on(new Progress.Waiting(
                    silent.isEmpty() ? "clients that poll seldom" : names, elapsed, silent.isEmpty() ? window : bound));
            cancel.pause(POLL);
        }
    }

    /** Names those that are waited for, and gathers the ids of those among them whose lease has run out. */
    private List<String> pending(long epoch, Set<String> unheard) throws SQLException {
        List<String> pending = new ArrayList<>();
        for (ClientRow client : store.clients().all()) {
            if (client.state().epochAcknowledged() >= epoch) {
                continue;
            }
            if (client.isExpired()) {
                Optional<String> left = fencer.end(client);
                if (left.isPresent()) {
                    unheard.add(client.state().id().toString());
                    pending.add(Names.of(client.state()) + ", not heard of for "
                            + (-client.leaseMillisLeft() / 1000 + 1) + " s: " + left.get());
                }
            } else {
                pending.add(shown(client.state(), epoch));
            }
        }
        return pending;
    }

    private Set<String> stillThere(@Nullable Set<String> before) throws SQLException {
        Set<String> now = new TreeSet<>(fencer.branches());
        if (before != null) {
            now.retainAll(before);
        }
        return now;
    }

    private static String shown(ClientState state, long epoch) {
        StringBuilder text = new StringBuilder(Names.of(state));
        if (state.epochSeen() >= epoch) {
            text.append(", which has a transaction open");
            if (state.oldestTransactionConnection() != null) {
                text.append(" on connection ").append(state.oldestTransactionConnection());
            }
            if (state.oldestTransactionAt() != null) {
                text.append(" since ").append(state.oldestTransactionAt());
            }
        } else {
            text.append(", which has seen epoch ").append(state.epochSeen());
        }
        return text.toString();
    }

    private static String force(Set<String> clients) {
        return clients.isEmpty()
                ? ""
                : ", or, where you know that the process is dead, with --force-client "
                        + String.join(" --force-client ", clients);
    }
}
