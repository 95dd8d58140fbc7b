package io.crossfade.state;

import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import java.sql.Connection;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the control tables over a connection that the caller owns. Every method is one transaction or one
 * statement; a write that finds the state moved by somebody else throws {@link StaleEpochException} and leaves everything as
 * it was. A database without control tables is read as {@link Snapshot#NONE}.
 *
 * <p>One thread at a time.
 */
public final class ControlStore {

    private final Connection connection;

    /**
     * @param connection a plain connection to the migrated database (its current database is the one with the control
     *     tables), in autocommit mode, used by nobody else while a method runs
     */
    public ControlStore(Connection connection) {
        this.connection = connection;
    }

    // --- what clients do ------------------------------------------------------------------------------------------

    /** The epoch alone: the one row that an idle client reads. 0 where there are no control tables. */
    public long epoch() throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT epoch FROM crossfade_control WHERE id = 1")) {
            return r.next() ? r.getLong(1) : 0;
        } catch (SQLException e) {
            if (e.getErrorCode() == ControlTables.NO_SUCH_TABLE) {
                return 0;
            }
            throw e;
        }
    }

    /**
     * The control state: an epoch and exactly the changes as they stand at it. Only open changes are in it, those at
     * {@code off} among them, since a client registers as soon as a change is opened.
     */
    public Snapshot snapshot() throws SQLException {
        // One statement, so that the epoch and the changes are of one instant.
        String sql = "SELECT k.epoch, c.definition, c.table_before, c.stage, c.direction, c.read_percent"
                + " FROM crossfade_control k LEFT JOIN crossfade_change c ON c.closed_at IS NULL WHERE k.id = 1 ORDER BY c.id";
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            long epoch = 0;
            List<ChangeState> changes = new ArrayList<>();
            while (r.next()) {
                epoch = r.getLong(1);
                if (r.getString(2) != null) {
                    changes.add(changeState(r, 2));
                }
            }
            return new Snapshot(epoch, changes);
        } catch (SQLException e) {
            if (e.getErrorCode() == ControlTables.NO_SUCH_TABLE) {
                return Snapshot.NONE;
            }
            throw e;
        }
    }

    /** Registers the client, or renews its lease and says how far it has come. */
    public void renew(ClientState client, Duration lease) throws SQLException {
        String sql =
                "INSERT INTO crossfade_client (id, application, host, pid, version, view_side, registered_at, lease_until,"
                        + " epoch_seen, epoch_acknowledged, sessions_open, oldest_transaction_at, oldest_transaction_connection, counters)"
                        + " VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, ?, ?, ?, ?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE lease_until = VALUES(lease_until), epoch_seen = VALUES(epoch_seen),"
                        + " epoch_acknowledged = VALUES(epoch_acknowledged), sessions_open = VALUES(sessions_open),"
                        + " oldest_transaction_at = VALUES(oldest_transaction_at),"
                        + " oldest_transaction_connection = VALUES(oldest_transaction_connection), counters = VALUES(counters)";
        try (PreparedStatement s = connection.prepareStatement(sql)) {
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
            s.executeUpdate();
        }
    }

    /** Writes the ids of physical connections that the client holds. */
    public void registerSessions(UUID client, Collection<Long> connectionIds) throws SQLException {
        if (connectionIds.isEmpty()) {
            return;
        }
        String sql =
                "INSERT INTO crossfade_session (connection_id, client_id, opened_at) VALUES (?, ?, UTC_TIMESTAMP(3))"
                        + " ON DUPLICATE KEY UPDATE client_id = VALUES(client_id), opened_at = VALUES(opened_at)";
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            for (long id : connectionIds) {
                s.setLong(1, id);
                s.setString(2, client.toString());
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    /** Forgets a connection that the client has closed. */
    public void forgetSession(UUID client, long connectionId) throws SQLException {
        update(
                "DELETE FROM crossfade_session WHERE connection_id = ? AND client_id = ?",
                connectionId,
                client.toString());
    }

    /** Takes the client and its sessions out of the control state: it has closed, or it is known to be dead. */
    public void forgetClient(UUID client) throws SQLException {
        update("DELETE FROM crossfade_session WHERE client_id = ?", client.toString());
        update("DELETE FROM crossfade_client WHERE id = ?", client.toString());
    }

    // --- what the migrator does -----------------------------------------------------------------------------------

    /** Creates the control tables where they are not there yet. */
    public void install() throws SQLException {
        try (Statement s = connection.createStatement()) {
            for (String ddl : ControlTables.DDL) {
                s.execute(ddl);
            }
            s.executeUpdate("INSERT IGNORE INTO crossfade_control (id, version, epoch) VALUES (1, "
                    + ControlTables.VERSION + ", 1)");
        }
    }

    /** Whether the control tables are there. */
    public boolean isInstalled() throws SQLException {
        return epoch() > 0;
    }

    /** Opens a change at stage off and gives the epoch of that. Fails where a change of this id was opened before. */
    public long open(Change change, Table before, String who, String why) throws SQLException {
        return inTransaction(() -> {
            long epoch = nextEpoch(); // Holds the control row, so that of two openings one comes second.
            for (ChangeRow other : changes()) {
                if (other.isOpen() && other.state().change().table().isSame(change.table())) {
                    throw new StaleEpochException("cannot open change " + change.id() + " of " + change.table()
                            + ": change " + other.state().change().id()
                            + " of the same table is open; finish and close it first");
                }
            }
            update(
                    "INSERT INTO crossfade_change (id, table_schema, table_name, definition, table_before, stage, direction, step,"
                            + " read_percent, epoch, opened_at, moved_at) VALUES (?, ?, ?, ?, ?, ?, 'forward', '', 0, ?,"
                            + " UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))",
                    change.id(),
                    change.table().schema(),
                    change.table().table(),
                    ChangeFile.write(change),
                    ChangeFile.writeTable(before),
                    Stage.OFF.word(),
                    epoch);
            event(change.id(), epoch, who, "", Stage.OFF.word(), why);
            return epoch;
        });
    }

    /**
     * Moves a change by compare-and-set: to a neighbouring stage, into another direction, to another share, or several of
     * these at once. One new epoch.
     *
     * @param seen the row that the decision was made on
     * @return the new row
     */
    public ChangeRow move(ChangeRow seen, Stage stage, Direction direction, int readPercent, String who, String why)
            throws SQLException {
        Stage from = seen.state().stage();
        if (Math.abs(from.ordinal() - stage.ordinal()) > 1) {
            throw new IllegalArgumentException(
                    "stages are passed one at a time: " + from.word() + " to " + stage.word());
        }
        String id = seen.state().change().id();
        inTransaction(() -> {
            long epoch = nextEpoch();
            int rows = update(
                    "UPDATE crossfade_change SET stage = ?, direction = ?, read_percent = ?, epoch = ?, step = '',"
                            + " moved_at = UTC_TIMESTAMP(3) WHERE id = ? AND epoch = ? AND closed_at IS NULL",
                    stage.word(),
                    direction.name().toLowerCase(Locale.ROOT),
                    readPercent,
                    epoch,
                    id,
                    seen.epoch());
            if (rows != 1) {
                throw new StaleEpochException("cannot move change " + id + " from " + from.word() + " to "
                        + stage.word() + ": somebody else has moved it since epoch " + seen.epoch()
                        + "; look at its status and run the command again");
            }
            event(id, epoch, who, from.word(), stage.word(), why);
            return epoch;
        });
        return change(id).orElseThrow();
    }

    /** Notes that a step within the present stage is finished, so that a resumed run passes over it. No new epoch. */
    public ChangeRow finishStep(ChangeRow seen, String step) throws SQLException {
        String id = seen.state().change().id();
        int rows = update(
                "UPDATE crossfade_change SET step = ? WHERE id = ? AND epoch = ? AND closed_at IS NULL",
                step,
                id,
                seen.epoch());
        if (rows == 0
                && change(id)
                        .filter(c -> c.epoch() == seen.epoch() && c.isOpen())
                        .isEmpty()) {
            throw new StaleEpochException(
                    "cannot finish step " + step + " of change " + id + ": somebody else has moved it since epoch "
                            + seen.epoch() + "; look at its status and run the command again");
        }
        return change(id).orElseThrow();
    }

    /** Closes a change: clients stop serving it. One new epoch. */
    public void close(ChangeRow seen, String who, String why) throws SQLException {
        String id = seen.state().change().id();
        inTransaction(() -> {
            long epoch = nextEpoch();
            int rows = update(
                    "UPDATE crossfade_change SET closed_at = UTC_TIMESTAMP(3), epoch = ? WHERE id = ? AND epoch = ?"
                            + " AND closed_at IS NULL",
                    epoch,
                    id,
                    seen.epoch());
            if (rows != 1) {
                throw new StaleEpochException("cannot close change " + id + ": somebody else has moved it since epoch "
                        + seen.epoch() + "; look at its status");
            }
            String stage = seen.state().stage().word();
            event(id, epoch, who, stage, stage, why);
            return epoch;
        });
    }

    /** Takes a closed change out of the tables, with its checkpoints, so that its id can be used again. Its events stay. */
    public void forget(String id) throws SQLException {
        inTransaction(() -> {
            update("DELETE FROM crossfade_checkpoint WHERE change_id = ?", id);
            update("DELETE FROM crossfade_change WHERE id = ? AND closed_at IS NOT NULL", id);
            return 0L;
        });
    }

    /** The change with this id, open or closed. */
    public Optional<ChangeRow> change(String id) throws SQLException {
        List<ChangeRow> rows = changeRows("WHERE id = ?", id);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
    }

    /** All changes, open ones first. */
    public List<ChangeRow> changes() throws SQLException {
        return changeRows("ORDER BY closed_at IS NOT NULL, opened_at");
    }

    /** Every registered client, those whose lease has run out among them. */
    public List<ClientRow> clients() throws SQLException {
        List<ClientRow> rows = new ArrayList<>();
        String sql =
                "SELECT id, application, host, pid, version, view_side, epoch_seen, epoch_acknowledged, sessions_open,"
                        + " oldest_transaction_at, oldest_transaction_connection, counters,"
                        + " TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), lease_until) DIV 1000"
                        + " FROM crossfade_client ORDER BY application, host, pid";
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
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
                        instant(r, 10),
                        oldestConnection == 0 ? null : oldestConnection,
                        r.getString(12));
                rows.add(new ClientRow(state, r.getLong(13)));
            }
        }
        return rows;
    }

    /** The connection ids that a client has registered. */
    public List<Long> sessions(UUID client) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement s =
                connection.prepareStatement("SELECT connection_id FROM crossfade_session WHERE client_id = ?")) {
            s.setString(1, client.toString());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    ids.add(r.getLong(1));
                }
            }
        }
        return ids;
    }

    /** The moves of a change, oldest first. */
    public List<EventRow> events(String changeId) throws SQLException {
        List<EventRow> rows = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT id, at, change_id, epoch, who, stage_from, stage_to, why FROM crossfade_event WHERE change_id = ?"
                        + " ORDER BY id")) {
            s.setString(1, changeId);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.add(new EventRow(
                            r.getLong(1),
                            required(instant(r, 2)),
                            r.getString(3),
                            r.getLong(4),
                            r.getString(5),
                            r.getString(6),
                            r.getString(7),
                            r.getString(8)));
                }
            }
        }
        return rows;
    }

    /** The checkpoint of a task, or its start where none was written. */
    public Checkpoint checkpoint(String changeId, String task) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT position, is_done, rows_seen, rows_changed"
                + " FROM crossfade_checkpoint WHERE change_id = ? AND task = ?")) {
            s.setString(1, changeId);
            s.setString(2, task);
            try (ResultSet r = s.executeQuery()) {
                return r.next()
                        ? new Checkpoint(task, r.getString(1), r.getBoolean(2), r.getLong(3), r.getLong(4))
                        : Checkpoint.start(task);
            }
        }
    }

    /** Writes a checkpoint; within the caller's transaction where autocommit is off. */
    public void saveCheckpoint(String changeId, Checkpoint checkpoint) throws SQLException {
        update(
                "INSERT INTO crossfade_checkpoint (change_id, task, position, is_done, rows_seen, rows_changed, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE position = VALUES(position),"
                        + " is_done = VALUES(is_done), rows_seen = VALUES(rows_seen), rows_changed = VALUES(rows_changed),"
                        + " updated_at = VALUES(updated_at)",
                changeId,
                checkpoint.task(),
                checkpoint.position(),
                checkpoint.isDone(),
                checkpoint.rowsSeen(),
                checkpoint.rowsChanged());
    }

    /** Removes a task's checkpoint, so that it begins anew. */
    public void dropCheckpoint(String changeId, String task) throws SQLException {
        update("DELETE FROM crossfade_checkpoint WHERE change_id = ? AND task = ?", changeId, task);
    }

    // --- below ----------------------------------------------------------------------------------------------------

    private long nextEpoch() throws SQLException {
        update("UPDATE crossfade_control SET epoch = epoch + 1 WHERE id = 1");
        return epoch();
    }

    private void event(String changeId, long epoch, String who, String from, String to, String why)
            throws SQLException {
        update(
                "INSERT INTO crossfade_event (at, change_id, epoch, who, stage_from, stage_to, why)"
                        + " VALUES (UTC_TIMESTAMP(3), ?, ?, ?, ?, ?, ?)",
                changeId,
                epoch,
                who,
                from,
                to,
                why);
    }

    private List<ChangeRow> changeRows(String tail, Object... parameters) throws SQLException {
        List<ChangeRow> rows = new ArrayList<>();
        try (PreparedStatement s =
                connection.prepareStatement("SELECT definition, table_before, stage, direction, read_percent,"
                        + " step, epoch, opened_at, moved_at, closed_at FROM crossfade_change " + tail)) {
            bind(s, parameters);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.add(new ChangeRow(
                            changeState(r, 1),
                            r.getString(6),
                            r.getLong(7),
                            required(instant(r, 8)),
                            required(instant(r, 9)),
                            instant(r, 10)));
                }
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != ControlTables.NO_SUCH_TABLE) {
                throw e;
            }
        }
        return rows;
    }

    private static ChangeState changeState(ResultSet r, int first) throws SQLException {
        return new ChangeState(
                ChangeFile.read(r.getString(first)),
                ChangeFile.readTable(r.getString(first + 1)),
                Stage.of(r.getString(first + 2)),
                Direction.valueOf(r.getString(first + 3).toUpperCase(Locale.ROOT)),
                r.getInt(first + 4));
    }

    private static @Nullable Instant instant(ResultSet r, int column) throws SQLException {
        LocalDateTime at = r.getObject(column, LocalDateTime.class);
        return at == null ? null : at.toInstant(ZoneOffset.UTC);
    }

    private static Instant required(@Nullable Instant at) {
        if (at == null) {
            throw new IllegalStateException("a time in the control tables is NULL that must not be");
        }
        return at;
    }

    private int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            bind(s, parameters);
            return s.executeUpdate();
        }
    }

    private static void bind(PreparedStatement s, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            s.setObject(i + 1, parameters[i]);
        }
    }

    private long inTransaction(Work work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            long result = work.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private interface Work {
        long run() throws SQLException;
    }
}
