package io.crossfade.state;

import io.crossfade.model.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The tables in the control tables whose statements clients are to measure, and what clients tell. A watch is a new epoch, so that
 * clients see it by their usual look. One that its migrator has left behind ends at its deadline. It has nothing to do with the
 * gate of the same tables: each comes and goes by itself.
 *
 * <p>One thread at a time.
 */
public final class WatchStore {

    private static final String COLUMNS =
            "w.watch_id, w.table_schema, w.table_name, w.turn, w.limit_millis, w.pace_millis";

    private static final long NANOS_PER_MICRO = 1000;

    private final ControlSql sql;

    WatchStore(ControlSql sql) {
        this.sql = sql;
    }

    /** Has these tables watched, at turn 1; takes away what an earlier run has left of them, or anybody too long ago. */
    public void begin(UUID watch, List<TableName> tables, Duration limit, Duration pace, Duration lasting, String who)
            throws SQLException {
        sql.inTransaction(() -> {
            sql.update("UPDATE crossfade_control SET epoch = epoch + 1 WHERE id = 1"); // Also keeps others out.
            for (TableName table : tables) {
                sql.update(
                        "DELETE FROM crossfade_watch WHERE table_schema = ? AND table_name = ?",
                        table.schema(),
                        table.table());
            }
            sql.update("DELETE FROM crossfade_watch WHERE until_at < UTC_TIMESTAMP(3)");
            sql.update(
                    "DELETE FROM crossfade_watch_client WHERE watch_id NOT IN (SELECT watch_id FROM crossfade_watch)");
            for (TableName table : tables) {
                sql.update(
                        "INSERT INTO crossfade_watch (watch_id, table_schema, table_name, turn, limit_millis, pace_millis, who,"
                                + " begun_at, until_at) VALUES (?, ?, ?, 1, ?, ?, ?, UTC_TIMESTAMP(3),"
                                + " UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)",
                        watch.toString(),
                        table.schema(),
                        table.table(),
                        limit.toMillis(),
                        pace.toMillis(),
                        who,
                        micros(lasting));
            }
            GateStore.count(sql);
            return 0L;
        });
    }

    /**
     * Puts the watch's end off, and sets its limit.
     *
     * @param turn a greater one where the limit is another
     * @return false where it is not there any more, or was too long ago
     */
    public boolean goOn(UUID watch, long turn, Duration limit, Duration lasting) throws SQLException {
        return sql.update(
                        "UPDATE crossfade_watch SET turn = ?, limit_millis = ?,"
                                + " until_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND"
                                + " WHERE watch_id = ? AND until_at > UTC_TIMESTAMP(3)",
                        turn,
                        limit.toMillis(),
                        micros(lasting),
                        watch.toString())
                > 0;
    }

    /** Ends it. */
    public void end(UUID watch) throws SQLException {
        sql.inTransaction(() -> {
            sql.update(
                    "UPDATE crossfade_control SET epoch = epoch WHERE id = 1"); // In the order of whoever begins one.
            sql.update("DELETE FROM crossfade_watch WHERE watch_id = ?", watch.toString());
            sql.update("DELETE FROM crossfade_watch_client WHERE watch_id = ?", watch.toString());
            GateStore.count(sql);
            return 0L;
        });
    }

    /** A client tells what it has measured since it told the last time. */
    public void report(Watch watch, UUID client, long statements, long slower, Duration slowest) throws SQLException {
        sql.update(
                "INSERT INTO crossfade_watch_client (watch_id, client_id, turn, statements, slower, slowest_micros, at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE turn = VALUES(turn),"
                        + " statements = VALUES(statements), slower = VALUES(slower), slowest_micros = VALUES(slowest_micros),"
                        + " at = VALUES(at)",
                watch.id(),
                client.toString(),
                watch.turn(),
                statements,
                slower,
                micros(slowest));
    }

    /** The last report of each client whose lease runs; those that have told nothing yet are not among them. */
    public List<WatchReport> reports(UUID watch) throws SQLException {
        List<WatchReport> reports = new ArrayList<>();
        String text = "SELECT c.id, c.application, c.host, c.pid, r.turn, r.statements, r.slower, r.slowest_micros,"
                + " TIMESTAMPDIFF(MICROSECOND, r.at, UTC_TIMESTAMP(3)) FROM crossfade_watch_client r"
                + " JOIN crossfade_client c ON c.id = r.client_id WHERE r.watch_id = ? AND c.lease_until > UTC_TIMESTAMP(3)"
                + " ORDER BY c.application, c.host, c.pid";
        try (PreparedStatement s = sql.connection().prepareStatement(text)) {
            s.setString(1, watch.toString());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    reports.add(new WatchReport(
                            UUID.fromString(r.getString(1)),
                            r.getString(2),
                            r.getString(3),
                            r.getLong(4),
                            r.getLong(5),
                            r.getLong(6),
                            r.getLong(7),
                            Duration.ofNanos(r.getLong(8) * NANOS_PER_MICRO),
                            Duration.ofNanos(r.getLong(9) * NANOS_PER_MICRO)));
                }
            }
        }
        return reports;
    }

    /** The watches that have not come to their end. */
    public List<Watch> all() throws SQLException {
        return watches().all();
    }

    /** The watches of the same instant as the epoch; for a client that knows of some. */
    Snapshot look(Snapshot known) throws SQLException {
        StandingRows.AtEpoch<Watch> seen = watches().atEpoch();
        return new Snapshot(seen.epoch(), known.changes(), known.announced(), seen.rows());
    }

    private StandingRows<Watch> watches() {
        return new StandingRows<>(sql, "crossfade_watch", "w", COLUMNS, WatchStore::watch);
    }

    private static Watch watch(ResultSet r, int first) throws SQLException {
        return new Watch(
                r.getString(first),
                new TableName(r.getString(first + 1), r.getString(first + 2)),
                r.getLong(first + 3),
                Duration.ofMillis(r.getLong(first + 4)),
                Duration.ofMillis(r.getLong(first + 5)));
    }

    private static long micros(Duration time) {
        return time.toNanos() / NANOS_PER_MICRO;
    }
}
