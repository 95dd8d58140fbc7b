package io.crossfade.migrator.alter;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.checkpoint.Shape;
import io.crossfade.migrator.checkpoint.Undertaking;
import io.crossfade.migrator.chunk.KeyOrder;
import io.crossfade.migrator.chunk.KeyPoint;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.cutover.CutOver;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.cutover.Swap;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.Followers;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.OldTables;
import io.crossfade.migrator.mysql.PlainIndexes;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.mysql.TextMode;
import io.crossfade.migrator.revert.Parked;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.migrator.stream.ServerHistory;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one table to where its copy can begin, or go on: finds what an earlier run left, else makes the ghost.
 *
 * <p>One thread at a time.
 */
final class Preparation {

    /** Rows that a killed run had put in behind its checkpoint go in pieces of this many. */
    private static final int CLEARED_ROWS = 2000;

    /** Below it sorting an index is not worth a statement. Judged, not measured. */
    private static final long LARGE_ROWS = 100_000;

    private final Site site;
    private final Connection control;

    Preparation(Site site, Connection control) {
        this.site = site;
        this.control = control;
    }

    /** Clears away what an earlier run left that is ours and of no use any more. */
    void clear(TableAlter alter, Earlier earlier) throws SQLException {
        Optional<AlterCheckpoint> before = earlier.checkpoint();
        if (before.isEmpty() || before.get().step().isOver()) {
            return;
        }
        if (UnderWay.isBarelyBegun(before.get())) {
            // The server may still be at it.
            try (Claim making = Claim.making(site.connections().open(), alter.table())) {
                making.check();
                new GhostTables(alter, site.request().rules(), earlier.names()).drop(control);
            }
        }
        checkpoints(earlier.names()).drop(control);
    }

    /** A checkpoint as this server can go on from it, whichever wrote it. */
    AlterCheckpoint here(TableAlter alter, AlterCheckpoint before) throws SQLException {
        ServerHistory history = before.history();
        LogPosition position = before.position();
        if (history == null || position == null || history.isOf(control)) {
            return before;
        }
        Optional<String> obstacle = history.obstacle(control, position);
        if (obstacle.isPresent()) {
            throw MigrationException.refused("cannot go on with the change of \"" + alter.table() + "\"; "
                    + obstacle.get() + ", or begin anew with --initially-drop-ghost-table");
        }
        site.listener()
                .on(new Progress.Note("the checkpoint was written on another server (" + history.server()
                        + "); this one has all that it builds upon, and its change log is read by GTIDs"));
        return before.from(position.onAnotherServer());
    }

    /** What hangs on the table may have come since the ghost was made. */
    void checkTies(TableAlter alter, GhostNames names) throws SQLException {
        new GhostTables(alter, site.request().rules(), names).checkTies(control);
    }

    /** Makes the ghost, and the checkpoint with the place of the log from which its changes are to be read. */
    AlterCheckpoint create(TableAlter asked, Earlier earlier) throws SQLException {
        String mode = TextMode.words(control);
        TableAlter alter = asked.readBy(mode);
        GhostNames names = earlier.names();
        GhostTables ghosts = new GhostTables(alter, site.request().rules(), names);
        CheckpointTable checkpoints = checkpoints(names);
        MySqlDialect dialect = site.server().dialect();
        Undertaking work = new Undertaking(
                alter.table().toString(),
                alter.alter(),
                mode,
                site.request().rules().deciding(),
                names.ghost().table(),
                names.old().table(),
                List.of(),
                Shape.of(control, dialect, alter.table()).orElse(null),
                null);
        AlterCheckpoint begun = AlterCheckpoint.begin(site.id(), work);
        ghosts.makeRoom(control, left -> Origin.of(left, names, earlier.checkpoint()), left -> drop(left, checkpoints));
        Parked.drop(control, dialect, names.parked());
        try {
            checkpoints.create(control);
            checkpoints.save(control, begun);
            Connection ddl = site.sessions().openForDdl();
            try (Claim making = Claim.making(ddl, alter.table())) {
                making.check();
                ghosts.create(ddl);
            }
            // Refused here, and not when rows are copied already.
            TableChange change = ghosts.describe(control);
            checkKey(alter, names, change);
            site.listener().on(new Progress.Note("made the ghost " + names.ghost()));
            PlainIndexes later = PlainIndexes.of(site.server().dialect(), names.ghost(), List.of());
            if (buildsIndexesLater(names)) {
                later = PlainIndexes.look(control, site.server().dialect(), change.ghost())
                        .leaveOut(control);
            }
            AlterCheckpoint created = begun.withIndexes(later.definitions()).from(LogPosition.current(control));
            checkpoints.save(control, created);
            return created;
        } catch (SQLException | RuntimeException e) {
            forget(ghosts, checkpoints, e);
            throw e;
        }
    }

    /** First the checkpoint of the change that they are of: nobody may go back to a table that is half dropped. */
    private void drop(List<TableName> left, CheckpointTable checkpoints) throws SQLException {
        checkpoints.drop(control);
        try (Connection writer = site.sessions().openForDdl()) {
            new OldTables(writer, site.throttles()::await, site.operator(), site.listener())
                    .dropInPieces(left.toArray(TableName[]::new));
        }
    }

    private boolean buildsIndexesLater(GhostNames names) throws SQLException {
        return switch (site.request().rules().indexes()) {
            case WITH_ROWS -> false;
            case AFTER_ROWS -> true;
            case AUTO ->
                TableFacts.of(control, names.table()).map(TableFacts::rows).orElse(0L) >= LARGE_ROWS
                        && !Followers.mayHave(control);
        };
    }

    /** What cannot be made leaves nothing behind; where the session is gone too, the next run clears it away. */
    private void forget(GhostTables ghosts, CheckpointTable checkpoints, Exception cause) {
        try {
            ghosts.drop(control);
            checkpoints.drop(control);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** The table as this run sees it. */
    TableRun open(TableAlter alter, GhostNames names, AlterCheckpoint from) throws SQLException {
        TableChange change = new GhostTables(alter, site.request().rules(), names).describe(control);
        checkKey(alter, names, change);
        KeyOrder order = KeyOrders.of(change.source(), change.sourceKey());
        KeyPoint arrived = from.arrived().isEmpty()
                ? null
                : order.points(control, List.of(from.arrived())).get(0);
        if (site.request().rules().includesTriggers()) {
            // A run that was killed in its cut-over may have left them, and they must not fire for what is copied.
            new GhostTables(alter, site.request().rules(), names)
                    .triggers(control)
                    .drop(control);
        }
        clearBehind(change, from, arrived);
        TableRun table = new TableRun(
                site.server().dialect(),
                alter,
                names,
                change,
                from.by(site.id()),
                order,
                arrived,
                site.stop(),
                site.listener());
        // Before the first row is copied, as also on the way on from a checkpoint.
        table.nullKeys.check(control, site::check);
        table.checkpoints.save(control, table.checkpoint);
        return table;
    }

    private static void checkKey(TableAlter alter, GhostNames names, TableChange change) {
        if (change.hasTimeStampKey() && change.isZoned()) {
            throw MigrationException.refused("cannot alter table \"" + alter.table()
                    + "\"; its key holds a TIMESTAMP, which is read in UTC, and another column is converted or computed in the"
                    + " server's time zone; make it in a run of its own with another key, or on a server whose zone is UTC (a"
                    + " ghost that is there, " + names.ghost() + ", is of no use)");
        }
    }

    /** Takes out of the ghost what a killed run had copied behind its checkpoint: it will be copied anew. */
    private void clearBehind(TableChange change, AlterCheckpoint from, @Nullable KeyPoint arrived) throws SQLException {
        if (from.isComplete()) {
            return;
        }
        String behind =
                change.ghostKey().where(new KeyRange(arrived == null ? List.of() : arrived.values(), List.of()));
        long removed = 0;
        try (Connection writer = site.sessions().openConverting(change);
                Statement s = writer.createStatement()) {
            int rows;
            do {
                site.operator().check();
                rows = s.executeUpdate("DELETE FROM " + change.ghostKey().quotedTable() + " WHERE " + behind
                        + " ORDER BY " + change.ghostKey().ordered() + " LIMIT " + CLEARED_ROWS);
                removed += rows;
            } while (rows == CLEARED_ROWS);
        }
        if (removed > 0) {
            site.listener()
                    .on(new Progress.Note("took out " + removed + " rows that were copied behind the checkpoint"));
        }
    }

    /** What became of a cut-over from which no answer came. */
    Outcome outcome(GhostNames names) {
        return CutOver.of(
                        site.connections(),
                        site.server(),
                        site.request().bounds().cutOver(),
                        site.listener())
                .outcomeOf(List.of(new Swap(names.table(), names.ghost(), names.old())));
    }

    private CheckpointTable checkpoints(GhostNames names) {
        return new CheckpointTable(site.server().dialect(), names.checkpoint());
    }
}
