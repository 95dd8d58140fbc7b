package io.crossfade.migrator.run;

import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.LossyExamples;
import io.crossfade.migrator.check.Preflight;
import io.crossfade.migrator.check.Rows;
import io.crossfade.migrator.check.Subject;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.mysql.Columns;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.Mirror;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.repair.Repair;
import io.crossfade.model.Change;
import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a plan. Reads only. Confined to the thread of the run. */
final class Planning {

    /** An index entry beside its columns: the primary key and the record's head. Judged, not measured. */
    private static final long INDEX_ENTRY_BYTES = 40;

    private static final String SHORT = "a metadata lock for a moment; waits at most 1 s for it at a time";
    private static final String NO_LOCK = "none for reads and writes, but for a moment at both ends";

    private final Session session;

    Planning(Session session) {
        this.session = session;
    }

    Plan run(Change declared, boolean showsValues) throws SQLException {
        Resolver.Resolved resolved = new Resolver(session.control(), session.server()).resolve(declared);
        Subject subject = resolved.subject(session);
        ChangeState state = new ChangeState(resolved.change(), resolved.before(), Stage.OFF, Direction.FORWARD, 0);
        TableFacts facts =
                TableFacts.of(session.control(), resolved.change().table()).orElseThrow();
        List<Finding> findings = Preflight.run(subject);
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
        return new Plan(resolved.change(), facts, steps(state, subject, facts), findings, lints, lossy);
    }

    private List<Plan.Step> steps(ChangeState state, Subject subject, TableFacts facts) throws SQLException {
        Columns columns =
                new Columns(session.server(), state, session.settings().allowsInplace());
        List<Index> indexes = Index.of(session.control(), facts.name());
        Mirror mirror = new Mirror(state.change(), indexes);
        boolean isInstant = session.server().addsInstantly();
        List<Plan.Step> steps = new ArrayList<>();
        steps.add(new Plan.Step(
                Stage.EXPAND,
                "add the new columns",
                columns.add(state.before()).stream().toList(),
                isInstant
                        ? "INSTANT"
                        : "INPLACE, rebuilds the table" + (columns.canAdd() ? "" : ": wants --allow-inplace"),
                SHORT,
                isInstant ? 0 : facts.rows(),
                isInstant ? 0 : facts.dataBytes()));
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
            steps.add(finish(state, columns, facts));
        }
        if (state.change().dropsColumns()) {
            boolean dropsInstantly = session.server().dropsInstantly();
            steps.add(new Plan.Step(
                    Stage.CONTRACT,
                    "drop the old columns and their indexes",
                    columns.dropOld(state.before()).stream().toList(),
                    dropsInstantly ? "INSTANT" : "INPLACE, rebuilds the table",
                    dropsInstantly ? SHORT : NO_LOCK,
                    dropsInstantly ? 0 : facts.rows(),
                    dropsInstantly ? 0 : facts.dataBytes()));
        }
        return steps;
    }

    private static Plan.Step finish(ChangeState state, Columns columns, TableFacts facts) {
        boolean isRebuilt = state.change().mappings().stream()
                .filter(m -> m.kind().replacesOld())
                .anyMatch(m -> m.olds().stream()
                        .noneMatch(o ->
                                state.before().column(o.name()).orElseThrow().nullable()));
        return new Plan.Step(
                Stage.RAMPDOWN,
                "give the new columns the old ones' DEFAULT and NOT NULL, take NOT NULL and UNIQUE off the old ones;"
                        + " compare every row: crossfade advance "
                        + state.change().id() + " --to complete",
                columns.relaxOld(state.before()),
                isRebuilt ? "INPLACE, rebuilds the table for NOT NULL" : "INPLACE",
                NO_LOCK,
                facts.rows(),
                isRebuilt ? facts.dataBytes() : 0);
    }

    private static Plan.Step step(Stage stage, String what, long rows) {
        return new Plan.Step(stage, what, List.of(), "plain reads", "none", rows, 0);
    }
}
