package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Frontier;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.Shape;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.LogPosition;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Saves checkpoints of all tables. Safe for many threads. */
final class Saving {
    private final Site site;
    private final List<TableRun> tables;
    private final Pump pump;
    private final Lane lane;

    /**
     * @param lane a session in autocommit mode
     */
    Saving(Site site, List<TableRun> tables, Pump pump, Lane lane) {
        this.site = site;
        this.tables = tables;
        this.pump = pump;
        this.lane = lane;
    }

    /** Saves at this interval until the run ends. */
    void run(Duration every) throws SQLException {
        try {
            while (!site.stop().isRequested()) {
                site.stop().pause(every);
                save();
            }
        } catch (MigrationException e) {
            if (!site.stop().isRequested()) {
                throw e;
            }
        }
    }

    /** Saves where every table stands now. */
    synchronized void save() throws SQLException {
        for (TableRun table : tables) {
            // Once it is over the way back begins behind the exchange, and what is being read is older.
            if (!table.checkpoint.step().isOver()) {
                save(table, table.checkpoint.step());
            }
        }
    }

    /** Every table comes to its next step. */
    synchronized void step(Step step) throws SQLException {
        for (TableRun table : tables) {
            save(table, step);
        }
    }

    /** Notes what the ghost looks like; it is saved with the next step. */
    synchronized void after(TableRun table, Shape shape) {
        table.checkpoint = table.checkpoint.withAfter(shape);
    }

    private void save(TableRun table, Step step) throws SQLException {
        // First the frontier, then the position: the position may only be older.
        Frontier.Standing standing = table.frontier.standing();
        LogPosition position = pump.safePosition();
        AlterCheckpoint before = table.checkpoint;
        AlterCheckpoint now = before.at(step)
                .from(position)
                .arrived(
                        standing.isComplete() ? List.of() : standing.arrivedUpTo(),
                        standing.isComplete(),
                        table.rowsCopied.get(),
                        table.rowsApplied.get());
        lane.run((c, isAgain) -> {
            table.checkpoints.save(c, now);
            return now;
        });
        table.checkpoint = now;
    }

    /** The tables are new; here the way back begins. */
    synchronized void done(LogPosition from) throws SQLException {
        for (TableRun table : tables) {
            AlterCheckpoint now = table.checkpoint.at(Step.DONE).from(from);
            lane.run((c, isAgain) -> {
                table.checkpoints.save(c, now);
                return now;
            });
            table.checkpoint = now;
        }
    }
}
