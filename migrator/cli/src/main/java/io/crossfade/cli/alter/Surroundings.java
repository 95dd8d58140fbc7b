package io.crossfade.cli.alter;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import java.io.PrintStream;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a command has around it. Immutable.
 *
 * @param cancel the wish to stop
 * @param progress shows progress; called by one thread at a time
 * @param out where status lines go
 * @param terminal asks for the password
 * @param environment a variable of the environment
 * @param isGiven whether a flag, with its two dashes, stands on the command line
 */
public record Surroundings(
        Cancel cancel,
        Listener progress,
        PrintStream out,
        Supplier<String> terminal,
        UnaryOperator<@Nullable String> environment,
        Predicate<String> isGiven) {}
