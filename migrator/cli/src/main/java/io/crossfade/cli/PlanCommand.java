package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import io.crossfade.migrator.run.Plan;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Change;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crossfade plan FILE}. */
@Command(name = "plan", description = "Says what a change will do, step by step; changes nothing.")
final class PlanCommand extends Task {

    @Parameters(paramLabel = "FILE", description = "the change file")
    private Path file = Path.of("");

    @Option(names = "--show-values", description = "examples hold column values, not only keys")
    private boolean showsValues;

    private @Nullable Change change;

    @Override
    void prepare() {
        change = ChangeFileArgument.read(file);
    }

    @Override
    ExitCode run(Migrator migrator) throws SQLException {
        Change declared = change;
        if (declared == null) {
            throw new IllegalStateException("the file was not read");
        }
        Plan plan;
        try {
            plan = migrator.plan(declared, showsValues);
        } catch (MigrationException e) {
            throw ChangeFileArgument.located(file, e);
        }
        if (isJson()) {
            new JsonProgress(System.out).write(PlanJson.of(plan));
        } else {
            System.out.println(PlanText.of(plan, showsValues));
        }
        return plan.isRefused() ? ExitCode.REFUSED : ExitCode.DONE;
    }
}
