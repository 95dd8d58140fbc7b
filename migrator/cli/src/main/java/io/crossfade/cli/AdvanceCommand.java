package io.crossfade.cli;

import io.crossfade.migrator.run.Migrator;
import io.crossfade.migrator.run.Settings;
import io.crossfade.state.ChangeRow;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crossfade advance ID}. */
@Command(name = "advance", description = "Goes to the last stages, each asked for by name.")
final class AdvanceCommand extends Task {

    @Parameters(paramLabel = "ID", description = "the change")
    private String id = "";

    /** The stages that are asked for by name. */
    enum Target {
        complete,
        contract
    }

    @Option(names = "--to", paramLabel = "STAGE", required = true, description = "${COMPLETION-CANDIDATES}")
    private Target target = Target.complete;

    @Option(names = "--accept-lossy", description = "accept that old code sees down(up(old)) from complete on")
    private boolean acceptsLossy;

    @Option(
            names = "--quiet-for",
            paramLabel = "TIME",
            defaultValue = "24h",
            description =
                    "refuse while an application has named the old columns, or somebody has written without the driver, within"
                            + " this time, as 90m, 24h or 7d; 0 asks nothing (default: ${DEFAULT-VALUE})")
    private String quietFor = "24h";

    @Option(
            names = "--allow-unproxied-writers",
            description =
                    "go to complete although somebody writes without the driver; what they write from then on is lost")
    private boolean allowsUnproxied;

    @Override
    Settings settings(Settings usual) {
        return usual.withQuietFor(TimeSpan.parse("--quiet-for", quietFor)).withUnproxiedAllowed(allowsUnproxied);
    }

    @Override
    ExitCode run(Migrator migrator) throws SQLException {
        ChangeRow row = target == Target.complete ? migrator.complete(id, acceptsLossy) : migrator.contract(id);
        say("change " + id + " is at stage " + row.state().stage().word() + (row.isOpen() ? "" : ", closed"));
        return ExitCode.DONE;
    }
}
