package io.crossfade.migrator.alter;

import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.LogSettings;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.Switches;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Table;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What comes before the first row: the log is looked at, what earlier runs left is found, and the ghosts are made.
 *
 * <p>One thread at a time.
 */
final class Beginning {
    private final Site site;
    private final Endpoint endpoint;
    private final Connection control;
    private final Preparation preparation;
    private final ServerSettings settings;

    Beginning(Site site, Endpoint endpoint, Connection control) {
        this.site = site;
        this.endpoint = endpoint;
        this.control = control;
        this.preparation = new Preparation(site, control);
        this.settings = new ServerSettings(site);
    }

    /** The tables that are to be copied; none where nothing is left to do. */
    List<TableRun> tables() throws SQLException {
        checkLog();
        if (ReplicaTrial.isAsked(site)) {
            new ReplicaTrial(site, control).requireReplica();
        }
        List<TableRun> tables = new ArrayList<>();
        for (TableAlter alter : site.request().tables()) {
            Earlier earlier = Earlier.look(control, site, alter);
            if (!isOver(alter, earlier)) {
                AlterCheckpoint from = from(alter, earlier);
                // The ghost is what the text meant when it was made.
                tables.add(preparation.open(alter.readBy(from.work().mode()), earlier.names(), from));
            }
        }
        boolean isOneOver = tables.size() < site.request().tables().size();
        if (isOneOver && !tables.isEmpty()) {
            throw MigrationException.refused("cannot go on: some of the tables are changed already and some are not;"
                    + " name only those that are left: "
                    + String.join(", ", tables.stream().map(TableRun::name).toList()));
        }
        return tables;
    }

    private AlterCheckpoint from(TableAlter alter, Earlier earlier) throws SQLException {
        if (earlier.meaning() != Earlier.Meaning.GO_ON) {
            earlier.checkpoint().ifPresent(settings::back);
            preparation.clear(alter, earlier);
            return preparation.create(alter, earlier);
        }
        AlterCheckpoint here = preparation.here(alter, earlier.checkpoint().orElseThrow());
        preparation.checkTies(alter.readBy(here.work().mode()), earlier.names());
        note("going on from the checkpoint of " + alter.table() + ": " + here.rowsCopied() + " rows copied, "
                + here.rowsApplied() + " changes applied");
        return here;
    }

    /** What the change log cannot give is found out before anything is made or gone on with. The plan has warned. */
    private void checkLog() throws SQLException {
        Switches switches = site.request().switches();
        String format = Server.variable(control, "binlog_format");
        if (switches.toRow() && format != null && !format.equalsIgnoreCase("ROW")) {
            try (Statement s = control.createStatement()) {
                s.execute("SET GLOBAL binlog_format = ROW");
                // This session is older, and would be refused what it writes itself.
                s.execute("SET SESSION binlog_format = ROW");
            }
            site.listener()
                    .on(new Progress.Warning("set the server's binlog_format to ROW, as asked; it was " + format
                            + ", and sessions that are open keep that until they connect anew"));
        }
        settings.requireAllowed(control);
        for (TableAlter alter : site.request().tables()) {
            Optional<Table> table = new CatalogReader(control).table(alter.table());
            if (table.isEmpty()) {
                continue;
            }
            for (Finding finding : LogSettings.look(control, table.get(), switches)) {
                if (finding.isFatal()) {
                    throw MigrationException.refused("cannot alter table \"" + alter.table() + "\"; " + finding);
                }
            }
        }
    }

    /** Whether an earlier run changed the table already; what that run may have left undone is done. */
    private boolean isOver(TableAlter alter, Earlier earlier) throws SQLException {
        GhostNames names = earlier.names();
        return switch (earlier.meaning()) {
            case BEGIN -> false;
            case GO_ON -> {
                AlterCheckpoint before = earlier.checkpoint().orElseThrow();
                boolean isDone = before.step() == Step.CUTTING_OVER && isSwapped(names);
                if (isDone) {
                    finish(alter, names, before);
                }
                yield isDone;
            }
            case CHANGED -> {
                note(alter.table() + " was changed by an earlier run already");
                // That run may have been ended before it could.
                Heart.dropTable(control, names.changeLog());
                new Aftermath(site, control)
                        .of(names, settings.back(earlier.checkpoint().orElseThrow()));
                yield true;
            }
            case FINISH_DROP -> {
                note("an earlier run changed " + alter.table() + " and began to drop its old table " + names.old()
                        + "; that goes on");
                new Aftermath(site, control)
                        .of(names, settings.back(earlier.checkpoint().orElseThrow()));
                yield true;
            }
        };
    }

    private boolean isSwapped(GhostNames names) {
        Outcome outcome = preparation.outcome(names);
        if (outcome == Outcome.UNKNOWN) {
            throw MigrationException.stopped("stopped: whether the cut-over of " + names.table()
                    + " took place cannot be asked of the server; run the same command again when it answers");
        }
        return outcome == Outcome.DONE;
    }

    /** An earlier run exchanged the names and was ended before it could say so. */
    private void finish(TableAlter alter, GhostNames names, AlterCheckpoint earlier) throws SQLException {
        note("the cut-over of " + alter.table() + " was done by an earlier run");
        LogPosition renamed = RenameSearch.find(site, endpoint, names, preparation.here(alter, earlier));
        AlterCheckpoint done =
                settings.back(earlier).at(Step.DONE).from(renamed).by(site.id());
        new CheckpointTable(site.server().dialect(), names.checkpoint()).save(control, done);
        Heart.dropTable(control, names.changeLog());
        new Aftermath(site, control).of(names, done);
    }

    private void note(String text) {
        site.listener().on(new Progress.Note(text));
    }
}
