package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.verify.Differences;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code crossfade verify ID}. */
@Command(name = "verify", description = "Compares every row on demand.")
final class VerifyCommand extends Task {

    @Parameters(paramLabel = "ID", description = "the change")
    private String id = "";

    @Override
    ExitCode run(Migrator migrator) throws SQLException {
        Differences found = migrator.verify(id);
        if (found.isNone()) {
            say(found.rowsCompared() + " rows compared, none differs");
            return ExitCode.DONE;
        }
        throw MigrationException.different(found.rowsDiffering() + " of " + found.rowsCompared()
                + " rows differ, among them " + String.join("; ", found.keys())
                + "; somebody writes past Crossfade; find the writer");
    }
}
