package io.crossfade.cli;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.ChangeFileException;
import io.crossfade.state.StaleEpochException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code crossfade} command. Exit codes: {@link ExitCode}. */
@Command(
        name = "crossfade",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        version = "crossfade 0.1.0",
        description = "Changes the schema of a live table without anybody noticing.",
        subcommands = {
            PlanCommand.class,
            StartCommand.class,
            SwitchCommand.class,
            VerifyCommand.class,
            AdvanceCommand.class,
            RollbackCommand.class,
            CloseCommand.class,
            StatusCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 refused (nothing was begun), 4 stopped (run the same command again),"
                    + " 5 rows differ."
        })
public final class Crossfade {
    private final Interruption interruption;
    private boolean isVerbose;

    private Crossfade(Interruption interruption) {
        this.interruption = interruption;
    }

    public static void main(String[] arguments) {
        Interruption interruption = Interruption.install();
        int code = run(interruption, arguments);
        interruption.finished(code);
        System.exit(code);
    }

    /** Runs one command line; gives its exit code. */
    static int run(Interruption interruption, String... arguments) {
        Crossfade crossfade = new Crossfade(interruption);
        return new CommandLine(crossfade)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> crossfade.report(e))
                .execute(arguments);
    }

    Interruption interruption() {
        return interruption;
    }

    void isVerbose(boolean value) {
        isVerbose = value;
    }

    private int report(Exception e) {
        System.out.flush();
        if (isVerbose) {
            e.printStackTrace();
        }
        System.err.println("crossfade: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        return exitCode(e).code();
    }

    private static ExitCode exitCode(Exception e) {
        if (e instanceof MigrationException migration) {
            return ExitCode.of(migration.kind());
        }
        if (e instanceof UsageException || e instanceof ChangeFileException || e instanceof IllegalArgumentException) {
            return ExitCode.USAGE;
        }
        if (e instanceof StaleEpochException) {
            return ExitCode.STOPPED;
        }
        return ExitCode.FAILED;
    }
}
