package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.SourceTable;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.revert.Narrowing;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the last change of a table stands. Immutable.
 *
 * @param checkpoint what the last run left; empty where none did, or it was a change that needed no ghost
 * @param obstacles why it cannot be reverted; empty where it can
 * @param unlookedColumns columns of the new table that may hold what the old one does not allow; whether they do only a look at all rows
 *     would tell, which this is not worth
 */
public record Standing(
        TableName table, Optional<AlterCheckpoint> checkpoint, List<String> obstacles, List<String> unlookedColumns) {

    public Standing {
        obstacles = List.copyOf(obstacles);
        unlookedColumns = List.copyOf(unlookedColumns);
    }

    /** Whether the way back is open at this moment. */
    public boolean isRevertible() {
        return obstacles.isEmpty();
    }

    /** One whose rows need no look. */
    Standing(TableName table, Optional<AlterCheckpoint> checkpoint, List<String> obstacles) {
        this(table, checkpoint, obstacles, List.of());
    }

    static Standing of(Connection control, Site site, TableAlter alter) throws SQLException {
        GhostNames names = GhostNames.of(alter, site.request().rules(), Instant.now());
        Optional<AlterCheckpoint> checkpoint =
                new CheckpointTable(site.server().dialect(), names.checkpoint()).read(control);
        if (checkpoint.isEmpty()) {
            // A mistyped name would be told apart from a table that was never changed by nothing.
            SourceTable.read(control, alter.table());
        }
        List<String> obstacles = obstacles(control, alter, checkpoint);
        if (!obstacles.isEmpty()) {
            return new Standing(alter.table(), checkpoint, obstacles);
        }
        Reverting reverting = Reverting.find(control, site, alter);
        List<String> reasons = reverting.verdict(control).reasons();
        return new Standing(
                alter.table(),
                checkpoint,
                reasons,
                reasons.isEmpty() ? new Narrowing(reverting.change()).columns() : List.of());
    }

    /** As far as the checkpoint tells them. */
    private static List<String> obstacles(Connection control, TableAlter alter, Optional<AlterCheckpoint> checkpoint)
            throws SQLException {
        if (checkpoint.isEmpty()) {
            return List.of("no ghost change of the table is known");
        }
        Optional<String> another = Reverting.another(alter, checkpoint.get());
        if (another.isPresent()) {
            return List.of(another.get());
        }
        Step step = checkpoint.get().step();
        if (step == Step.DROPPING) {
            return List.of("the old table is being dropped; the same command without --status ends that");
        }
        if (!step.keepsWayBack()) {
            return List.of(
                    step == Step.REVERTED
                            ? "it is reverted already"
                            : "the change is under way (" + step.shown()
                                    + "), and only one that was cut over can be reverted; the same command without"
                                    + " --status goes on with it");
        }
        TableName old = new TableName(alter.table().schema(), checkpoint.get().old());
        if (TableFacts.of(control, old).isEmpty()) {
            return List.of("there is no table " + old + " any more");
        }
        return List.of();
    }
}
