package io.crossfade.cli.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A login ends, whoever is silent. */
final class BoundedLoginTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** The operating system takes the connection, and nobody greets. */
    @Test
    void aHostThatTakesTheConnectionAndSaysNothingIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:mysql://127.0.0.1:" + silent.getLocalPort() + "/test?connectTimeout=2000";
            assertThatThrownBy(() -> BoundedLogin.open(
                            () -> DriverManager.getConnection(url, "someone", "secret"), Duration.ofMillis(300)))
                    .isInstanceOf(SQLTimeoutException.class)
                    .hasMessage("no login within 0 s");
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void whatComesTooLateIsEnded(TestDatabase database) throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (Connection late = database.connect()) {
            assertThatThrownBy(() -> BoundedLogin.open(
                            () -> {
                                await(mayGoOn);
                                return late;
                            },
                            Duration.ofMillis(300)))
                    .isInstanceOf(SQLTimeoutException.class);
            mayGoOn.countDown();
            long deadlineNanos = System.nanoTime() + LONG.toNanos();
            while (!late.isClosed() && System.nanoTime() < deadlineNanos) {
                Thread.onSpinWait();
            }
            assertThat(late.isClosed()).isTrue();
        }
    }

    @Test
    void anErrorIsTheSameAsWithoutTheBound() {
        SQLException denied = new SQLException("denied", "28000", 1045);
        assertThatThrownBy(() -> BoundedLogin.open(
                        () -> {
                            throw denied;
                        },
                        LONG))
                .isSameAs(denied);
        assertThatThrownBy(() -> BoundedLogin.open(
                        () -> {
                            throw new IllegalArgumentException("no such thing");
                        },
                        LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such thing");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
