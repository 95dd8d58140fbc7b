package io.crossfade.cli;

import io.crossfade.cli.alter.GoFlags;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.ChangeFileException;
import io.crossfade.state.StaleEpochException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
    private @Nullable JsonProgress json;

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
                .setParameterExceptionHandler((e, given) -> misunderstood(e, wantsJson(given)));
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

    /** Has the end told there too, where it is an error. */
    void endsIn(JsonProgress lines) {
        json = lines;
    }

    /** As far as a command line can be read that is wrong. */
    private static boolean wantsJson(String... given) {
        List<String> all = List.of(given);
        return all.contains("alter") && (all.contains("--json") || all.contains("--json=true"));
    }

    private int report(Exception e) {
        String reason = SqlFailure.shown(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        if (json != null) {
            json.ended(exitCode(e), reason);
        }
        System.out.flush();
        if (isVerbose) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            System.err.print(SqlFailure.shown(trace.toString(), e));
        }
        System.err.println("crossfade: " + reason);
        return exitCode(e).code();
    }

    /** The reason alone, as the last line; what stands behind a flag that is not known may be a password that was mistyped. */
    private static int misunderstood(CommandLine.ParameterException e, boolean isJson) {
        String said = String.valueOf(e.getMessage());
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().get(0);
            said = "not known: " + (first.contains("=") ? first.substring(0, first.indexOf('=')) : first);
        }
        said += "; see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        if (isJson) {
            new JsonProgress(System.out).ended(ExitCode.USAGE, said);
        }
        System.out.flush();
        System.err.println("crossfade: " + said);
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
