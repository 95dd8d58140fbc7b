package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Change;
import io.crossfade.state.ChangeRow;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code crossfade start FILE}. */
@Command(
        name = "start",
        description = "Adds the new columns, has both sides written, fills and verifies the new one; stops at shadow.")
final class StartCommand extends Task {

    @Parameters(paramLabel = "FILE", description = "the change file")
    private Path file = Path.of("");

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
        ChangeRow row;
        try {
            row = migrator.start(declared);
        } catch (MigrationException e) {
            throw ChangeFileArgument.located(file, e);
        }
        say("change " + declared.id() + " is at stage " + row.state().stage().word() + "; next: crossfade switch "
                + declared.id() + " --percent 10");
        return ExitCode.DONE;
    }
}
