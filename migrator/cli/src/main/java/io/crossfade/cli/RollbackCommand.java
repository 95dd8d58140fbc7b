package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code crossfade rollback ID}. */
@Command(name = "rollback", description = "Goes back to off from any stage before contract; every write is kept.")
final class RollbackCommand extends Task {

    @Parameters(paramLabel = "ID", description = "the change")
    private String id = "";

    @Override
    ExitCode run(Migrator migrator) throws SQLException {
        migrator.rollback(id);
        say("change " + id + " is rolled back and closed");
        return ExitCode.DONE;
    }
}
