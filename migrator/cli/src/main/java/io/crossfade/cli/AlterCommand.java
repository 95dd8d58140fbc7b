package io.crossfade.cli;

import io.crossfade.cli.alter.AlterOptions;
import io.crossfade.cli.alter.AlterRun;
import io.crossfade.cli.alter.Surroundings;
import io.crossfade.migrator.signal.Listener;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code crossfade alter}: any ALTER of a live table, by gh-ost's flags. */
@Command(
        name = "alter",
        sortOptions = false,
        description =
                "Changes a live table of any size by a ghost table, or cheaper where that is safe. Takes gh-ost's flags;"
                        + " without --execute it prints the plan.")
final class AlterCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Crossfade parent;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private AlterOptions options = new AlterOptions();

    @Override
    public Integer call() throws Exception {
        Crossfade top = parent;
        CommandSpec own = spec;
        if (top == null || own == null) {
            throw new IllegalStateException("a command needs its parent");
        }
        top.isVerbose(options.showsStack());
        Listener progress = new TextProgress(System.out, Terminal.console().isPresent());
        Runnable done = () -> {};
        if (options.isJson()) {
            JsonProgress json = new JsonProgress(System.out);
            top.endsIn(json);
            progress = json;
            done = options.tellsItsEnd() ? () -> json.ended(ExitCode.DONE, "") : done;
        }
        if (options.checksFlags()) {
            return check(own, options.checkFlag()).code();
        }
        new AlterRun(
                        options,
                        new Surroundings(
                                top.interruption().cancel(),
                                progress,
                                System.out,
                                ConnectionOptions::fromTerminal,
                                System::getenv,
                                flag -> own.commandLine().getParseResult() != null
                                        && own.commandLine().getParseResult().hasMatchedOption(flag)))
                .run();
        done.run();
        return ExitCode.DONE.code();
    }

    private static ExitCode check(CommandSpec spec, String flag) {
        if (flag.isEmpty() || spec.optionsMap().containsKey("--" + flag)) {
            return ExitCode.DONE;
        }
        throw new UsageException("flag --" + flag + " is not known; crossfade alter --help shows those that are");
    }
}
