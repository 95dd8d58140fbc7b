package io.crossfade.migrator.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReplicaLagTest {

    /** A replica of an embedded server is a second or two behind for as long as it applies nothing. */
    private static final Duration BOUND = Duration.ofSeconds(60);

    @ServerTest
    void replicaThatDoesNotTellItsLagHoldsBack(TestDatabase database) {
        ReplicaLag none = new ReplicaLag("r1", database::connect, Duration.ofSeconds(1));
        assertThat(none.reason()).contains("replica r1 does not tell its lag");
        none.release();
        ReplicaLag away = new ReplicaLag(
                "r2",
                () -> {
                    throw new SQLException("refused");
                },
                Duration.ofSeconds(1));
        assertThat(away.reason().orElseThrow()).contains("cannot be asked");
        assertThat(away.millis()).isNegative();
    }

    @Test
    void aRealReplicaHoldsBackWhileItIsBehindAndWhenItVanishes() throws SQLException {
        try (EmbeddedServer source = start(1);
                EmbeddedServer replica = start(2)) {
            TestServer from = source.server();
            execute(
                    replica.server(),
                    "CHANGE MASTER TO MASTER_HOST='" + from.host() + "', MASTER_PORT=" + from.port()
                            + ", MASTER_USER='" + from.user() + "', MASTER_PASSWORD='" + from.password()
                            + "', MASTER_AUTO_POSITION=1, GET_MASTER_PUBLIC_KEY=1, MASTER_DELAY=4",
                    "START SLAVE");
            ThrottleSettings settings = new ThrottleSettings();
            AtomicReference<List<String>> names = new AtomicReference<>(List.of("r:1"));
            ControlReplicas replicas =
                    new ControlReplicas(names::get, n -> replica.server().connect(""), settings::maxLagMillis);
            await().atMost(BOUND).until(() -> replicas.reason().isEmpty());
            execute(from, "CREATE DATABASE lagging");
            await().atMost(BOUND).until(() -> replicas.reason().orElse("").matches("replica r:1 is [2-9] s behind"));
            assertThat(replicas.millis()).isGreaterThan(1500);
            settings.maxLagMillis(3_600_000);
            assertThat(replicas.reason()).isEmpty();
            settings.maxLagMillis(1500);
            await().atMost(BOUND).until(() -> replicas.reason().isEmpty());
            execute(replica.server(), "STOP SLAVE SQL_THREAD");
            assertThat(replicas.reason()).contains("replica r:1 does not tell its lag");
            replica.close();
            assertThat(replicas.reason().orElseThrow()).contains("replica r:1 cannot be asked");
            names.set(List.of());
            assertThat(replicas.reason()).isEmpty();
            replicas.release();
        }
    }

    private static EmbeddedServer start(int id) {
        return EmbeddedServer.of(ServerKind.MYSQL_80)
                .bufferPoolMebibytes(16)
                .option("--server-id=" + id)
                .option("--log-bin=binlog")
                .option("--gtid-mode=ON")
                .option("--enforce-gtid-consistency=ON")
                .start();
    }

    private static void execute(TestServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect("");
                Statement s = connection.createStatement()) {
            for (String sql : statements) {
                s.execute(sql);
            }
        }
    }
}
