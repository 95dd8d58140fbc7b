package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import io.crossfade.state.ChangeRow;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crossfade switch ID}. */
@Command(name = "switch", description = "Gives new a share of the reads, from shadow on.")
final class SwitchCommand extends Task {

    @Parameters(paramLabel = "ID", description = "the change")
    private String id = "";

    @Option(names = "--percent", paramLabel = "N", required = true, description = "share of reads, 0 to 100")
    private int percent;

    @Option(names = "--settle", description = "with 100: go on to rampdown, where new is the authority")
    private boolean settles;

    @Override
    ExitCode run(Migrator migrator) throws SQLException {
        ChangeRow row = migrator.switchTo(id, percent, settles);
        say("change " + id + " is at stage " + row.state().stage().word() + ", "
                + row.state().readPercent() + " % of reads go to new");
        return ExitCode.DONE;
    }
}
