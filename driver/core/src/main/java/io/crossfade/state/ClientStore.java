package io.crossfade.state;

import io.crossfade.model.Side;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The clients in the control tables: their leases, how far each has come, and the sessions that it holds.
 *
 * <p>One thread at a time.
 */
public final class ClientStore {

    private final ControlSql sql;

    ClientStore(ControlSql sql) {
        this.sql = sql;
    }

    /**
     * Registers the client, or renews its lease and says how far it has come.
     *
     * @return whether there was no row of it: it is new, or was forgotten meanwhile, and its sessions with it
     */
    public boolean renew(ClientState client, Duration lease) throws SQLException {
        String text =
                "INSERT INTO crossfade_client (id, application, host, pid, version, view_side, registered_at, lease_until,"
                        + " epoch_seen, epoch_acknowledged, sessions_open, oldest_transaction_at, oldest_transaction_connection, counters)"
                        + " VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, ?, ?, ?, ?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE lease_until = VALUES(lease_until), epoch_seen = VALUES(epoch_seen),"
                        + " epoch_acknowledged = VALUES(epoch_acknowledged), sessions_open = VALUES(sessions_open),"
                        + " oldest_transaction_at = VALUES(oldest_transaction_at),"
                        + " oldest_transaction_connection = VALUES(oldest_transaction_connection), counters = VALUES(counters)";
        try (PreparedStatement s = sql.connection().prepareStatement(text)) {
            s.setString(1, client.id().toString());
            s.setString(2, client.application());
            s.setString(3, client.host());
            s.setLong(4, client.pid());
            s.setString(5, client.version());
            s.setString(6, client.view().name().toLowerCase(Locale.ROOT));
            s.setLong(7, lease.toNanos() / 1000);
            s.setLong(8, client.epochSeen());
            s.setLong(9, client.epochAcknowledged());
            s.setInt(10, client.sessionsOpen());
            Instant oldest = client.oldestTransactionAt();
            s.setObject(11, oldest == null ? null : LocalDateTime.ofInstant(oldest, ZoneOffset.UTC));
            s.setObject(12, client.oldestTransactionConnection());
            s.setString(13, client.counters());
            return s.executeUpdate() == 1; // 2 where the row was there.
        }
    }

    /**
     * Writes the ids of physical connections that the client holds, each with its peer, so that nobody takes a session for
     * one of these that the server, restarted, gave the same id.
     */
    public void registerSessions(UUID client, Collection<Long> connectionIds) throws SQLException {
        if (connectionIds.isEmpty()) {
            return;
        }
        Map<Long, String> peers = peers(connectionIds);
        try {
            register(client, connectionIds, peers);
        } catch (SQLException e) {
            if (e.getErrorCode() != ControlTables.NO_SUCH_COLUMN) {
                throw e;
            }
            registerWithoutPeers(client, connectionIds);
        }
    }

    private void register(UUID client, Collection<Long> connectionIds, Map<Long, String> peers) throws SQLException {
        String text =
                "INSERT INTO crossfade_session (connection_id, client_id, opened_at, peer) VALUES (?, ?, UTC_TIMESTAMP(3), ?)"
                        + " ON DUPLICATE KEY UPDATE client_id = VALUES(client_id), opened_at = VALUES(opened_at),"
                        + " peer = VALUES(peer)";
        try (PreparedStatement s = sql.connection().prepareStatement(text)) {
            for (long id : connectionIds) {
                s.setLong(1, id);
                s.setString(2, client.toString());
                s.setString(3, peers.getOrDefault(id, ""));
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    /** The control tables are of an older migrator, which knows no peers. */
    private void registerWithoutPeers(UUID client, Collection<Long> connectionIds) throws SQLException {
        String text =
                "INSERT INTO crossfade_session (connection_id, client_id, opened_at) VALUES (?, ?, UTC_TIMESTAMP(3))"
                        + " ON DUPLICATE KEY UPDATE client_id = VALUES(client_id), opened_at = VALUES(opened_at)";
        try (PreparedStatement s = sql.connection().prepareStatement(text)) {
            for (long id : connectionIds) {
                s.setLong(1, id);
                s.setString(2, client.toString());
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    /** The other end of each session, as {@code host:port}; only of those that the server shows. */
    private Map<Long, String> peers(Collection<Long> connectionIds) throws SQLException {
        Map<Long, String> peers = new HashMap<>();
        String ids = connectionIds.stream().map(String::valueOf).collect(Collectors.joining(", "));
        try (Statement s = sql.connection().createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT ID, HOST FROM information_schema.PROCESSLIST WHERE ID IN (" + ids + ")")) {
            while (r.next()) {
                peers.put(r.getLong(1), r.getString(2));
            }
        }
        return peers;
    }

    /** Forgets a connection that the client has closed. */
    public void forgetSession(UUID client, long connectionId) throws SQLException {
        sql.update(
                "DELETE FROM crossfade_session WHERE connection_id = ? AND client_id = ?",
                connectionId,
                client.toString());
    }

    /** Takes the client and its sessions out of the control state: it has closed, or it is known to be dead. */
    public void forget(UUID client) throws SQLException {
        sql.update("DELETE FROM crossfade_session WHERE client_id = ?", client.toString());
        sql.update("DELETE FROM crossfade_client WHERE id = ?", client.toString());
    }

    /**
     * Takes the client and its sessions out of the control state unless it has renewed its lease in the meantime.
     *
     * @return whether it is out
     */
    public boolean forgetExpired(UUID client) throws SQLException {
        String id = client.toString();
        return sql.inTransaction(() -> {
                    int rows = sql.update(
                            "DELETE FROM crossfade_client WHERE id = ? AND lease_until < UTC_TIMESTAMP(3)", id);
                    if (rows == 0 && isThere(id)) {
                        return 0;
                    }
                    sql.update("DELETE FROM crossfade_session WHERE client_id = ?", id);
                    return 1;
                })
                == 1;
    }

    private boolean isThere(String id) throws SQLException {
        try (PreparedStatement s = sql.connection().prepareStatement("SELECT 1 FROM crossfade_client WHERE id = ?")) {
            s.setString(1, id);
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        }
    }

    /** Every registered client, those whose lease has run out among them. */
    public List<ClientRow> all() throws SQLException {
        List<ClientRow> rows = new ArrayList<>();
        String text =
                "SELECT id, application, host, pid, version, view_side, epoch_seen, epoch_acknowledged, sessions_open,"
                        + " oldest_transaction_at, oldest_transaction_connection, counters,"
                        + " TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), lease_until) DIV 1000"
                        + " FROM crossfade_client ORDER BY application, host, pid";
        try (Statement s = sql.connection().createStatement();
                ResultSet r = s.executeQuery(text)) {
            while (r.next()) {
                long oldestConnection = r.getLong(11);
                ClientState state = new ClientState(
                        UUID.fromString(r.getString(1)),
                        r.getString(2),
                        r.getString(3),
                        r.getLong(4),
                        r.getString(5),
                        Side.valueOf(r.getString(6).toUpperCase(Locale.ROOT)),
                        r.getLong(7),
                        r.getLong(8),
                        r.getInt(9),
                        ControlSql.instant(r, 10),
                        oldestConnection == 0 ? null : oldestConnection,
                        r.getString(12));
                rows.add(new ClientRow(state, r.getLong(13)));
            }
        }
        return rows;
    }

    /** The sessions of clients that have not registered themselves: no change was open when they wrote them down. */
    public List<SessionRow> sessionsOfStrangers() throws SQLException {
        List<SessionRow> rows = new ArrayList<>();
        // All columns, since tables of an older migrator have no peers.
        try (Statement s = sql.connection().createStatement();
                ResultSet r = s.executeQuery("SELECT s.* FROM crossfade_session s LEFT JOIN crossfade_client c"
                        + " ON c.id = s.client_id WHERE c.id IS NULL ORDER BY s.connection_id")) {
            boolean hasPeers = r.getMetaData().getColumnCount() > 3;
            while (r.next()) {
                rows.add(new SessionRow(
                        UUID.fromString(r.getString("client_id")),
                        r.getLong("connection_id"),
                        hasPeers ? r.getString("peer") : ""));
            }
        }
        return rows;
    }

    /** The connection ids that a client has registered. */
    public List<Long> sessions(UUID client) throws SQLException {
        return List.copyOf(peers(client).keySet());
    }

    /** The sessions that a client has registered, by their ids, each with its peer; empty where that is not known. */
    public Map<Long, String> peers(UUID client) throws SQLException {
        Map<Long, String> peers = new LinkedHashMap<>();
        // All columns, since tables of an older migrator have no peers.
        try (PreparedStatement s = sql.connection()
                .prepareStatement("SELECT * FROM crossfade_session WHERE client_id = ? ORDER BY connection_id")) {
            s.setString(1, client.toString());
            try (ResultSet r = s.executeQuery()) {
                boolean hasPeers = r.getMetaData().getColumnCount() > 3;
                while (r.next()) {
                    peers.put(r.getLong("connection_id"), hasPeers ? r.getString("peer") : "");
                }
            }
        }
        return peers;
    }
}
