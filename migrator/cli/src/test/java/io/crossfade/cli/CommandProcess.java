package io.crossfade.cli;

import io.crossfade.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program in a process of its own, so that it can be stopped and killed as an operating system does it. */
final class CommandProcess implements AutoCloseable {

    /** Longer than any of these takes on a loaded machine. */
    private static final long END_SECONDS_MAX = 120;

    private final Process process;
    private final BufferedReader out;
    private final List<String> lines = new ArrayList<>();

    private CommandProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Runs the crossfade command against a test's database. */
    static CommandProcess crossfade(TestDatabase database, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of("--url", database.jdbcUrl() + "&user=" + database.user() + "&password=" + database.password()));
        return java(Crossfade.class, all.toArray(new String[0]));
    }

    /** Runs a class of the test's own class path. */
    static CommandProcess java(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dstdout.encoding=UTF-8",
                "-Dfile.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new CommandProcess(command);
    }

    /** Reads lines up to the first that fits; false where the program ends before. */
    boolean readUntil(Predicate<String> fits) throws IOException {
        String line;
        while ((line = out.readLine()) != null) {
            lines.add(line);
            if (fits.test(line)) {
                return true;
            }
        }
        return false;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Writes a line to the program's standard input. */
    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Sends a signal such as STOP, CONT or KILL. */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends the program at once, as kill -9 does. */
    void kill() throws Exception {
        signal("KILL");
        process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** Reads to the end and gives the exit code. */
    int end() throws Exception {
        readUntil(line -> false);
        if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the program does not end; it said:\n" + said());
        }
        return process.exitValue();
    }

    String said() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
