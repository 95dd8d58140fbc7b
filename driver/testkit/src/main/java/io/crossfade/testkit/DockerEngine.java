package io.crossfade.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

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
        return listens(URI.create(host == null || host.isBlank() ? "unix:///var/run/docker.sock" : host));
    }

    private static boolean listens(URI engine) {
        try {
            if ("unix".equals(engine.getScheme())) {
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
