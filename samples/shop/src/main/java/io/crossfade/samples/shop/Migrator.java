package io.crossfade.samples.shop;

import io.crossfade.samples.shop.app.SchemaChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@code crossfade} command, run as anybody would run it: a process of its own for each command, its output on the
 * screen. Safe for many threads.
 */
public final class Migrator implements AutoCloseable {
    private static final String MAIN = "io.crossfade.cli.Crossfade";

    /** A command lives for seconds: a start that is quick is worth more than code that gets fast. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    /** The stages at which new code may not run yet, and no backfill does. */
    private static final Set<String> STAGES_BEFORE = Set.of("off", "expand");

    /** How often the control table is asked for the stage. */
    private static final Duration STAGE_POLL = Duration.ofMillis(50);

    /** The server's error for a table that is not there: before the first change of all. */
    private static final int NO_SUCH_TABLE = 1146;

    private final ShopServer server;
    private final Screen screen;
    private final Path directory;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final Thread shutdownHook = new Thread(this::clear, "shop-migrator-stop");

    public Migrator(ShopServer server, Screen screen) throws IOException {
        this.server = server;
        this.screen = screen;
        this.directory = Files.createTempDirectory("crossfade-shop-");
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** A command failed; what it said is on the screen. */
    public static final class CommandFailedException extends RuntimeException {
        CommandFailedException(String command, int exitCode) {
            super("cannot go on: \"" + command + "\" ended with exit code " + exitCode + "; its output says why");
        }
    }

    /** A command that is under way. One thread at a time. */
    public final class Command {
        private final String shown;
        private final Process process;
        private final Thread reader;

        private Command(String shown, Process process) {
            this.shown = shown;
            this.process = process;
            this.reader = new Thread(this::read, "shop-migrator-output");
            reader.setDaemon(true);
            reader.start();
        }

        /** Waits until this start has taken its change to dualwrite. */
        public void awaitDualWrite(String changeId) throws SQLException, InterruptedException {
            try (Connection connection = server.connect()) {
                while (process.isAlive() && !isDualWrite(connection, changeId)) {
                    Thread.sleep(STAGE_POLL.toMillis());
                }
            }
            if (!process.isAlive()) {
                await();
            }
        }

        private boolean isDualWrite(Connection connection, String changeId) throws SQLException {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT stage FROM crossfade_change WHERE id = ?")) {
                select.setString(1, changeId);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() && !STAGES_BEFORE.contains(row.getString(1));
                }
            } catch (SQLException e) {
                if (e.getErrorCode() == NO_SUCH_TABLE) {
                    return false;
                }
                throw e;
            }
        }

        /** Waits until the command is done; its own bounds hold. */
        public void await() {
            try {
                int exitCode = process.waitFor();
                reader.join();
                running.remove(process);
                if (exitCode != 0) {
                    throw new CommandFailedException(shown, exitCode);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for \"" + shown + "\"", e);
            }
        }

        private void read() {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    screen.quote(line);
                }
            } catch (IOException e) {
                // The process was killed; its exit code tells.
                return;
            }
        }
    }

    /** Runs a command to its end. */
    public void run(String... arguments) {
        begin(arguments).await();
    }

    /** Begins a command. */
    public Command begin(String... arguments) {
        String shown = "crossfade " + String.join(" ", arguments).replace(directory + "/", "");
        screen.say("$ " + shown);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--url", server.plainUrl(), "--user", server.user()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("CROSSFADE_PASSWORD", server.password());
            Process process = builder.start();
            running.add(process);
            return new Command(shown, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run \"" + shown + "\"", e);
        }
    }

    /** The change file of {@code samples/shop/changes}, for this run's database. */
    String file(SchemaChange change) throws IOException {
        return file(change.id() + ".yaml", change.table(), change.table());
    }

    /** A change file for this run's database and for another table than the one that it names. */
    public String file(String name, String namedTable, String table) throws IOException {
        try (InputStream in = Migrator.class.getResourceAsStream("/changes/" + name)) {
            if (in == null) {
                throw new IOException("cannot find the change file " + name + " on the class path");
            }
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Path file = directory.resolve(name);
            Files.writeString(
                    file, yaml.replace("table: shop." + namedTable, "table: " + server.database() + "." + table));
            return file.toString();
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down already and the hook finds nothing left to do.
            return;
        }
    }

    private void clear() {
        running.forEach(Process::destroy);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            screen.say("cannot delete " + directory + ": " + e.getMessage());
        }
    }
}
