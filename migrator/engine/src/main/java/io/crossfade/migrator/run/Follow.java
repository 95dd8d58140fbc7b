package io.crossfade.migrator.run;

import io.crossfade.migrator.mysql.NamedLock;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.verify.Differences;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Follows the change log all the time, until the change is beyond it or the operator ends it. Confined to the thread of the run. */
final class Follow {

    /** So long at most a row that was written without the driver stays as it is: judged, not measured. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** One that was killed lets go when the server notices that its session is gone. */
    private static final int LOCK_WAIT_SECONDS = 5;

    private final Session session;
    private final Stages stages;

    Follow(Session session) {
        this.session = session;
        this.stages = new Stages(session);
    }

    /**
     * Follows.
     *
     * @param isOnce whether to end when all that was written before now is known
     * @return the change as it stands at the end
     */
    ChangeRow run(String id, boolean isOnce) throws SQLException {
        ChangeRow row = stages.open(id);
        requireFollowed(row);
        NamedLock lock = NamedLock.ofChange(session.control(), "crossfade-follow", id);
        if (!lock.take(LOCK_WAIT_SECONDS)) {
            throw MigrationException.refused("cannot follow change " + id
                    + "; another `crossfade follow` of it is at work" + lock.holder() + "; one is enough");
        }
        session.listener().on(new Progress.Began("follow the change log"));
        Following following = new Following(session);
        try {
            while (row.isOpen() && row.state().stage().writesBoth()) {
                if (Following.isFollowed(row)) {
                    report(row, following.round(row));
                }
                if (isOnce) {
                    return row;
                }
                session.cancel().pause(EVERY);
                row = session.store().changes().find(id).orElseThrow();
            }
        } finally {
            following.end();
        }
        session.listener()
                .on(new Progress.Note("change " + id + " is at stage "
                        + row.state().stage().word() + (row.isOpen() ? "" : ", closed")
                        + "; there is nothing to follow any more"));
        return row;
    }

    private void report(ChangeRow row, Following.Reach reach) throws SQLException {
        if (reach == Following.Reach.OFF) {
            requireLog(row);
        } else if (reach == Following.Reach.ANEW) {
            Differences found = new TableWork(session, row.state()).verify(Side.NEW, false);
            if (!found.isNone()) {
                session.listener()
                        .on(new Progress.Warning(found.rowsDiffering() + " rows of "
                                + row.state().change().table() + " differ, among them "
                                + String.join("; ", found.keys())
                                + "; which side of them is right the log does not tell any more; write the right side"
                                + " through the driver"));
            }
        }
    }

    private void requireFollowed(ChangeRow row) throws SQLException {
        Stage stage = row.state().stage();
        if (!stage.writesBoth()) {
            throw MigrationException.refused("cannot follow change "
                    + row.state().change().id() + "; at stage " + stage.word()
                    + " only one side is written; follow it from dualwrite to rampdown");
        }
        requireLog(row);
    }

    private void requireLog(ChangeRow row) throws SQLException {
        Optional<String> obstacle = new Following(session).obstacle(row);
        if (obstacle.isPresent()) {
            throw MigrationException.refused("cannot follow change "
                    + row.state().change().id() + "; " + obstacle.get()
                    + "; mend that, or find writers without the driver by `crossfade verify`");
        }
    }
}
