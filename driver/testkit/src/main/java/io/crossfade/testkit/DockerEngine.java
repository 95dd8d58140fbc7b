package io.crossfade.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whether containers can be had here. Knows no Testcontainers class, so it loads without that library. */
final class DockerEngine {
    /** Set to {@code off}: no container is started, even where Docker answers. */
    static final String DOCKER_PROPERTY = "crossfade.test.docker";

    private static final int CONNECT_BOUND_MILLIS = 1000; // an engine is on this machine or near it; judged

    private DockerEngine() {}

    /** Whether an engine listens and Testcontainers is on the class path. Answers within about a second. */
    static boolean isThere() {
        if (System.getProperty(DOCKER_PROPERTY, "auto").equals("off")) {
            return false;
        }
        try {
            Class.forName("org.testcontainers.containers.GenericContainer", false, DockerEngine.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return false;
        }
        String host = System.getenv("DOCKER_HOST");
        if (host != null && !host.isBlank()) {
            return listens(URI.create(host));
        }
        return sockets().anyMatch(socket -> Files.exists(socket) && listens(socket.toUri()));
    }

    /** Where Testcontainers looks as well: the system's engine, Docker Desktop's, and one without root. */
    private static Stream<Path> sockets() {
        String runtimeDirectory = System.getenv("XDG_RUNTIME_DIR");
        return Stream.of(
                Path.of("/var/run/docker.sock"),
                Path.of(System.getProperty("user.home"), ".docker", "run", "docker.sock"),
                Path.of(runtimeDirectory == null ? "/run" : runtimeDirectory, "docker.sock"));
    }

    private static boolean listens(URI engine) {
        try {
            if (List.of("unix", "file").contains(engine.getScheme())) {
                SocketChannel.open(UnixDomainSocketAddress.of(engine.getPath())).close();
            } else {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(engine.getHost(), engine.getPort()), CONNECT_BOUND_MILLIS);
                }
            }
            return true;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return false;
        }
    }
}
