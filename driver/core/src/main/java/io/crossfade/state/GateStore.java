package io.crossfade.state;

import io.crossfade.model.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Announced cut-overs in the control tables, and what clients answer. An announcement is a new epoch, so that clients see it by
 * their usual look; from then on they look at the gate itself. One that its migrator has left behind ends at its deadline.
 *
 * <p>One thread at a time.
 */
public final class GateStore {

    private static final String COLUMNS =
            "g.gate_id, g.table_schema, g.table_name, g.phase, g.epoch, g.turn, g.bound_millis, g.poll_millis";

    private final ControlSql sql;

    GateStore(ControlSql sql) {
        this.sql = sql;
    }

    /** Announces the cut-over of these tables, at turn 1; takes away what an earlier run has left of them, or anybody too long ago. */
    public void announce(UUID gate, List<TableName> tables, Duration bound, Duration poll, Duration lasting, String who)
            throws SQLException {
        sql.inTransaction(() -> {
            sql.update("UPDATE crossfade_control SET epoch = epoch + 1 WHERE id = 1"); // Also keeps others out.
            for (TableName table : tables) {
                sql.update(
                        "DELETE FROM crossfade_gate WHERE table_schema = ? AND table_name = ?",
                        table.schema(),
                        table.table());
            }
            sql.update("DELETE FROM crossfade_gate WHERE until_at < UTC_TIMESTAMP(3)");
            sql.update("DELETE FROM crossfade_gate_client WHERE gate_id NOT IN (SELECT gate_id FROM crossfade_gate)");
            long epoch = sql.epoch();
            for (TableName table : tables) {
                sql.update(
                        "INSERT INTO crossfade_gate (gate_id, table_schema, table_name, phase, epoch, turn, bound_millis,"
                                + " poll_millis, who, announced_at, until_at) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?,"
                                + " UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)",
                        gate.toString(),
                        table.schema(),
                        table.table(),
                        Announcement.Phase.NEAR.word(),
                        epoch,
                        bound.toMillis(),
                        poll.toMillis(),
                        who,
                        lasting.toNanos() / 1000);
            }
            count(sql);
            return epoch;
        });
    }

    /**
     * Moves the gate, by a new turn, and puts its end off.
     *
     * @return false where it is not announced any more, or was too long ago
     */
    public boolean move(UUID gate, Announcement.Phase phase, long turn, Duration poll, Duration lasting)
            throws SQLException {
        return sql.update(
                        "UPDATE crossfade_gate SET phase = ?, turn = ?, poll_millis = ?,"
                                + " until_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND"
                                + " WHERE gate_id = ? AND until_at > UTC_TIMESTAMP(3)",
                        phase.word(),
                        turn,
                        poll.toMillis(),
                        lasting.toNanos() / 1000,
                        gate.toString())
                > 0;
    }

    /** Takes the announcement back. */
    public void withdraw(UUID gate) throws SQLException {
        sql.inTransaction(() -> {
            sql.update("DELETE FROM crossfade_gate WHERE gate_id = ?", gate.toString());
            sql.update("DELETE FROM crossfade_gate_client WHERE gate_id = ?", gate.toString());
            count(sql);
            return 0L;
        });
    }

    /** Clients that load the control state read the announcements and the watches only where this says that there are some. */
    static void count(ControlSql sql) throws SQLException {
        sql.update("UPDATE crossfade_control SET gates = (SELECT COUNT(DISTINCT gate_id) FROM crossfade_gate)"
                + " + (SELECT COUNT(DISTINCT watch_id) FROM crossfade_watch) WHERE id = 1");
    }

    /** A client says that it has seen a turn, and, where it is so, that nothing under way touches the tables any more. */
    public void answer(UUID gate, UUID client, long turnSeen, long turnPassed, @Nullable Long holder)
            throws SQLException {
        sql.update(
                "INSERT INTO crossfade_gate_client (gate_id, client_id, turn_seen, turn_passed, holder_connection, at)"
                        + " VALUES (?, ?, ?, ?, NULLIF(?, 0), UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE turn_seen = VALUES(turn_seen),"
                        + " turn_passed = VALUES(turn_passed), holder_connection = VALUES(holder_connection), at = VALUES(at)",
                gate.toString(),
                client.toString(),
                turnSeen,
                turnPassed,
                holder == null ? 0 : holder);
    }

    /** What the clients whose lease runs have said of a gate. */
    public List<GateAnswer> answers(UUID gate) throws SQLException {
        List<GateAnswer> answers = new ArrayList<>();
        String text = "SELECT c.id, c.application, c.host, c.pid, COALESCE(a.turn_seen, 0), COALESCE(a.turn_passed, 0),"
                + " a.holder_connection FROM crossfade_client c LEFT JOIN crossfade_gate_client a"
                + " ON a.gate_id = ? AND a.client_id = c.id WHERE c.lease_until > UTC_TIMESTAMP(3)"
                + " ORDER BY c.application, c.host, c.pid";
        try (PreparedStatement s = sql.connection().prepareStatement(text)) {
            s.setString(1, gate.toString());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    long holder = r.getLong(7);
                    answers.add(new GateAnswer(
                            UUID.fromString(r.getString(1)),
                            r.getString(2),
                            r.getString(3),
                            r.getLong(4),
                            r.getLong(5),
                            r.getLong(6),
                            holder == 0 ? null : holder));
                }
            }
        }
        return answers;
    }

    /** The announcements that have not come to their end. */
    public List<Announcement> all() throws SQLException {
        return announcements().all();
    }

    /** Every gate that stands, those that were left behind among them; for showing. */
    public List<GateRow> standing() throws SQLException {
        List<GateRow> rows = new ArrayList<>();
        try (Statement s = sql.connection().createStatement();
                ResultSet r =
                        s.executeQuery("SELECT " + COLUMNS + ", g.who, g.announced_at, g.until_at <= UTC_TIMESTAMP(3)"
                                + " FROM crossfade_gate g ORDER BY g.table_schema, g.table_name")) {
            while (r.next()) {
                rows.add(new GateRow(
                        announcement(r, 1),
                        r.getString(9),
                        ControlSql.required(ControlSql.instant(r, 10)),
                        r.getBoolean(11)));
            }
        } catch (SQLException e) {
            if (!ControlTables.isNotThere(e)) {
                throw e;
            }
        }
        return rows;
    }

    /** The announcements of the same instant as the epoch; for a client that knows of some. */
    Snapshot look(Snapshot known) throws SQLException {
        StandingRows.AtEpoch<Announcement> seen = announcements().atEpoch();
        return new Snapshot(seen.epoch(), known.changes(), seen.rows(), known.watches());
    }

    private StandingRows<Announcement> announcements() {
        return new StandingRows<>(sql, "crossfade_gate", "g", COLUMNS, GateStore::announcement);
    }

    private static Announcement announcement(ResultSet r, int first) throws SQLException {
        return new Announcement(
                r.getString(first),
                new TableName(r.getString(first + 1), r.getString(first + 2)),
                Announcement.Phase.of(r.getString(first + 3)),
                r.getLong(first + 4),
                r.getLong(first + 5),
                Duration.ofMillis(r.getLong(first + 6)),
                Duration.ofMillis(r.getLong(first + 7)));
    }
}
