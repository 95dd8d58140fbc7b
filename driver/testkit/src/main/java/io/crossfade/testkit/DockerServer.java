package io.crossfade.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** A server in a container, which Testcontainers removes when the JVM ends. The only class that imports Testcontainers. */
final class DockerServer {
    private static final int SERVER_PORT = 3306;
    private static final String ROOT_PASSWORD = "root";
    private static final Duration START_BOUND = Duration.ofMinutes(3); // the images' first start takes 10 to 30 s
    private static final Duration POLL = Duration.ofMillis(200);

    private DockerServer() {}

    static TestServer start(ServerKind kind) {
        String image = System.getProperty(kind.imageProperty(), kind.defaultImage());
        String product = kind.isMariaDb() ? "mariadb" : "mysql";
        Container container = new Container(DockerImageName.parse(image).asCompatibleSubstituteFor(product));
        container
                .withEnv(kind.isMariaDb() ? "MARIADB_ROOT_PASSWORD" : "MYSQL_ROOT_PASSWORD", ROOT_PASSWORD)
                .withExposedPorts(SERVER_PORT)
                .withCommand(ServerOptions.common(kind).toArray(new String[0]))
                .waitingFor(new AbstractWaitStrategy() {
                    @Override
                    protected void waitUntilReady() {
                        // The set-up run of these images has no network: the first answer below is the real server's.
                    }
                });
        try {
            container.start();
        } catch (RuntimeException e) {
            throw new ServerUnavailableException(
                    "cannot start a container of " + image + ": " + e.getMessage()
                            + "; see to Docker, or use embedded servers with -D" + DockerEngine.DOCKER_PROPERTY
                            + "=off",
                    e);
        }
        String host = container.getHost();
        int port = container.getMappedPort(SERVER_PORT);
        TestServer asRoot = new TestServer(kind, host, port, "root", ROOT_PASSWORD);
        boolean answered = Waiting.until(() -> createUser(asRoot), container::isRunning, START_BOUND, POLL);
        if (!answered) {
            String log = container.getLogs();
            container.stop();
            throw new ServerUnavailableException("cannot start a container of " + image + ": no answer within "
                    + START_BOUND.toSeconds() + " s, or it ended before; its log: " + log);
        }
        return new TestServer(kind, host, port, "app", "app");
    }

    private static boolean createUser(TestServer asRoot) throws SQLException {
        try (Connection connection = asRoot.connect("");
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED BY 'app'",
                    "GRANT ALL ON *.* TO 'app'@'%' WITH GRANT OPTION")) {
                statement.execute(sql);
            }
            return true;
        }
    }

    private static final class Container extends GenericContainer<Container> {
        private Container(DockerImageName image) {
            super(image);
        }
    }
}
