package io.crossfade.migrator.run;

import io.crossfade.migrator.fence.Fence;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Change;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.ControlStore;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * Moves a change from stage to stage, each move behind its fence. A run that was killed between a move and the end of its
 * fence finds the step empty and waits at the fence again.
 *
 * <p>Confined to the thread of the run.
 */
final class Stages {

    /** The step of a stage once every client is known to have arrived at it. */
    static final String FENCED = "fenced";

    private final Session session;
    private final ControlStore store;
    private final Fence fence;

    Stages(Session session) {
        this.session = session;
        this.store = session.store();
        this.fence = new Fence(store, session.fencer(), session.cancel(), session.listener());
    }

    /** The change with this id, where a run has closed it already at one of these stages: there is nothing left to do. */
    Optional<ChangeRow> closedAt(String id, Set<Stage> ends) throws SQLException {
        return store.changes()
                .find(id)
                .filter(row -> !row.isOpen() && ends.contains(row.state().stage()));
    }

    /** A run that was killed at the end of its closing may have left clients behind. */
    void awaitClosed() throws SQLException {
        fence.await(store.epoch(), session.settings().fenceTimeout());
    }

    /** The open change with this id. */
    ChangeRow open(String id) throws SQLException {
        ChangeRow row = store.changes()
                .find(id)
                .orElseThrow(() -> MigrationException.refused(
                        "there is no change " + id + " in this database; look at `crossfade status`"));
        if (!row.isOpen()) {
            throw MigrationException.refused("change " + id + " is closed, at stage "
                    + row.state().stage().word() + "; there is nothing left to do");
        }
        return row;
    }

    /** Opens a change at stage off, and waits for idle clients to notice. */
    ChangeRow declare(Resolver.Resolved resolved, String fingerprint) throws SQLException {
        Change change = resolved.change();
        Optional<ChangeRow> earlier = store.changes().find(change.id());
        if (earlier.isPresent() && !earlier.get().isOpen()) {
            store.changes().forget(change.id());
        }
        session.listener().on(new Progress.Began("open"));
        store.changes().open(change, resolved.before(), session.who(), "start of " + fingerprint);
        return arrive(open(change.id()));
    }

    /** Moves one stage and waits until every client is there. */
    ChangeRow move(ChangeRow row, Stage to, Direction direction, int readPercent, String why) throws SQLException {
        session.cancel().check();
        session.listener().on(new Progress.Began("move to " + to.word()));
        Stage from = row.state().stage();
        ChangeRow moved = store.changes().move(row, to, direction, readPercent, session.who(), why);
        session.listener().on(new Progress.Moved(row.state().change().id(), from, to, moved.epoch()));
        return arrive(moved);
    }

    /** Waits at the fence of the present stage where that was not yet done. */
    ChangeRow arrive(ChangeRow row) throws SQLException {
        if (row.step().equals(FENCED)) {
            return row;
        }
        if (row.state().stage() == Stage.OFF && row.state().direction() == Direction.FORWARD) {
            fence.discover(session.settings().discovery(), session.settings().fenceTimeout());
        }
        fence.await(row.epoch(), session.settings().fenceTimeout());
        if (Following.beginsAt(row.state())) {
            new Following(session).begin(row);
        }
        session.listener()
                .on(new Progress.Began("fence passed at " + row.state().stage().word()));
        return store.changes().finishStep(row, FENCED);
    }

    void close(ChangeRow row, String why) throws SQLException {
        session.listener().on(new Progress.Began("close"));
        store.changes().close(row, session.who(), why);
        fence.await(store.epoch(), session.settings().fenceTimeout());
    }
}
