package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crossfade follow ID}. */
@Command(
        name = "follow",
        description = "Follows the change log: mends and counts what is written without the driver, until complete.")
final class FollowCommand extends Task {

    @Parameters(paramLabel = "ID", description = "the change")
    private String id = "";

    @Option(names = "--once", description = "end when all that was written before now is known")
    private boolean isOnce;

    @Override
    ExitCode run(Migrator migrator) throws SQLException {
        migrator.follow(id, isOnce);
        return ExitCode.DONE;
    }
}
