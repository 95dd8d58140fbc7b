package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code crossfade close ID}. */
@Command(name = "close", description = "Ends a change for its clients, after contract or off.")
final class CloseCommand extends Task {

    @Parameters(paramLabel = "ID", description = "the change")
    private String id = "";

    @Override
    ExitCode run(Migrator migrator) throws SQLException {
        migrator.end(id);
        say("change " + id + " is closed");
        return ExitCode.DONE;
    }
}
