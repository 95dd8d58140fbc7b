package io.crossfade.migrator.fence;

import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.state.ClientRow;
import io.crossfade.state.ClientState;
import io.crossfade.state.ClientStore;
import io.crossfade.state.ControlStore;
import io.crossfade.state.SessionRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Fences on a real server. A client's sessions are those that it registered, by id and peer, and those that name it in their
 * attributes: a restarted server gives old ids to new sessions, and the peer tells these apart. A lease that is renewed while
 * its sessions are ended is left alone: the client is back, with sessions of its own.
 *
 * <p>One thread at a time.
 */
public final class ServerFencer implements Fencer {

    private final ClientStore clients;
    private final ServerSessions sessions;
    private final PreparedBranches branches;
    private final Set<UUID> forced;
    private final Listener listener;
    private final Map<UUID, Set<Long>> killed = new HashMap<>();

    /**
     * @param control a session whose current database is the one with the control tables
     * @param forced clients that the operator says are dead, whatever the server shows
     */
    public ServerFencer(Connection control, Set<UUID> forced, Listener listener) {
        this.clients = new ControlStore(control).clients();
        this.sessions = new ServerSessions(control);
        this.branches = new PreparedBranches(control, listener);
        this.forced = Set.copyOf(forced);
        this.listener = listener;
    }

    @Override
    public Optional<String> end(ClientRow client) throws SQLException {
        ClientState state = client.state();
        ServerSessions.Living living = sessions.look();
        Optional<String> left = living.isComplete() ? endSessions(state, living) : Optional.of(unseen(state));
        if (forced.contains(state.id())) {
            killed.remove(state.id()); // Nor is it waited for any longer.
            return forget(
                    state,
                    new Progress.Warning(
                            "client " + Names.of(state) + " is passed over because --force-client says so; if it"
                                    + " lives, what it writes may be on one side only: run crossfade verify"));
        }
        if (left.isPresent()) {
            return left;
        }
        return forget(state, new Progress.Note("client " + Names.of(state) + " is gone; it is passed over"));
    }

    /** Tells the server to end what is left, and says what that is. */
    private Optional<String> endSessions(ClientState client, ServerSessions.Living living) throws SQLException {
        Map<Long, String> peers = clients.peers(client.id());
        Set<Long> before = killed.computeIfAbsent(client.id(), id -> new TreeSet<>());
        Set<Long> told = new TreeSet<>();
        Set<Long> refused = new TreeSet<>();
        Set<Long> doubtful = new TreeSet<>();
        for (long session : candidates(client.id(), peers.keySet(), living)) {
            ServerSessions.Owner owner = before.contains(session)
                    ? ServerSessions.Owner.CLIENT
                    : living.owner(session, client.id().toString(), peers.getOrDefault(session, ""));
            if (owner == ServerSessions.Owner.UNKNOWN) {
                doubtful.add(session);
            } else if (owner == ServerSessions.Owner.CLIENT) {
                switch (sessions.kill(session)) {
                    case GONE -> {}
                    case TOLD -> told.add(session);
                    case REFUSED -> refused.add(session);
                }
            }
        }
        tell(client, told, before);
        before.addAll(told);
        return left(told, refused, doubtful);
    }

    /** Sessions that the client registered, that name it, or that were killed for it before. */
    private Set<Long> candidates(UUID client, Set<Long> registered, ServerSessions.Living living) {
        Set<Long> candidates = new TreeSet<>(registered);
        candidates.addAll(killed.getOrDefault(client, Set.of()));
        living.clients().forEach((session, named) -> {
            if (named.equals(client.toString())) {
                candidates.add(session);
            }
        });
        return candidates;
    }

    private void tell(ClientState client, Set<Long> told, Set<Long> before) {
        Set<Long> fresh = new TreeSet<>(told);
        fresh.removeAll(before);
        if (!fresh.isEmpty()) {
            listener.on(new Progress.Warning(
                    "client " + Names.of(client) + " is past its lease; its sessions " + ids(fresh) + " are killed"));
        }
    }

    private static Optional<String> left(Set<Long> told, Set<Long> refused, Set<Long> doubtful) {
        if (!refused.isEmpty()) {
            return Optional.of("its sessions " + ids(refused)
                    + " cannot be killed; grant the migrator's user CONNECTION_ADMIN, or SUPER on older servers");
        }
        if (!told.isEmpty()) {
            return Optional.of("its sessions " + ids(told) + " were killed, and the server has not ended them yet");
        }
        if (!doubtful.isEmpty()) {
            return Optional.of("whether sessions " + ids(doubtful)
                    + " are its own, or were given their ids by a restarted server, cannot be told; end them");
        }
        return Optional.empty();
    }

    private String unseen(ClientState client) throws SQLException {
        return "whether its sessions " + ids(clients.peers(client.id()).keySet())
                + " live cannot be seen; grant the migrator's user PROCESS";
    }

    private Optional<String> forget(ClientState client, Progress news) throws SQLException {
        if (!clients.forgetExpired(client.id())) {
            return Optional.of("it has come back");
        }
        listener.on(news);
        return Optional.empty();
    }

    @Override
    public Set<String> ending() throws SQLException {
        Set<String> ending = new TreeSet<>();
        for (Map.Entry<UUID, Set<Long>> client : killed.entrySet()) {
            for (long session : List.copyOf(client.getValue())) {
                if (sessions.kill(session) == ServerSessions.Answer.GONE) {
                    client.getValue().remove(session);
                } else {
                    ending.add("session " + session + " of client " + client.getKey()
                            + ", which was killed and has not ended yet");
                }
            }
        }
        return ending;
    }

    @Override
    public Map<String, String> strangers() throws SQLException {
        ServerSessions.Living living = sessions.look();
        Map<String, Set<Long>> silent = new HashMap<>();
        living.clients().forEach((session, client) -> {
            if (living.here().contains(session)) {
                silent.computeIfAbsent(client, c -> new TreeSet<>()).add(session);
            }
        });
        if (living.isComplete()) {
            written(living).forEach((client, ids) -> silent.computeIfAbsent(client, c -> new TreeSet<>())
                    .addAll(ids));
        }
        for (ClientRow client : clients.all()) {
            silent.remove(client.state().id().toString());
        }
        for (UUID client : forced) {
            Set<Long> dead = silent.remove(client.toString());
            for (long session : dead == null ? Set.<Long>of() : dead) {
                sessions.kill(session);
            }
        }
        Map<String, String> shown = new HashMap<>();
        silent.forEach((client, ids) -> shown.put(
                client,
                "sessions " + ids(ids) + " from "
                        + living.peers().get(ids.iterator().next())));
        return shown;
    }

    /** The sessions that clients have written down and that are there; what is left of others is taken out. */
    private Map<String, Set<Long>> written(ServerSessions.Living living) throws SQLException {
        Map<String, Set<Long>> written = new HashMap<>();
        for (SessionRow row : clients.sessionsOfStrangers()) {
            String client = row.client().toString();
            boolean isThere = living.peers().containsKey(row.connectionId())
                    && living.owner(row.connectionId(), client, row.peer()) != ServerSessions.Owner.ANOTHER;
            if (isThere) {
                written.computeIfAbsent(client, c -> new TreeSet<>()).add(row.connectionId());
            } else {
                clients.forgetSession(row.client(), row.connectionId());
            }
        }
        return written;
    }

    @Override
    public Set<String> branches() throws SQLException {
        return branches.look();
    }

    private static String ids(Set<Long> sessions) {
        return sessions.isEmpty()
                ? "(none)"
                : new TreeSet<>(sessions).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
