package io.crossfade.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's files, unpacked once per user, and a freshly initialised data directory beside them that each server
 * starts from a copy of. Immutable.
 *
 * <pre>
 * ~/.cache/crossfade/servers/mysql80-8.0.15-v1.lock   held while the directory is made
 * ~/.cache/crossfade/servers/mysql80-8.0.15-v1/home   bin, share, lib
 * ~/.cache/crossfade/servers/mysql80-8.0.15-v1/data   the template
 * </pre>
 *
 * The directory is made under a temporary name and renamed when complete, so whoever sees it sees all of it.
 */
final class ServerInstallation {
    /** The system property that moves the cache away from {@code ~/.cache/crossfade}. */
    static final String CACHE_PROPERTY = "crossfade.test.cache";

    /** Part of the directory's name: raise it when what is in there changes. */
    private static final String LAYOUT = "v1";

    /** Seconds, not milliseconds, at work: MySQL takes 4 s on two shared cores. */
    private static final Duration INITIALIZE_BOUND = Duration.ofMinutes(2);

    private static final Duration VERSION_BOUND = Duration.ofSeconds(30);

    private static final Pattern MISSING_LIBRARY = Pattern.compile("error while loading shared libraries: ([^:\\s]+)");

    /** Two threads of one JVM cannot hold one file lock, so they take turns here first. */
    private static final Object ONE_THREAD = new Object();

    private static final List<String> USERS = List.of(
            "CREATE USER 'app'@'%' IDENTIFIED BY 'app';",
            "CREATE USER 'app'@'localhost' IDENTIFIED BY 'app';",
            "GRANT ALL ON *.* TO 'app'@'%' WITH GRANT OPTION;",
            "GRANT ALL ON *.* TO 'app'@'localhost' WITH GRANT OPTION;");

    private final ServerKind kind;
    private final Path root;

    private ServerInstallation(ServerKind kind, Path root) {
        this.kind = kind;
        this.root = root;
    }

    /** The cache directory of this user. */
    static Path cache() {
        String moved = System.getProperty(CACHE_PROPERTY);
        return moved != null ? Path.of(moved) : Path.of(System.getProperty("user.home"), ".cache", "crossfade");
    }

    /** The installation in a cache directory; the first call makes it, which takes some seconds. */
    static ServerInstallation in(Path cache, ServerKind kind) {
        requireLinuxX86(kind);
        Path servers = cache.resolve("servers");
        String name = kind.label() + "-" + kind.embeddedVersion() + "-" + LAYOUT;
        ServerInstallation installation = new ServerInstallation(kind, servers.resolve(name));
        try {
            installation.makeOnce(servers, name);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot install " + kind.label() + " in " + servers, e);
        }
        requireRunnable(kind, installation.program());
        return installation;
    }

    /** The beginning of the command line: the program, and options that both set-up and service need. */
    List<String> command(Path data) {
        List<String> command = new ArrayList<>(List.of(
                program().toString(),
                "--no-defaults",
                "--basedir=" + home(),
                "--datadir=" + data,
                "--lc-messages-dir=" + home().resolve("share"),
                // The kernel's budget for native asynchronous I/O is small, and many test servers share it.
                "--innodb-use-native-aio=0"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
        return command;
    }

    /** Copies the template; the copy has no server id and no change log of its own yet. */
    void copyTemplate(Path data) throws IOException {
        Directories.copy(template(), data, name -> !name.equals("auto.cnf") && !name.startsWith("binlog."));
    }

    Path template() {
        return root.resolve("data");
    }

    private Path home() {
        return root.resolve("home");
    }

    private Path program() {
        return home().resolve(new Distribution(kind).program());
    }

    private void makeOnce(Path servers, String name) throws IOException {
        synchronized (ONE_THREAD) {
            Files.createDirectories(servers);
            try (FileChannel channel = FileChannel.open(
                            servers.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid() && Files.notExists(root)) {
                    Path temporary = Files.createTempDirectory(servers, name + ".tmp");
                    try {
                        make(temporary);
                        Files.move(temporary, root, StandardCopyOption.ATOMIC_MOVE);
                    } finally {
                        Directories.delete(temporary);
                    }
                }
            }
        }
    }

    private void make(Path temporary) throws IOException {
        ServerInstallation unfinished = new ServerInstallation(kind, temporary);
        Files.createDirectory(unfinished.home());
        new Distribution(kind).unpack(unfinished.home());
        requireRunnable(kind, unfinished.program());
        unfinished.initialize();
    }

    private void initialize() throws IOException {
        Path script = root.resolve("initialize.sql");
        Path log = root.resolve("initialize.log");
        List<String> command = command(template());
        Processes.Ended ended;
        if (kind.isMariaDb()) {
            Files.createDirectory(template());
            Files.writeString(script, bootstrapScript());
            command.addAll(List.of("--bootstrap", "--max-allowed-packet=8M", "--net-buffer-length=16K"));
            command.add("--enforce-storage-engine=");
            ended = Processes.run(command, root, script, log, INITIALIZE_BOUND);
        } else {
            Files.write(script, USERS);
            command.addAll(List.of("--initialize-insecure", "--init-file=" + script));
            ended = Processes.run(command, root, log, INITIALIZE_BOUND);
        }
        if (ended.exitCode() != 0) {
            throw new IOException("cannot initialise " + kind.label() + ": exit code " + ended.exitCode() + "; "
                    + Processes.tail(log));
        }
    }

    /** What {@code mariadb-install-db} pipes into the server, less the help texts and anonymous users. One statement a line. */
    private String bootstrapScript() throws IOException {
        StringBuilder script = new StringBuilder();
        script.append("CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\n");
        script.append("SET @auth_root_socket=NULL;\nSET @skip_auth_anonymous=1;\n");
        for (String part : List.of(
                "mariadb_system_tables.sql",
                "mariadb_performance_tables.sql",
                "mariadb_system_tables_data.sql",
                "maria_add_gis_sp_bootstrap.sql",
                "mariadb_sys_schema.sql")) {
            script.append(Files.readString(home().resolve("share").resolve(part)));
        }
        // Bootstrapping runs without the grant tables, and they were only just made.
        script.append("FLUSH PRIVILEGES;\nDELETE FROM mysql.global_priv WHERE User='';\n");
        return script + String.join("\n", USERS) + "\n";
    }

    private static void requireLinuxX86(ServerKind kind) {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)")) {
            throw new ServerUnavailableException("cannot start an embedded " + kind.label()
                    + ": its binaries are for Linux on x86-64 and this is " + system + "; "
                    + Distribution.otherWays(kind));
        }
    }

    /** Asks the program for its version: the loader names a library that the system lacks. */
    static void requireRunnable(ServerKind kind, Path program) {
        Path log = null;
        try {
            log = Files.createTempFile("crossfade-version", ".log");
            List<String> command = List.of(program.toString(), "--no-defaults", "--version");
            if (Processes.run(command, Path.of("/"), log, VERSION_BOUND).exitCode() != 0) {
                throw new ServerUnavailableException(notRunnable(kind, Processes.tail(log)));
            }
        } catch (IOException e) {
            throw new ServerUnavailableException(notRunnable(kind, String.valueOf(e.getMessage())), e);
        } finally {
            if (log != null && !log.toFile().delete()) {
                log.toFile().deleteOnExit();
            }
        }
    }

    private static String notRunnable(ServerKind kind, String output) {
        Matcher missing = MISSING_LIBRARY.matcher(output);
        if (!missing.find()) {
            return "cannot run the embedded " + kind.label() + ": " + output.strip() + "; "
                    + Distribution.otherWays(kind);
        }
        String library = missing.group(1);
        String advice = library.matches("lib(aio|numa)\\..*")
                ? "run `apt-get install libaio1 libnuma1` (Ubuntu 24.04 and Debian 13: `apt-get install libaio1t64 libnuma1`"
                        + " and `ln -s libaio.so.1t64 /usr/lib/x86_64-linux-gnu/libaio.so.1`)"
                : "install the package that holds it";
        return "cannot run the embedded " + kind.label() + ": this system has no " + library + "; " + advice + ", or "
                + Distribution.otherWays(kind);
    }
}
