package io.crossfade.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A real server of our own: a child process on a free loopback port, with a fresh data directory that goes when it is
 * closed or when the JVM ends. Safe for many threads.
 */
public final class EmbeddedServer implements AutoCloseable {
    /** From the start of the process to its first answer. Usually under a second; judged for a crowded machine. */
    private static final Duration START_BOUND = Duration.ofSeconds(90);

    /** A server with open transactions takes a second or two to stop; after the bound it is killed. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(25);

    /** Somebody may take the free port before the server does; three times in a row is not chance. */
    private static final int PORT_ATTEMPTS_MAX = 3;

    private final TestServer server;
    private final List<String> command;
    private final Path directory;
    private final Path log;
    private final Thread shutdownHook;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Process process;

    private EmbeddedServer(TestServer server, List<String> command, Process process, Path directory, Path log) {
        this.server = server;
        this.command = List.copyOf(command);
        this.process = process;
        this.directory = directory;
        this.log = log;
        this.shutdownHook = new Thread(
                this::stopAndDelete, "crossfade-stop-" + server.kind().label());
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** Starts a server with the defaults. The very first start on a machine unpacks it, which takes some seconds. */
    public static EmbeddedServer start(ServerKind kind) {
        return of(kind).start();
    }

    /** A server that is still to be started. */
    public static Builder of(ServerKind kind) {
        return new Builder(kind);
    }

    public TestServer server() {
        return server;
    }

    /** The server process's id. */
    public long pid() {
        return process.pid();
    }

    /** Where the server's data and log are until it is closed. */
    public Path directory() {
        return directory;
    }

    /** Stops the server as an operator does; its data stays, for {@link #startAgain}. */
    public void stop() {
        Processes.stop(process, STOP_BOUND);
    }

    /** Ends the server's process at once, as the kernel does where memory is short; its data stays. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /**
     * Starts the server that was ended, with its data, on the same port, and waits for its first answer.
     *
     * @throws ServerUnavailableException if it does not come back
     */
    public void startAgain() {
        if (closed.get() || process.isAlive()) {
            throw new IllegalStateException(this + " was not ended");
        }
        try {
            process = Processes.start(command, directory, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + this + " again", e);
        }
        if (!answers()) {
            throw new ServerUnavailableException(
                    "cannot start " + this + " again; the end of its log: " + Processes.tail(log));
        }
    }

    private boolean answers() {
        return Waiting.until(this::isOurs, process::isAlive, START_BOUND, POLL);
    }

    /** Somebody else's server may have got the port. */
    private boolean isOurs() throws SQLException {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@datadir")) {
            return row.next() && Path.of(row.getString(1)).equals(data(directory));
        }
    }

    private static Path data(Path directory) {
        return directory.resolve("data");
    }

    /** Ends the server and deletes its data. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.get()) {
            stopAndDelete();
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException e) {
                // The JVM is going down already and the hook finds nothing left to do.
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "embedded " + server + " (process " + process.pid() + ")";
    }

    private void stopAndDelete() {
        if (closed.compareAndSet(false, true)) {
            // Its data goes with it: there is nothing to bring in order, which takes MySQL a second or two.
            kill();
            try {
                Directories.delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + directory, e);
            }
        }
    }

    /** How a server is to be started. One thread at a time. */
    public static final class Builder {
        private static final Path MEMORY = Path.of("/dev/shm");

        /** A dozen servers at once, with their logs. */
        private static final long MEMORY_MIN_BYTES = 8L << 30;

        private final ServerKind kind;
        private final List<String> extraOptions = new ArrayList<>();
        private int bufferPoolMebibytes = 128;
        private @Nullable Path parent;
        private Path cache = ServerInstallation.cache();

        private Builder(ServerKind kind) {
            this.kind = kind;
        }

        /** The InnoDB buffer pool in MiB, at least 5; by default 128. */
        public Builder bufferPoolMebibytes(int mebibytes) {
            if (mebibytes < 5) {
                throw new IllegalArgumentException("bufferPoolMebibytes is " + mebibytes + "; InnoDB needs 5");
            }
            this.bufferPoolMebibytes = mebibytes;
            return this;
        }

        /** A further option for the server, as {@code --sync-binlog=1}. It comes last and so overrides ours. */
        public Builder option(String option) {
            extraOptions.add(option);
            return this;
        }

        /** The directory in which the server's own is made; by default one in memory, or in the cache. */
        public Builder in(Path directory) {
            this.parent = directory;
            return this;
        }

        /** The directory that the server is unpacked into. */
        Builder cache(Path directory) {
            this.cache = directory;
            return this;
        }

        /**
         * Starts the server and waits for its first answer.
         *
         * @throws ServerUnavailableException if this machine cannot run it; the message says what to do
         */
        public EmbeddedServer start() {
            ServerInstallation installation = ServerInstallation.in(cache, kind);
            try {
                Path in = parent != null ? parent : runDirectory(cache);
                Files.createDirectories(in);
                Leftovers.clear(in.toRealPath());
                Path directory = Files.createTempDirectory(in, kind.label() + "-");
                return new Start(installation, directory.toRealPath()).run();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start " + kind.label(), e);
            }
        }

        /** What a server writes is thrown away with the test: in memory nobody waits for a disk, where there is enough of it. */
        private static Path runDirectory(Path cache) throws IOException {
            boolean isRoomy =
                    Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= MEMORY_MIN_BYTES;
            return isRoomy ? MEMORY.resolve("crossfade-" + System.getProperty("user.name")) : cache.resolve("run");
        }

        /** One start, in its own directory. Confined to the starting thread. */
        private final class Start {
            private final ServerInstallation installation;
            private final Path directory;
            private final Path log;

            private Start(ServerInstallation installation, Path directory) {
                this.installation = installation;
                this.directory = directory;
                this.log = directory.resolve("server.log");
            }

            private EmbeddedServer run() throws IOException {
                boolean started = false;
                try {
                    Leftovers.own(directory);
                    installation.copyTemplate(data(directory));
                    Files.createDirectories(directory.resolve("tmp"));
                    for (int attempt = 1; ; attempt++) {
                        int port = freePort();
                        List<String> command = command(port);
                        Process process = Processes.start(command, directory, log);
                        TestServer server = new TestServer(kind, "127.0.0.1", port, "app", "app");
                        EmbeddedServer embedded = new EmbeddedServer(server, command, process, directory, log);
                        if (embedded.answers()) {
                            started = true;
                            return embedded;
                        }
                        String reason = Processes.tail(log);
                        boolean portTaken = reason.contains("Address already in use");
                        if (!portTaken || attempt == PORT_ATTEMPTS_MAX) {
                            embedded.close();
                            throw new ServerUnavailableException("cannot start the embedded " + kind.label()
                                    + ": no answer on port " + port + " within " + START_BOUND.toSeconds()
                                    + " s, or it ended before; the end of its log: " + reason);
                        }
                        Runtime.getRuntime().removeShutdownHook(embedded.shutdownHook);
                    }
                } finally {
                    if (!started) {
                        Directories.delete(directory);
                    }
                }
            }

            private List<String> command(int port) {
                List<String> command = installation.command(data(directory));
                command.addAll(ServerOptions.common(kind));
                command.addAll(List.of(
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        // Relative to the data directory: a socket's whole path may have only 107 characters.
                        "--socket=server.sock",
                        // A MariaDB that starts clears its directory of temporary tables, also of those of another one.
                        "--tmpdir=" + directory.resolve("tmp"),
                        "--pid-file=server.pid",
                        "--innodb-buffer-pool-size=" + bufferPoolMebibytes + "M"));
                if (kind.isMariaDb()) {
                    // Else it makes a key at every start, which takes up to 12 s.
                    command.add("--skip-ssl");
                } else if (kind == ServerKind.MYSQL_80) {
                    command.add("--mysqlx=OFF");
                }
                command.addAll(extraOptions);
                return command;
            }

            private static int freePort() throws IOException {
                try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    return socket.getLocalPort();
                }
            }
        }
    }
}
