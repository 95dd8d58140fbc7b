package io.crossfade.cli;

import io.crossfade.migrator.signal.Listener;
import picocli.CommandLine.Option;

/** How progress is shown. */
final class OutputOptions {

    @Option(names = "--json", description = "progress and result as one JSON object a line")
    private boolean isJson;

    @Option(names = "--verbose", description = "also stack traces of errors")
    private boolean isVerbose;

    boolean isJson() {
        return isJson;
    }

    boolean isVerbose() {
        return isVerbose;
    }

    Listener listener() {
        if (isJson) {
            return new JsonProgress(System.out);
        }
        return new TextProgress(System.out, Terminal.console().isPresent());
    }
}
