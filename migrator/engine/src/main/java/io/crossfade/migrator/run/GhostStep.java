package io.crossfade.migrator.run;

import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.alter.Alteration;
import io.crossfade.migrator.alter.Bounds;
import io.crossfade.migrator.alter.Controls;
import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.LogSettings;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Ddl;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostPrivileges;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.OldTables;
import io.crossfade.migrator.mysql.Switches;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.migrator.walk.Pacing;
import io.crossfade.model.Change;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One ALTER of a column change, carried out by a ghost table: {@code _crossfade_orders_gho} beside {@code orders}. The old table is
 * dropped after the cut-over; the way back of a column change is another one.
 *
 * <p>The ghost's checkpoint table is the first of its tables to be made and the last to be dropped: as long as it stands, whatever
 * else bears these names is ours.
 *
 * <p>Confined to the thread of the run.
 */
final class GhostStep {

    /** What a table's name may have at most in the ghost's, so that suffixes fit; longer ones end in their hash. */
    private final Session session;

    private final Change change;
    private final Rules rules;
    private final GhostNames names;

    GhostStep(Session session, Change change) {
        this.session = session;
        this.change = change;
        this.rules = rules(change.table());
        this.names = GhostNames.of(alter(""), rules, Instant.EPOCH);
    }

    private static Rules rules(TableName table) {
        return Rules.DEFAULT.withRoute(Rules.Route.GHOST).forStep("crossfade_" + table.table());
    }

    TableName ghost() {
        return names.ghost();
    }

    /** Why no ghost can be made for this ALTER, in words; empty where one can. */
    Optional<String> obstacle(String clauses) throws SQLException {
        Endpoint log = session.settings().log();
        if (log == null) {
            return Optional.of(
                    "the server whose change log is to be read is not known: the URL does not name one host");
        }
        Optional<Table> table = new CatalogReader(session.control()).table(change.table());
        if (table.isEmpty()) {
            return Optional.of("table " + change.table() + " is gone");
        }
        List<String> seen = new ArrayList<>(LogSettings.look(session.control(), table.get(), Switches.NONE).stream()
                .filter(Finding::isFatal)
                .map(Finding::seen)
                .toList());
        List<String> missing =
                GhostPrivileges.missing(session.control(), change.table().schema());
        if (!missing.isEmpty()) {
            seen.add("this user lacks " + String.join(", ", missing));
        }
        if (seen.isEmpty()) {
            try {
                rehearse(clauses);
                BinlogChangeLog.open(
                                log, LogPosition.current(session.control()), Map.of(), session.server(), new Cancel())
                        .close();
            } catch (MigrationException e) {
                seen.add(seen(e));
            }
        }
        return seen.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", seen));
    }

    /** Foreign keys, triggers, and no key to tell rows apart by, are found out on an empty clone. */
    private void rehearse(String clauses) throws SQLException {
        new GhostTables(alter(clauses), rules, names).checkTies(session.control());
        GhostTables rehearsal = GhostTables.rehearsal(session.control(), alter(clauses), rules);
        try {
            rehearsal.shape(session.control());
            rehearsal.describe(session.control());
        } finally {
            rehearsal.drop(session.control());
        }
    }

    /** Of {@code what failed; what was seen; what to do} the middle: the way out is another one here. */
    private static String seen(MigrationException e) {
        String[] parts = String.valueOf(e.getMessage()).split("; ", 3);
        return parts.length == 3 ? parts[1] : String.valueOf(e.getMessage());
    }

    /** Whether an earlier run began this very ALTER and left what this one can go on from. */
    boolean isUnderWay(String clauses) throws SQLException {
        return session.settings().log() != null
                && new CheckpointTable(session.server().dialect(), names.checkpoint())
                        .read(session.control())
                        .filter(c -> c.alter().equals(clauses))
                        .isPresent();
    }

    /** Carries it out, or goes on with it. */
    void run(String clauses) throws SQLException {
        Endpoint log = session.settings().log();
        if (log == null) {
            throw new IllegalStateException("a ghost without a change log");
        }
        Pacing pacing = session.settings().pacing();
        Controls controls = new Controls();
        controls.chunkRows(Math.min(controls.chunkRows(), pacing.rowsMax()));
        controls.niceRatio(pacing.breatherRatio());
        // It tells of itself from several threads.
        Listener pulse = new PulseWriter(session.store(), change.id(), session.listener());
        Listener listener = progress -> {
            synchronized (pulse) {
                pulse.on(progress);
            }
        };
        try (Throttles throttles = session.throttles(change.table(), listener)) {
            Alteration alteration = new Alteration(
                    new AlterRequest(List.of(alter(clauses)), rules, bounds(pacing)),
                    session.connections(),
                    log,
                    controls,
                    throttles,
                    session.cancel(),
                    listener);
            try (GhostProgress progress = GhostProgress.of(alteration, names.ghost(), listener)) {
                alteration.run();
                progress.done();
            }
        }
        clear();
    }

    private static Bounds bounds(Pacing pacing) {
        return Bounds.DEFAULT.withCopy(new Bounds.Copy(Bounds.DEFAULT.copy().threads(), pacing.chunk()));
    }

    /**
     * Clears away what a run left that was ended: of one that had exchanged the tables the old table, of one that had not the ghost,
     * which nobody wants any more. Nothing where there is nothing.
     */
    void clear() throws SQLException {
        if (TableFacts.of(session.control(), names.checkpoint()).isEmpty()) {
            return;
        }
        Listener listener = session.listener();
        try (Throttles throttles = session.throttles(change.table(), listener)) {
            new OldTables(session.control(), throttles::await, session.cancel(), listener)
                    .dropInPieces(names.ghost(), names.old());
        }
        Ddl ddl = new Ddl(session.control(), session.cancel(), listener);
        for (TableName last : List.of(names.changeLog(), names.checkpoint())) {
            if (TableFacts.of(session.control(), last).isPresent()) {
                ddl.run("DROP TABLE IF EXISTS " + session.server().dialect().quote(last.schema()) + "."
                        + session.server().dialect().quote(last.table()));
            }
        }
    }

    private TableAlter alter(String clauses) {
        return new TableAlter(change.table(), clauses);
    }
}
