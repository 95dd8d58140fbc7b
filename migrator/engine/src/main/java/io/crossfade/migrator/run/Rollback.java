package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * The way back to off, through every stage, each behind its fence. Coming from complete, old is filled from new and
 * verified before any client reads it.
 *
 * <p>Confined to the thread of the run.
 */
final class Rollback {
    private static final String REFILL = "refill";

    private final Session session;
    private final Stages stages;

    Rollback(Session session) {
        this.session = session;
        this.stages = new Stages(session);
    }

    /** Goes on from wherever the change stands. */
    ChangeRow run(String id) throws SQLException {
        session.lock(id);
        Optional<ChangeRow> done = stages.closedAt(id, Set.of(Stage.OFF));
        if (done.isPresent()) {
            stages.awaitClosed();
            return done.get();
        }
        ChangeRow row = stages.open(id);
        if (row.state().stage() == Stage.CONTRACT) {
            throw MigrationException.refused("cannot roll back change " + id
                    + "; its old columns are being dropped; make a new change in the other direction");
        }
        row = stages.arrive(row);
        TableWork work = new TableWork(session, row.state());
        Finish finish = new Finish(session, row.state(), work);
        if (row.state().stage() == Stage.COMPLETE) {
            session.store().checkpoints().drop(id, REFILL);
            row = back(row, Stage.RAMPDOWN);
        }
        if (row.state().stage() == Stage.RAMPDOWN) {
            if (row.state().direction() == Direction.BACK) {
                work.backfill(Side.OLD, REFILL);
                new Following(session).catchUp(row);
                work.verifyAndMend(Side.OLD);
            }
            finish.restoreOld();
            row = back(row, Stage.LIVE);
        }
        if (row.state().stage() == Stage.LIVE) {
            row = back(row, Stage.SHADOW);
        }
        if (row.state().stage() == Stage.SHADOW) {
            row = back(row, Stage.DUALWRITE);
        }
        if (row.state().stage() == Stage.DUALWRITE) {
            // Reads are on old by now; what was written to new alone is taken over before new goes.
            new Following(session).catchUp(row);
            finish.relaxNew();
            row = back(row, Stage.EXPAND);
        }
        if (row.state().stage() == Stage.EXPAND) {
            finish.dropNew();
            row = back(row, Stage.OFF);
        }
        stages.close(row, "rolled back");
        return session.store().changes().find(id).orElseThrow();
    }

    private ChangeRow back(ChangeRow row, Stage to) throws SQLException {
        return stages.move(row, to, Direction.BACK, 0, "rollback");
    }
}
