package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.checkpoint.Shape;
import io.crossfade.migrator.checkpoint.Undertaking;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * What earlier runs left of changes of a table, and what that means for the one that is asked for now. Immutable.
 *
 * @param names of the tables beside; where there is something to go on with, those that it was begun with
 * @param checkpoint the last one, whatever became of it; empty where there is none
 */
record Earlier(GhostNames names, Optional<AlterCheckpoint> checkpoint, Meaning meaning) {

    /** What there is to do. */
    enum Meaning {
        /** The change begins; what is left of another is in nobody's way, or is refused or cleared when room is made. */
        BEGIN,
        /** It is under way, and goes on. */
        GO_ON,
        /** The table is changed already, and the old one is kept. */
        CHANGED,
        /** The table is changed already, and the old one half dropped. */
        FINISH_DROP
    }

    /** Looks at the server; ends the run where another change, or this one by other flags, is under way. */
    static Earlier look(Connection control, Site site, TableAlter asked) throws SQLException {
        GhostNames names = GhostNames.of(asked, site.request().rules(), Instant.now());
        Optional<AlterCheckpoint> found =
                new CheckpointTable(site.server().dialect(), names.checkpoint()).read(control);
        if (found.isEmpty()) {
            return new Earlier(names, found, Meaning.BEGIN);
        }
        AlterCheckpoint before = found.get();
        requireOwn(site, asked, names, before);
        GhostNames itsOwn = names.withOld(before.old());
        if (before.step() == Step.DROPPING) {
            requireSame(asked, before);
            return new Earlier(itsOwn, found, Meaning.FINISH_DROP);
        }
        if (before.step().isOver()) {
            boolean isChanged = before.alter().equals(asked.alter()) && isStillSo(control, site, itsOwn, before);
            return isChanged ? new Earlier(itsOwn, found, Meaning.CHANGED) : new Earlier(names, found, Meaning.BEGIN);
        }
        if (before.step() == Step.CUTTING_OVER
                && site.request().rules().dropsGhostFirst()
                && new Preparation(site, control).outcome(itsOwn) == Outcome.NOT_DONE) {
            return new Earlier(names, found, Meaning.BEGIN);
        }
        Optional<UnderWay> underWay = UnderWay.of(asked, before, site.request().rules());
        underWay.ifPresent(UnderWay::check);
        return underWay.isPresent()
                ? new Earlier(itsOwn, found, Meaning.GO_ON)
                : new Earlier(names, found, Meaning.BEGIN);
    }

    /** The checkpoint of a change of this very table; names that are cut short or forced may be another table's too. */
    static void requireOwn(Site site, TableAlter asked, GhostNames names, AlterCheckpoint before) {
        if (!site.server().isSame(before.work().table(), asked.table().toString())) {
            throw MigrationException.refused(
                    "cannot alter table \"" + asked.table() + "\"; the tables beside it would be those of \""
                            + before.work().table() + "\", whose checkpoint stands in " + names.checkpoint()
                            + "; give them another name with --force-table-names");
        }
    }

    private static void requireSame(TableAlter asked, AlterCheckpoint before) {
        if (!before.alter().equals(asked.alter())) {
            throw MigrationException.refused("cannot alter table \"" + asked.table()
                    + "\"; an earlier change of it is carried out, and its old table " + before.old()
                    + " is half dropped: ALTER TABLE … " + before.alter()
                    + "; run that one's command again, which ends the drop");
        }
    }

    /**
     * Whether the table still is what that change made of it, and the old one is there. A change that only wrote the table anew, and
     * told so, is wanted once more.
     */
    private static boolean isStillSo(Connection control, Site site, GhostNames names, AlterCheckpoint before)
            throws SQLException {
        if (before.step() == Step.REVERTED
                || TableFacts.of(control, names.old()).isEmpty()) {
            return false;
        }
        Undertaking work = before.work();
        boolean isTold = before.step() == Step.ENDED;
        if (isTold && work.isRebuild()) {
            return false;
        }
        Shape after = work.after();
        Optional<Shape> now = Shape.of(control, site.server().dialect(), names.table());
        return after != null && now.isPresent() && now.get().definition().equals(after.definition());
    }
}
