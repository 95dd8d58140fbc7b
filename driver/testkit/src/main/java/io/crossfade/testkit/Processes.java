package io.crossfade.testkit;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Child processes that end by themselves, and the end of those that do not. */
final class Processes {
    /** Lines of a log that go into an error message; judged: MySQL's reason is within the last ten. */
    private static final int LOG_TAIL_LINES = 40;

    private static final File NO_INPUT = new File("/dev/null");

    private Processes() {}

    /** What a process left: its exit code, or −1 where it ran out of time and was killed. */
    record Ended(int exitCode) {}

    /** Starts a process in a directory, with a file or nothing as its input and its whole output added to a log file. */
    static Process start(List<String> command, Path directory, File input, Path log) throws IOException {
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Redirect.from(input))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    static Process start(List<String> command, Path directory, Path log) throws IOException {
        return start(command, directory, NO_INPUT, log);
    }

    /** Runs a process to its end, or kills it after the bound. */
    static Ended run(List<String> command, Path directory, Path input, Path log, Duration bound) throws IOException {
        return await(start(command, directory, input.toFile(), log), bound);
    }

    static Ended run(List<String> command, Path directory, Path log, Duration bound) throws IOException {
        return await(start(command, directory, log), bound);
    }

    /** Asks a process to stop (SIGTERM), and kills it (SIGKILL) when it has not within the bound. */
    static void stop(Process process, Duration bound) {
        process.destroy();
        await(process, bound);
    }

    /** The last lines of a log, or a remark where there is none. */
    static String tail(Path log) {
        try {
            // Servers log in whatever encoding the data had; each byte is a character here.
            List<String> lines = Files.readAllLines(log, Charset.forName("ISO-8859-1"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log at " + log + ": " + e.getMessage() + ")";
        }
    }

    private static Ended await(Process process, Duration bound) {
        boolean interrupted = false;
        try {
            if (process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Ended(process.exitValue());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        process.destroyForcibly().onExit().join();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new Ended(-1);
    }
}
