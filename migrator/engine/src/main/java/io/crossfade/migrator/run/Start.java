package io.crossfade.migrator.run;

import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.Preflight;
import io.crossfade.migrator.mysql.Columns;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.EventRow;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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
            new Finish(session, row.state(), work).defaultNew();
            row = forward(row, Stage.DUALWRITE);
        }
        if (row.state().stage() == Stage.DUALWRITE) {
            work.backfill(Side.NEW, BACKFILL);
            work.buildIndexes();
            Following following = new Following(session);
            following.catchUp(row);
            work.verifyAndMend(Side.NEW);
            following.catchUp(row);
            row = forward(row, Stage.SHADOW);
        }
        return row;
    }

    /** The change as it stands, or newly opened. */
    private ChangeRow opened(Change declared) throws SQLException {
        session.lock(declared.id());
        Optional<ChangeRow> there =
                session.store().changes().find(declared.id()).filter(ChangeRow::isOpen);
        String fingerprint = fingerprint(declared);
        if (there.isPresent()) {
            requireSameFile(declared.id(), fingerprint);
            return there.get();
        }
        requireOnlyChangeOf(declared);
        Resolver.Resolved resolved = new Resolver(session.control(), session.server()).resolve(declared);
        preflight(resolved);
        requireWay(resolved);
        session.store().install();
        return stages.declare(resolved, fingerprint);
    }

    /** What tells one file from another in the event of the opening: the declared change, resolved or not. */
    static String fingerprint(Change declared) {
        UUID name = UUID.nameUUIDFromBytes(ChangeFile.write(declared).getBytes(StandardCharsets.UTF_8));
        return "definition " + name;
    }

    /** A file that was edited since is another change: going on with it would do what nobody asked for any more. */
    private void requireSameFile(String id, String fingerprint) throws SQLException {
        String opening = "";
        for (EventRow event : session.store().changes().events(id)) {
            opening = event.from().isEmpty() ? event.why() : opening;
        }
        if (!opening.endsWith(fingerprint)) {
            throw MigrationException.refused("cannot go on with change " + id
                    + "; it was opened with another definition than the file has now; put the file back as it was, or roll the"
                    + " change back and start it anew");
        }
    }

    /** Clients serve one change of a table at a time. */
    private void requireOnlyChangeOf(Change declared) throws SQLException {
        for (ChangeRow other : session.store().changes().all()) {
            Change change = other.state().change();
            if (other.isOpen() && change.table().isSame(declared.table())) {
                throw MigrationException.refused("cannot start change " + declared.id() + " of " + declared.table()
                        + "; change " + change.id() + " of the same table is open, at stage "
                        + other.state().stage().word() + "; finish and close it first, or declare both in one file");
            }
        }
    }

    private void preflight(Resolver.Resolved resolved) throws SQLException {
        session.listener().on(new Progress.Began("preflight"));
        List<Finding> findings = Preflight.run(resolved.subject(session));
        for (Finding finding : findings) {
            if (!finding.isFatal()) {
                session.listener().on(new Progress.Warning(finding.toString()));
            }
        }
        List<String> reasons = findings.stream()
                .filter(Finding::isFatal)
                .map(Finding::toString)
                .toList();
        if (!reasons.isEmpty()) {
            throw MigrationException.refused(
                    "cannot start change " + resolved.change().id() + " of "
                            + resolved.change().table() + ":\n  " + String.join("\n  ", reasons));
        }
    }

    /** Whether the columns can be added is found out before anything is begun. */
    private void requireWay(Resolver.Resolved resolved) throws SQLException {
        Optional<String> clauses = new Columns(session.server(), resolved.state()).add(resolved.before());
        if (clauses.isPresent()) {
            new Reshaping(session, resolved.change()).requireWayToAdd(clauses.get());
        }
    }

    private ChangeRow forward(ChangeRow row, Stage to) throws SQLException {
        return stages.move(row, to, Direction.FORWARD, 0, "start");
    }
}
