package io.crossfade.state;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How far the tasks of a change have come, so that a run which was killed goes on where it was.
 *
 * <p>One thread at a time.
 */
public final class CheckpointStore {

    private final ControlSql sql;

    CheckpointStore(ControlSql sql) {
        this.sql = sql;
    }

    /** The checkpoint of a task, or its start where none was written. */
    public Checkpoint at(String changeId, String task) throws SQLException {
        try (PreparedStatement s = sql.connection()
                .prepareStatement("SELECT position, is_done, rows_seen, rows_changed"
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
    public void save(String changeId, Checkpoint checkpoint) throws SQLException {
        sql.update(
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
    public void drop(String changeId, String task) throws SQLException {
        sql.update("DELETE FROM crossfade_checkpoint WHERE change_id = ? AND task = ?", changeId, task);
    }
}
