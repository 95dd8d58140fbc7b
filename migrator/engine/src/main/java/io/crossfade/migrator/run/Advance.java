package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import java.sql.SQLException;
import java.util.Set;

/** The last stages, each asked for by name. Confined to the thread of the run. */
final class Advance {
    private static final int ALL = 100;

    private final Session session;
    private final Stages stages;

    Advance(Session session) {
        this.session = session;
        this.stages = new Stages(session);
    }

    /** From rampdown to complete. */
    ChangeRow complete(String id, boolean acceptsLossy) throws SQLException {
        ChangeRow row = opened(id);
        if (row.state().stage() == Stage.COMPLETE) {
            return stages.arrive(row);
        }
        checkAt(
                row,
                Stage.RAMPDOWN,
                "complete",
                "switch all reads first: `crossfade switch " + id + " --percent 100 --settle`");
        if (row.state().change().isLossy() && !row.state().change().acceptsLossy() && !acceptsLossy) {
            throw MigrationException.refused("cannot complete change " + id
                    + "; its mapping may lose information, and from complete on old names are served from new alone; look"
                    + " at `crossfade plan` for what old code would see, then write accept: lossy in the change file, or"
                    + " say --accept-lossy");
        }
        new OldNames(session).requireQuiet(row, "complete");
        Unproxied unproxied = new Unproxied(session);
        unproxied.requireQuiet(row);
        row = stages.arrive(row);
        TableWork work = new TableWork(session, row.state());
        Finish finish = new Finish(session, row.state(), work);
        finish.constrainNew();
        finish.relaxOld();
        work.verifyOnly();
        unproxied.requireQuiet(row);
        return stages.move(row, Stage.COMPLETE, Direction.FORWARD, ALL, "advance");
    }

    /** From complete to contract, or to the end of a change that drops nothing. */
    ChangeRow contract(String id) throws SQLException {
        ChangeRow row = opened(id);
        if (!row.state().change().dropsColumns() && row.state().stage() == Stage.COMPLETE) {
            row = stages.arrive(row);
            Finish finish = new Finish(session, row.state(), new TableWork(session, row.state()));
            finish.showNew();
            stages.close(row, "nothing to drop");
            return session.store().changes().find(id).orElseThrow();
        }
        if (row.state().stage() != Stage.CONTRACT) {
            checkAt(row, Stage.COMPLETE, "contract", "complete it first: `crossfade advance " + id + " --to complete`");
            new OldNames(session).requireQuiet(row, "contract");
            row = stages.arrive(row);
            row = stages.move(row, Stage.CONTRACT, Direction.FORWARD, ALL, "advance");
        }
        row = stages.arrive(row);
        new Finish(session, row.state(), new TableWork(session, row.state())).dropOld();
        return row;
    }

    /** Closes a change that has nothing left to do; one that an earlier run has closed stays so. */
    void close(String id) throws SQLException {
        session.lock(id);
        if (stages.closedAt(id, Set.of(Stage.CONTRACT, Stage.COMPLETE, Stage.OFF))
                .isPresent()) {
            stages.awaitClosed();
            return;
        }
        ChangeRow row = opened(id);
        Stage stage = row.state().stage();
        boolean isEnded = stage == Stage.CONTRACT
                || stage == Stage.OFF
                || stage == Stage.COMPLETE && !row.state().change().dropsColumns();
        if (!isEnded) {
            throw MigrationException.refused("cannot close change " + id + "; it is at stage " + stage.word()
                    + "; advance it to contract, or roll it back");
        }
        row = stages.arrive(row);
        Finish finish = new Finish(session, row.state(), new TableWork(session, row.state()));
        if (stage == Stage.CONTRACT) {
            finish.dropOld();
        } else if (stage == Stage.COMPLETE) {
            finish.showNew();
        }
        stages.close(row, "close");
    }

    private ChangeRow opened(String id) throws SQLException {
        session.lock(id);
        ChangeRow row = stages.open(id);
        if (row.state().direction() == Direction.BACK) {
            throw MigrationException.refused("cannot advance change " + id
                    + "; it is being rolled back; finish that with `crossfade rollback " + id + "`");
        }
        return row;
    }

    private static void checkAt(ChangeRow row, Stage wanted, String to, String todo) {
        if (row.state().stage() != wanted) {
            throw MigrationException.refused("cannot advance change "
                    + row.state().change().id() + " to " + to + "; it is at stage "
                    + row.state().stage().word() + "; " + todo);
        }
    }
}
