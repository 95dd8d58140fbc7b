package io.crossfade.migrator.backfill;

import io.crossfade.migrator.repair.Repair;
import io.crossfade.migrator.walk.Walk;
import io.crossfade.state.Checkpoint;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Fills one side of every row from the other where the two disagree. Doing it again changes nothing. The checkpoint is
 * written in the transaction of the chunk, so that after a kill no row is done twice and none is passed over.
 *
 * <p>One thread at a time.
 */
public final class Backfill {
    private final Connection connection;
    private final Repair repair;
    private final Walk walk;

    /**
     * @param connection the walk's own
     */
    public Backfill(Connection connection, Repair repair, Walk walk) {
        this.connection = connection;
        this.repair = repair;
        this.walk = walk;
    }

    /** Goes on from the task's checkpoint to the end. */
    public Checkpoint run(String changeId, String task) throws SQLException {
        ControlStore store = new ControlStore(connection);
        Checkpoint from = store.checkpoints().at(changeId, task);
        connection.commit();
        return walk.run(
                from,
                (range, isAgain) -> {
                    Repair.Mended mended = repair.mendUnlocked(connection, range, isAgain);
                    return new Walk.Visit(mended.rows(), mended.isWhole());
                },
                at -> store.checkpoints().save(changeId, at));
    }
}
