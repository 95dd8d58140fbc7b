package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.checkpoint.Shape;
import io.crossfade.migrator.checkpoint.Undertaking;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.SourceTable;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.revert.Parked;
import io.crossfade.migrator.revert.Revertibility;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.migrator.stream.ServerHistory;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change that was carried out, as the way back needs it. Immutable.
 *
 * @param change as it was: the source's structure under the table's name, though it is the old table's now
 * @param from the log's position up to which the old table is up to date
 */
record Reverting(GhostNames names, TableChange change, AlterCheckpoint checkpoint, LogPosition from) {

    /** Whether it can be reverted on this server as it stands now. */
    Revertibility verdict(Connection control) throws SQLException {
        ServerHistory history = checkpoint.history();
        Optional<String> obstacle = history == null ? Optional.empty() : history.obstacle(control, from);
        if (obstacle.isPresent()) {
            return new Revertibility(List.of(obstacle.get()));
        }
        if (checkpoint.step() == Step.REVERTING && !Parked.isThere(control, names.parked())) {
            return new Revertibility(List.of("there is no table " + names.parked()
                    + " any more, which held the rows that the old table could not take when the way back was begun"));
        }
        List<String> altered = new ArrayList<>();
        Undertaking work = checkpoint.work();
        addIfAltered(control, change.old(), work.before(), altered);
        addIfAltered(control, names.table(), work.after(), altered);
        return altered.isEmpty() ? Revertibility.of(control, change, from) : new Revertibility(altered);
    }

    /** The log's images are read by the columns as they were. */
    private static void addIfAltered(Connection control, TableName table, @Nullable Shape then, List<String> altered)
            throws SQLException {
        Optional<Shape> now = Shape.of(control, Server.of(control).dialect(), table);
        if (then == null || now.isEmpty() || !now.get().columns().equals(then.columns())) {
            altered.add("the columns of " + table + " are not those of the cut-over any more");
        }
    }

    /** Where a change is named, and it is not the last one; empty where it may be left out and is. */
    static Optional<String> another(TableAlter asked, AlterCheckpoint checkpoint) {
        return asked.alter().isEmpty() || asked.alter().equals(checkpoint.alter())
                ? Optional.empty()
                : Optional.of("the last change of it is another one, and alone can be taken back: ALTER TABLE … "
                        + checkpoint.alter() + "; give that as --alter, or leave --alter out");
    }

    /** Finds it by its checkpoint. */
    static Reverting find(Connection control, Site site, TableAlter asked) throws SQLException {
        GhostNames names = GhostNames.of(asked, site.request().rules(), Instant.now());
        Optional<AlterCheckpoint> known =
                new CheckpointTable(site.server().dialect(), names.checkpoint()).read(control);
        if (known.isEmpty()) {
            SourceTable.read(control, asked.table());
            throw MigrationException.refused("cannot revert table \"" + asked.table()
                    + "\"; no change of it by a ghost is known (there is no table " + names.checkpoint()
                    + ", or it is empty); one that the server made at once is taken back by an ALTER of its own; where the"
                    + " change was made with --force-table-names, say that again");
        }
        AlterCheckpoint checkpoint = known.get();
        LogPosition from = checkpoint.position();
        Earlier.requireOwn(site, asked, names, checkpoint);
        another(asked, checkpoint).ifPresent(other -> {
            throw MigrationException.refused("cannot revert table \"" + asked.table() + "\"; " + other);
        });
        if (!checkpoint.step().keepsWayBack() || from == null) {
            throw MigrationException.refused("cannot revert table \"" + asked.table() + "\"; "
                    + (checkpoint.step() == Step.REVERTED
                            ? "it is reverted already"
                            : "its change stands at \"" + checkpoint.step().shown()
                                    + "\", and only one that was cut over can be reverted"));
        }
        TableName old = new TableName(asked.table().schema(), checkpoint.old());
        if (TableFacts.of(control, old).isEmpty()) {
            throw MigrationException.refused("cannot revert table \"" + asked.table() + "\"; there is no table " + old
                    + " any more, which held the old structure");
        }
        GhostNames found = new GhostNames(names.table(), names.ghost(), old, names.changeLog(), names.checkpoint());
        Rules rules = site.request().rules().deciding(checkpoint.work().flags());
        // The tables have exchanged their names: the old one stands for the source, the table for the ghost.
        GhostNames swapped = new GhostNames(old, names.table(), old, names.changeLog(), names.checkpoint());
        TableAlter then =
                new TableAlter(old, checkpoint.alter(), checkpoint.work().mode());
        TableChange now = new GhostTables(then, rules, swapped).describe(control);
        TableChange change = new TableChange(
                now.source().called(names.table()),
                now.ghost().called(names.ghost()),
                old,
                now.pairs(),
                now.sourceKey(),
                now.ghostKey(),
                now.uniqueKeysAdded(),
                now.derived(),
                now.cut());
        return new Reverting(found, change, checkpoint, from);
    }
}
