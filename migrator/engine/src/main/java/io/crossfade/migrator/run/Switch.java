package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import java.sql.SQLException;

/** Moves reads from old to new and back. Confined to the thread of the run. */
final class Switch {

    /** All reads go to new. */
    private static final int ALL = 100;

    private final Session session;
    private final Stages stages;

    Switch(Session session) {
        this.session = session;
        this.stages = new Stages(session);
    }

    ChangeRow run(String id, int percent, boolean settles) throws SQLException {
        if (percent < 0 || percent > ALL || settles && percent != ALL) {
            throw new IllegalArgumentException("a share of reads is 0 to 100 percent, and only 100 can settle; seen "
                    + percent + (settles ? " with --settle" : ""));
        }
        session.lock(id);
        ChangeRow row = stages.open(id);
        checkStage(row, settles);
        row = stages.arrive(row);
        // The way down is the one that must not wait, for a long log least of all.
        if (settles || percent > row.state().readPercent()) {
            new Following(session).catchUp(row);
        }
        boolean isThere = row.state().stage() == Stage.RAMPDOWN
                || row.state().stage() == Stage.LIVE && row.state().readPercent() == percent;
        if (!isThere) {
            row = stages.move(row, Stage.LIVE, Direction.FORWARD, percent, "switch to " + percent + " %");
        }
        if (settles && row.state().stage() == Stage.LIVE) {
            row = stages.move(row, Stage.RAMPDOWN, Direction.FORWARD, ALL, "settle");
        }
        return row;
    }

    private static void checkStage(ChangeRow row, boolean settles) {
        Stage stage = row.state().stage();
        String id = row.state().change().id();
        boolean isAtRampdown = stage == Stage.RAMPDOWN && settles;
        if (row.state().direction() == Direction.BACK
                || stage != Stage.SHADOW && stage != Stage.LIVE && !isAtRampdown) {
            throw MigrationException.refused("cannot switch the reads of change " + id + "; it is at stage "
                    + stage.word() + (row.state().direction() == Direction.BACK ? ", going back" : "")
                    + "; reads are switched at shadow and live, which `crossfade start` leads to");
        }
    }
}
