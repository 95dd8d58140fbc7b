package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Change;
import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import java.sql.SQLException;
import java.util.Optional;

/** From a change file to stage shadow. Confined to the thread of the run. */
final class Start {
    private static final String BACKFILL = "backfill";

    private final Session session;
    private final Stages stages;

    Start(Session session) {
        this.session = session;
        this.stages = new Stages(session);
    }

    /** Goes on from wherever the change stands. */
    ChangeRow run(Change declared) throws SQLException {
        ChangeRow row = opened(declared);
        if (row.state().direction() == Direction.BACK) {
            throw MigrationException.refused("cannot start change " + declared.id()
                    + "; it is being rolled back; finish that with `crossfade rollback " + declared.id() + "`");
        }
        row = stages.arrive(row);
        TableWork work = new TableWork(session, row.state());
        if (row.state().stage() == Stage.OFF) {
            row = forward(row, Stage.EXPAND);
        }
        if (row.state().stage() == Stage.EXPAND) {
            work.addColumns();
            row = forward(row, Stage.DUALWRITE);
        }
        if (row.state().stage() == Stage.DUALWRITE) {
            work.backfill(Side.NEW, BACKFILL);
            work.buildIndexes();
            work.verifyAndMend(Side.NEW);
            row = forward(row, Stage.SHADOW);
        }
        return row;
    }

    /** The change as it stands, or newly opened. */
    private ChangeRow opened(Change declared) throws SQLException {
        session.store().install();
        session.lock(declared.id());
        Optional<ChangeRow> there = session.store().change(declared.id()).filter(ChangeRow::isOpen);
        if (there.isPresent()) {
            return there.get();
        }
        Resolver.Resolved resolved = new Resolver(session.control(), session.server()).resolve(declared);
        return stages.declare(resolved);
    }

    private ChangeRow forward(ChangeRow row, Stage to) throws SQLException {
        return stages.move(row, to, Direction.FORWARD, 0, "start");
    }
}
