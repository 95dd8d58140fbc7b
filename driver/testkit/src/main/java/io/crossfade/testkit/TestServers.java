package io.crossfade.testkit;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shared server per kind and JVM: the one that a system property names, else a container where a Docker engine
 * answers, else an embedded one. A server that cannot be had is a failure that says what to do. Safe for many threads.
 *
 * <table>
 * <caption>System properties</caption>
 * <tr><td>crossfade.test.servers</td><td>the matrix: mysql80, mysql57, mariadb114; default mysql80,mariadb114</td></tr>
 * <tr><td>crossfade.test.mysql.url, .mysql57.url, .mariadb.url</td><td>a running server:
 *     {@code jdbc:mysql://host:port/?user=..&password=..}; the user needs all rights</td></tr>
 * <tr><td>crossfade.test.mysql.image, .mysql57.image, .mariadb.image</td><td>a container image; where it is set, Docker
 *     is a must</td></tr>
 * <tr><td>crossfade.test.docker</td><td>{@code off}: embedded servers even where Docker answers</td></tr>
 * <tr><td>crossfade.test.cache</td><td>where embedded servers are unpacked; default ~/.cache/crossfade</td></tr>
 * </table>
 */
public final class TestServers {
    private static final Logger LOG = LoggerFactory.getLogger(TestServers.class);
    private static final Map<ServerKind, Shared> SHARED = new EnumMap<>(ServerKind.class);

    static {
        for (ServerKind kind : ServerKind.values()) {
            SHARED.put(kind, new Shared(() -> find(kind)));
        }
    }

    private TestServers() {}

    /**
     * The shared server of a kind, started on the first call.
     *
     * @throws ServerUnavailableException if it cannot be had; the message says what to do
     */
    public static TestServer get(ServerKind kind) {
        Shared shared = SHARED.get(kind);
        if (shared == null) {
            throw new IllegalArgumentException("no such kind: " + kind);
        }
        return shared.get();
    }

    private static TestServer find(ServerKind kind) {
        String url = System.getProperty(kind.urlProperty());
        if (url != null) {
            return external(kind, url);
        }
        boolean imageWanted = System.getProperty(kind.imageProperty()) != null;
        if (DockerEngine.isThere()) {
            return DockerServer.start(kind);
        }
        if (imageWanted) {
            throw new ServerUnavailableException("cannot start a container: -D" + kind.imageProperty()
                    + " is set and no Docker engine answers; start Docker, or leave the property out");
        }
        EmbeddedServer embedded = EmbeddedServer.start(kind);
        LOG.debug("started {}", embedded);
        return embedded.server();
    }

    /** Reads {@code jdbc:mysql://host:port/?user=..&password=..}; other parameters are passed over. */
    static TestServer external(ServerKind kind, String url) {
        if (!url.matches("jdbc:(mysql|mariadb)://.*")) {
            throw new IllegalArgumentException(
                    "cannot read " + kind.urlProperty() + ": it begins with neither jdbc:mysql:// nor jdbc:mariadb://");
        }
        URI uri = URI.create(url.substring("jdbc:".length()));
        String user = "root";
        String password = "";
        String query = uri.getRawQuery();
        for (String parameter : (query == null ? "" : query).split("&")) {
            String value = URLDecoder.decode(parameter.substring(parameter.indexOf('=') + 1), StandardCharsets.UTF_8);
            if (parameter.startsWith("user=")) {
                user = value;
            } else if (parameter.startsWith("password=")) {
                password = value;
            }
        }
        int port = uri.getPort() < 0 ? 3306 : uri.getPort();
        return new TestServer(kind, uri.getHost(), port, user, password);
    }

    /** A server that is looked for once: what failed once fails at once the next time. */
    private static final class Shared {
        private final Supplier<TestServer> source;
        private @Nullable TestServer server;
        private @Nullable RuntimeException failure;

        private Shared(Supplier<TestServer> source) {
            this.source = source;
        }

        private synchronized TestServer get() {
            if (failure != null) {
                throw failure;
            }
            TestServer found = server;
            if (found == null) {
                try {
                    found = source.get();
                } catch (RuntimeException e) {
                    failure = e;
                    throw e;
                }
                server = found;
            }
            return found;
        }
    }
}
