package io.crossfade.migrator.run;

import io.crossfade.migrator.backfill.Backfill;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.mysql.Columns;
import io.crossfade.migrator.mysql.Ddl;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.Mirror;
import io.crossfade.migrator.mysql.PrimaryKey;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.repair.Repair;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.migrator.verify.Differences;
import io.crossfade.migrator.verify.Verify;
import io.crossfade.migrator.walk.Pacing;
import io.crossfade.migrator.walk.Walk;
import io.crossfade.model.Side;
import io.crossfade.model.Table;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ChangeState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The work on one table's columns, rows and indexes. Every method looks at what is there and does what is missing, so that
 * it may be called again after a kill.
 *
 * <p>Confined to the thread of the run.
 */
final class TableWork {
    private final Session session;
    private final ChangeState change;
    private final Columns columns;
    private final Ddl ddl;
    private final Alters alters;

    TableWork(Session session, ChangeState change) {
        this.session = session;
        this.change = change;
        this.columns = new Columns(session.server(), change);
        this.ddl = new Ddl(
                session.control(), () -> session.gate(change.change().table()), session.cancel(), session.listener());
        this.alters = session.alters().of(session, change.change());
    }

    /** The table as it is now. */
    Table now() throws SQLException {
        return new CatalogReader(session.control())
                .table(change.change().table())
                .orElseThrow(() ->
                        MigrationException.refused("table " + change.change().table() + " is gone since change "
                                + change.change().id() + " was opened; bring it back or close the change"));
    }

    void addColumns() throws SQLException {
        began("add the new columns");
        alters.add(columns.add(now()));
    }

    /** Fills one side of every row from the other. */
    void backfill(Side target, String task) throws SQLException {
        began(task);
        Listener pulse = pulse();
        try (Connection work = session.connections().openManual();
                Throttles throttles = throttles(pulse)) {
            Repair repair = repair(work, target);
            if (repair.isNothing()) {
                return;
            }
            new Backfill(work, repair, walk(work, throttles, pulse))
                    .run(change.change().id(), task);
        }
    }

    /** Builds the indexes that the new columns need. */
    void buildIndexes() throws SQLException {
        began("build the indexes of the new columns");
        List<Index> there = Index.of(session.control(), change.change().table());
        for (Index index : new Mirror(change.change(), there).all()) {
            if (there.stream().noneMatch(i -> i.isLike(index))) {
                build(index);
            }
        }
        alters.clear();
    }

    private void build(Index index) throws SQLException {
        try {
            alters.addIndex(index.definition(session.server().dialect()));
        } catch (SQLException e) {
            throw MigrationException.failed(
                    "cannot build index \"" + index.name() + "\" of "
                            + change.change().table() + "; the server says: " + SqlFailure.shown(e)
                            + "; mend the rows, then run the same command again, or roll back",
                    e);
        }
    }

    /** Compares every row and mends those that differ; ends the run where some keep differing. */
    void verifyAndMend(Side target) throws SQLException {
        began("verify");
        Differences found = verify(target, true);
        if (found.rowsRepaired() > 0) {
            session.listener()
                    .on(new Progress.Note("verify mended " + found.rowsRepaired() + " rows that a writer changed past"
                            + " Crossfade, among them " + String.join("; ", found.keys())));
        }
        if (!found.isNone()) {
            throw different(found);
        }
    }

    /** Compares every row; ends the run where any differs. */
    void verifyOnly() throws SQLException {
        began("verify");
        Differences found = verify(Side.NEW, false);
        if (!found.isNone()) {
            throw different(found);
        }
    }

    private MigrationException different(Differences found) {
        return MigrationException.different(
                "the two sides of change " + change.change().id() + " differ in "
                        + found.rowsDiffering() + " rows of " + change.change().table() + ", among them "
                        + String.join("; ", found.keys())
                        + "; somebody writes past Crossfade; find the writer, then run the same command again");
    }

    Differences verify(Side target, boolean isMending) throws SQLException {
        Listener pulse = pulse();
        try (Connection work = session.connections().openManual();
                Throttles throttles = throttles(pulse)) {
            Verify verify = new Verify(work, repair(work, target), walk(work, throttles, pulse));
            return isMending ? verify.mend("verify") : verify.compare("verify");
        }
    }

    private Repair repair(Connection work, Side target) throws SQLException {
        return new Repair(session.server().dialect(), change, key(work), target);
    }

    private Key key(Connection work) throws SQLException {
        Key key = PrimaryKey.of(work, session.server().dialect(), now());
        work.commit();
        return key;
    }

    private Walk walk(Connection work, Throttles throttles, Listener pulse) throws SQLException {
        long rows = TableFacts.of(session.control(), change.change().table())
                .map(TableFacts::rows)
                .orElse(0L);
        Pacing pacing = session.settings().pacing();
        return new Walk(work, key(work), rows, pacing, throttles, session.cancel(), pulse);
    }

    private Throttles throttles(Listener pulse) {
        return session.throttles(change.change().table(), pulse);
    }

    private Listener pulse() {
        return new PulseWriter(session.store(), change.change().id(), session.listener());
    }

    void began(String step) {
        session.cancel().check();
        session.listener().on(new Progress.Began(step));
    }

    Columns columns() {
        return columns;
    }

    Ddl ddl() {
        return ddl;
    }

    Alters alters() {
        return alters;
    }
}
