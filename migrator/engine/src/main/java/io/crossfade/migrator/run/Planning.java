package io.crossfade.migrator.run;

import io.crossfade.migrator.alter.Bounds;
import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.LossyExamples;
import io.crossfade.migrator.check.Preflight;
import io.crossfade.migrator.check.Rows;
import io.crossfade.migrator.check.Subject;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.Columns;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.Mirror;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.repair.Repair;
import io.crossfade.migrator.route.Route;
import io.crossfade.model.Change;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a plan. Touches nothing of the table: what has to be tried is tried on an empty clone. Confined to the thread of the run. */
final class Planning {

    /** An index entry beside its columns: the primary key and the record's head. Judged, not measured. */
    private static final long INDEX_ENTRY_BYTES = 40;

    private static final String SHORT = "a metadata lock for a moment; waits at most 1 s for it at a time";
    private static final String NO_LOCK = "none for reads and writes, but for a moment at both ends";

    private static final String AT_EXCHANGE = "none, but writers of the table wait at the exchange, at most "
            + Bounds.DEFAULT.writersHeldMax().toMillis() + " ms at a time";

    private final Session session;

    Planning(Session session) {
        this.session = session;
    }

    Plan run(Change declared, boolean showsValues) throws SQLException {
        Resolver.Resolved resolved = new Resolver(session.control(), session.server()).resolve(declared);
        Subject subject = resolved.subject(session);
        ChangeState state = resolved.state();
        TableFacts facts =
                TableFacts.of(session.control(), resolved.change().table()).orElseThrow();
        List<Finding> findings = new ArrayList<>(Preflight.run(subject));
        List<Rows.Answer> lints =
                Rows.ask(
                                subject,
                                Rows.questions(subject).stream()
                                        .filter(q -> !q.isFatal())
                                        .toList())
                        .stream()
                        .filter(a -> a.rows() > 0)
                        .toList();
        List<Plan.Example> lossy = new ArrayList<>();
        for (LossyExamples.Example e : LossyExamples.of(subject)) {
            lossy.add(new Plan.Example(e.key(), showsValues ? e.now() : "", showsValues ? e.then() : ""));
        }
        List<Plan.Step> steps = steps(state, subject, facts, findings);
        return new Plan(resolved.change(), facts, steps, findings, lints, lossy);
    }

    private List<Plan.Step> steps(ChangeState state, Subject subject, TableFacts facts, List<Finding> findings)
            throws SQLException {
        Columns columns = new Columns(session.server(), state);
        List<Index> indexes = Index.of(session.control(), facts.name());
        Mirror mirror = new Mirror(state.change(), indexes);
        Reshaping reshaping = new Reshaping(session, state.change());
        String added = columns.add(state.before()).orElseThrow();
        Way adding = reshaping.wayToAdd(added);
        if (adding.kind() == Way.Kind.NONE) {
            findings.add(Finding.fatal(
                    "the columns cannot be added: " + adding.reason(),
                    "mend that, or allow the server to rebuild the table by --allow-inplace"));
        }
        List<Plan.Step> steps = new ArrayList<>();
        steps.add(step(
                Stage.EXPAND,
                "add the new columns",
                List.of(columns.table() + added),
                adding,
                reshaping.ghostName(),
                facts));
        Repair repair = new Repair(session.server().dialect(), state, subject.key(), Side.NEW);
        Optional<List<String>> last = subject.key().last(session.control());
        if (!repair.isNothing()) {
            steps.add(new Plan.Step(
                    Stage.DUALWRITE,
                    "fill the new columns, chunk by chunk",
                    last.map(end -> List.of(repair.update(new KeyRange(List.of(), end))))
                            .orElse(List.of()),
                    "chunks of about " + session.settings().pacing().chunk().toMillis() + " ms",
                    "the rows of one chunk",
                    facts.rows(),
                    0));
        }
        for (Index index : mirror.all()) {
            steps.add(new Plan.Step(
                    Stage.DUALWRITE,
                    "build index " + index.name(),
                    List.of(columns.table() + "ADD "
                            + index.definition(session.server().dialect()) + ", ALGORITHM=INPLACE, LOCK=NONE"),
                    "INPLACE",
                    NO_LOCK,
                    facts.rows(),
                    facts.rows() * INDEX_ENTRY_BYTES));
        }
        steps.add(step(Stage.DUALWRITE, "compare every row and mend what differs", facts.rows()));
        steps.add(step(
                Stage.LIVE,
                "reads move to new: crossfade switch " + state.change().id() + " --percent N",
                0));
        if (state.change().dropsColumns()) {
            Optional<String> obstacle = reshaping.obstacle(added);
            steps.add(finish(state, columns, reshaping, obstacle, facts));
            // An index that holds a column is dropped before it, so that only the kind of table tells.
            boolean dropsInstantly = session.server().dropsInstantly() && isInstant(adding);
            String dropped = columns.dropOld(state.before()).orElse("");
            steps.add(step(
                    Stage.CONTRACT,
                    "drop the old columns and their indexes",
                    List.of(columns.table() + dropped),
                    dropsInstantly
                            ? adding
                            : reshaping.byRows(
                                    obstacle, "this server does not drop a column of this table without touching rows"),
                    reshaping.ghostName(),
                    facts));
        }
        return steps;
    }

    private static boolean isInstant(Way way) {
        Route route = way.route();
        return route != null && route.kind() == Rules.Route.INSTANT;
    }

    private static Plan.Step finish(
            ChangeState state, Columns columns, Reshaping reshaping, Optional<String> obstacle, TableFacts facts) {
        boolean isRebuilt = state.change().mappings().stream()
                .filter(m -> m.kind().replacesOld())
                .anyMatch(m -> m.olds().stream()
                        .noneMatch(o ->
                                state.before().column(o.name()).orElseThrow().nullable()));
        String what =
                "give the new columns the old ones' DEFAULT and NOT NULL, take NOT NULL and UNIQUE off the old ones;"
                        + " compare every row: crossfade advance "
                        + state.change().id() + " --to complete";
        return isRebuilt
                ? step(
                        Stage.RAMPDOWN,
                        what,
                        columns.relaxOld(state.before()),
                        reshaping.byRows(obstacle, "NOT NULL on a column that may hold NULLs touches every row"),
                        reshaping.ghostName(),
                        facts)
                : new Plan.Step(
                        Stage.RAMPDOWN,
                        what,
                        columns.relaxOld(state.before()),
                        "INPLACE, no row is touched",
                        SHORT,
                        facts.rows(),
                        0);
    }

    private static Plan.Step step(
            Stage stage, String what, List<String> statements, Way way, String ghost, TableFacts facts) {
        boolean touchesRows = way.kind() != Way.Kind.DIRECT;
        long bytes = way.kind() == Way.Kind.GHOST ? facts.dataBytes() + facts.indexBytes() : facts.dataBytes();
        return new Plan.Step(
                stage,
                what,
                statements,
                shown(way, ghost),
                switch (way.kind()) {
                    case DIRECT -> SHORT;
                    case GHOST -> AT_EXCHANGE;
                    case INPLACE, NONE -> NO_LOCK;
                },
                touchesRows ? facts.rows() : 0,
                touchesRows ? bytes : 0);
    }

    private static String shown(Way way, String ghost) {
        Route route = way.route();
        if (route != null) {
            return route.kind() == Rules.Route.INSTANT ? "INSTANT" : "INPLACE, no row is touched";
        }
        return switch (way.kind()) {
            case GHOST ->
                "a ghost table, " + ghost + ": copied, kept up to date, compared, exchanged; since " + way.reason();
            case NONE -> "not at all as things are: " + way.reason();
            case DIRECT, INPLACE -> "INPLACE, rebuilds the table; " + way.reason();
        };
    }

    private static Plan.Step step(Stage stage, String what, long rows) {
        return new Plan.Step(stage, what, List.of(), "plain reads", "none", rows, 0);
    }
}
