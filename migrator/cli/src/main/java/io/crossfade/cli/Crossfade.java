package io.crossfade.cli;

import io.crossfade.cli.alter.GoFlags;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.ChangeFileException;
import io.crossfade.state.StaleEpochException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
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
            FollowCommand.class,
            AdvanceCommand.class,
            RollbackCommand.class,
            CloseCommand.class,
            StatusCommand.class,
            AlterCommand.class
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
        CommandLine commandLine = new CommandLine(crossfade)
                .setExecutionExceptionHandler((e, command, parsed) -> crossfade.report(e))
                .setParameterExceptionHandler((e, given) -> misunderstood(e));
        // As with Go, the last of several stands: a runbook may end in "$@".
        alter(commandLine).setOverwrittenOptionsAllowed(true);
        return commandLine.execute(normal(commandLine, arguments));
    }

    private static CommandLine alter(CommandLine commandLine) {
        return Objects.requireNonNull(commandLine.getSubcommands().get("alter"), "alter");
    }

    /** Runbooks of gh-ost may write its flags with one dash. */
    private static String[] normal(CommandLine commandLine, String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("alter")) {
            return arguments;
        }
        return GoFlags.normal(
                arguments, alter(commandLine).getCommandSpec().optionsMap().keySet());
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
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            System.err.print(SqlFailure.shown(trace.toString(), e));
        }
        System.err.println("crossfade: " + SqlFailure.shown(e.getMessage() == null ? e.toString() : e.getMessage(), e));
        return exitCode(e).code();
    }

    /** The reason alone, as the last line; what stands behind a flag that is not known may be a password that was mistyped. */
    private static int misunderstood(CommandLine.ParameterException e) {
        String said = String.valueOf(e.getMessage());
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().get(0);
            said = "not known: " + (first.contains("=") ? first.substring(0, first.indexOf('=')) : first);
        }
        System.out.flush();
        System.err.println("crossfade: " + said + "; see "
                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.code();
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
