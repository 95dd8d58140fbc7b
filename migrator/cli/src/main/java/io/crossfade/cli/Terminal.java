package io.crossfade.cli;

import java.io.Console;
import java.lang.reflect.Method;
import java.util.Optional;

/** The terminal that the command was started from, if it was. */
final class Terminal {

    private Terminal() {}

    /** The console where both input and output are a terminal's. */
    @SuppressWarnings("SystemConsoleNull") // From JDK 22 on there is a console always, and isTerminal tells.
    static Optional<Console> console() {
        Console console = System.console();
        if (console == null) {
            return Optional.empty();
        }
        try {
            Method isTerminal = Console.class.getMethod("isTerminal");
            return Boolean.TRUE.equals(isTerminal.invoke(console)) ? Optional.of(console) : Optional.empty();
        } catch (NoSuchMethodException olderJdk) {
            return Optional.of(console);
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }
}
