package io.crossfade.state;

import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.model.TableText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The changes in the control tables: each opened, moved by compare-and-set, and closed, with a new epoch and an event row
 * for every step of that.
 *
 * <p>One thread at a time.
 */
public final class ChangeStore {

    /** How an event begins by which a client has taken reads back. */
    private static final String READ_OLD = "reads back to old: ";

    private final ControlSql sql;

    ChangeStore(ControlSql sql) {
        this.sql = sql;
    }

    /** Opens a change at stage off and gives the epoch of that. Fails where a change of this id was opened before. */
    public long open(Change change, Table before, String who, String why) throws SQLException {
        return sql.inTransaction(() -> {
            long epoch = nextEpoch(); // Holds the control row, so that of two openings one comes second.
            for (ChangeRow other : all()) {
                if (other.isOpen() && other.state().change().table().isSame(change.table())) {
                    throw new StaleEpochException("cannot open change " + change.id() + " of " + change.table()
                            + ": change " + other.state().change().id()
                            + " of the same table is open; finish and close it first");
                }
            }
            sql.update(
                    "INSERT INTO crossfade_change (id, table_schema, table_name, definition, table_before, stage, direction, step,"
                            + " read_percent, epoch, opened_at, moved_at) VALUES (?, ?, ?, ?, ?, ?, 'forward', '', 0, ?,"
                            + " UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))",
                    change.id(),
                    change.table().schema(),
                    change.table().table(),
                    ChangeFile.write(change),
                    TableText.write(before),
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
        sql.inTransaction(() -> {
            long epoch = nextEpoch();
            int rows = sql.update(
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
        return find(id).orElseThrow();
    }

    /**
     * Takes the reads of a change at stage live back to old: its share becomes 0, which no flag is above. However many clients say so at
     * once, it is one new epoch; where nothing is read from new, or the change has moved on, none.
     *
     * @return the epoch from which on this is so
     */
    public long readOld(String id, String who, String why) throws SQLException {
        if (!readsNew(id)) {
            return sql.epoch();
        }
        try {
            return sql.inTransaction(() -> {
                long epoch = nextEpoch(); // Holds the control row, so that of two clients one comes second.
                int rows = sql.update(
                        "UPDATE crossfade_change SET read_percent = 0, epoch = ?, step = '', moved_at = UTC_TIMESTAMP(3)"
                                + " WHERE id = ? AND stage = ? AND read_percent > 0 AND closed_at IS NULL",
                        epoch,
                        id,
                        Stage.LIVE.word());
                if (rows != 1) {
                    throw new StaleEpochException("nothing is read from new any more by change " + id);
                }
                event(id, epoch, who, Stage.LIVE.word(), Stage.LIVE.word(), READ_OLD + why);
                return epoch;
            });
        } catch (StaleEpochException e) {
            return sql.epoch(); // Somebody else was first.
        }
    }

    /** Why the reads of a change were taken back, where that is how it stands now. */
    public Optional<EventRow> readOldBecause(ChangeRow row) throws SQLException {
        if (row.state().stage() != Stage.LIVE || row.state().readPercent() > 0) {
            return Optional.empty();
        }
        List<EventRow> events = events(row.state().change().id());
        return events.isEmpty()
                ? Optional.empty()
                : Optional.of(events.get(events.size() - 1)).filter(e -> e.why().startsWith(READ_OLD));
    }

    private boolean readsNew(String id) throws SQLException {
        return find(id).map(c -> c.isOpen()
                        && c.state().stage() == Stage.LIVE
                        && c.state().readPercent() > 0)
                .orElse(false);
    }

    /** Notes that a step within the present stage is finished, so that a resumed run passes over it. No new epoch. */
    public ChangeRow finishStep(ChangeRow seen, String step) throws SQLException {
        String id = seen.state().change().id();
        int rows = sql.update(
                "UPDATE crossfade_change SET step = ? WHERE id = ? AND epoch = ? AND closed_at IS NULL",
                step,
                id,
                seen.epoch());
        if (rows == 0
                && find(id).filter(c -> c.epoch() == seen.epoch() && c.isOpen()).isEmpty()) {
            throw new StaleEpochException(
                    "cannot finish step " + step + " of change " + id + ": somebody else has moved it since epoch "
                            + seen.epoch() + "; look at its status and run the command again");
        }
        return find(id).orElseThrow();
    }

    /** Closes a change: clients stop serving it. One new epoch. */
    public void close(ChangeRow seen, String who, String why) throws SQLException {
        String id = seen.state().change().id();
        sql.inTransaction(() -> {
            long epoch = nextEpoch();
            int rows = sql.update(
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
        sql.inTransaction(() -> {
            sql.update("DELETE FROM crossfade_checkpoint WHERE change_id = ?", id);
            sql.update("DELETE FROM crossfade_usage WHERE change_id = ?", id);
            sql.update("DELETE FROM crossfade_unproxied WHERE change_id = ?", id);
            sql.update("DELETE FROM crossfade_comparison WHERE change_id = ?", id);
            sql.update("DELETE FROM crossfade_change WHERE id = ? AND closed_at IS NOT NULL", id);
            return 0L;
        });
    }

    /** The change with this id, open or closed. */
    public Optional<ChangeRow> find(String id) throws SQLException {
        List<ChangeRow> rows = changeRows("WHERE id = ?", id);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
    }

    /** All changes, open ones first. */
    public List<ChangeRow> all() throws SQLException {
        return changeRows("ORDER BY closed_at IS NOT NULL, opened_at");
    }

    /** The moves of a change, oldest first. */
    public List<EventRow> events(String changeId) throws SQLException {
        List<EventRow> rows = new ArrayList<>();
        try (PreparedStatement s = sql.connection()
                .prepareStatement(
                        "SELECT id, at, change_id, epoch, who, stage_from, stage_to, why FROM crossfade_event WHERE change_id = ?"
                                + " ORDER BY id")) {
            s.setString(1, changeId);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.add(new EventRow(
                            r.getLong(1),
                            ControlSql.required(ControlSql.instant(r, 2)),
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

    private long nextEpoch() throws SQLException {
        sql.update("UPDATE crossfade_control SET epoch = epoch + 1 WHERE id = 1");
        return sql.epoch();
    }

    private void event(String changeId, long epoch, String who, String from, String to, String why)
            throws SQLException {
        sql.update(
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
        try (PreparedStatement s = sql.connection()
                .prepareStatement("SELECT definition, table_before, stage, direction, read_percent,"
                        + " step, epoch, opened_at, moved_at, closed_at FROM crossfade_change " + tail)) {
            ControlSql.bind(s, parameters);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.add(new ChangeRow(
                            changeState(r, 1),
                            r.getString(6),
                            r.getLong(7),
                            ControlSql.required(ControlSql.instant(r, 8)),
                            ControlSql.required(ControlSql.instant(r, 9)),
                            ControlSql.instant(r, 10)));
                }
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != ControlTables.NO_SUCH_TABLE) {
                throw e;
            }
        }
        return rows;
    }

    static ChangeState changeState(ResultSet r, int first) throws SQLException {
        return new ChangeState(
                Definitions.change(r.getString(first)),
                Definitions.table(r.getString(first + 1)),
                Stage.of(r.getString(first + 2)),
                Direction.valueOf(r.getString(first + 3).toUpperCase(Locale.ROOT)),
                r.getInt(first + 4));
    }
}
