package io.crossfade.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code crossfade status [ID]}. Reads only. */
@Command(name = "status", description = "Shows where changes stand, and what each client has acknowledged.")
final class StatusCommand implements Callable<Integer> {

    /** As often as a reader can follow. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    @ParentCommand
    private @Nullable Crossfade parent;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "ID", arity = "0..1", description = "one change; else all of the database")
    private @Nullable String id;

    @Option(names = "--watch", description = "show it again every second until Ctrl-C")
    private boolean isWatching;

    @Option(names = "--json", description = "as one JSON object a line")
    private boolean isJson;

    @Option(names = "--verbose", description = "also stack traces of errors")
    private boolean isVerbose;

    @Override
    public Integer call() throws SQLException, JsonProcessingException {
        Crossfade top = parent;
        if (top == null) {
            throw new IllegalStateException("a command needs its parent");
        }
        top.isVerbose(isVerbose);
        try (Connection open = connection.open()) {
            ControlStore store = new ControlStore(open);
            while (true) {
                String text = isJson
                        ? new ObjectMapper().writeValueAsString(StatusJson.of(store, id))
                        : StatusText.of(store, id);
                boolean clears = isWatching && !isJson && Terminal.console().isPresent();
                System.out.println((clears ? CLEAR_SCREEN : "") + text);
                if (!isWatching) {
                    return ExitCode.DONE.code();
                }
                top.interruption().cancel().pause(EVERY);
            }
        }
    }
}
