package io.crossfade.cli.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Sessions of a host that falls silent end; those of one that is slow do not. */
final class HostWatchTest {
    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration LOGIN_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final long WAIT_SECONDS = 60;

    /** More than the sockets' buffers take. */
    private static final int LARGE = 20 << 20;

    private final List<String> notes = new CopyOnWriteArrayList<>();

    private HostWatch watch(TestDatabase database, SilentProxy proxy, String sslMode) {
        String url = database.jdbcUrl()
                .replace(":" + database.server().port() + "/", ":" + proxy.port() + "/")
                .replace("sslMode=DISABLED", "sslMode=" + sslMode);
        Properties properties = new Properties();
        properties.putAll(Map.of("user", database.user(), "password", database.password(), "connectTimeout", "2000"));
        WatchedSockets.into(properties, url);
        return new HostWatch(
                () -> BoundedLogin.open(() -> DriverManager.getConnection(url, properties), LOGIN_MAX),
                notes::add,
                EVERY,
                Duration.ofSeconds(1));
    }

    private static FutureTask<String> ask(Connection connection, String query) {
        FutureTask<String> asking = new FutureTask<>(() -> {
            try (Statement s = connection.createStatement();
                    var row = s.executeQuery(query)) {
                row.next();
                return row.getString(1);
            }
        });
        Thread thread = new Thread(asking, "asking");
        thread.setDaemon(true);
        thread.start();
        return asking;
    }

    /** Over TLS, where closing a session waits for whoever writes on it, who waits for the host. */
    @ServerTest(ServerKind.MYSQL_80)
    void sessionsOfAHostThatFallsSilentEnd(TestDatabase database) throws Exception {
        try (SilentProxy proxy = new SilentProxy(database.server());
                HostWatch watch = watch(database, proxy, "REQUIRED");
                Connection writing = watch.open();
                Connection idle = watch.open();
                Connection waiting = watch.open()) {
            String large = "SELECT LENGTH('" + "x".repeat(LARGE) + "')";
            FutureTask<String> answer = ask(waiting, "SELECT SLEEP(600)");
            proxy.fallSilent();
            ask(writing, large);
            try {
                assertThatThrownBy(() -> answer.get(WAIT_SECONDS, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(SQLException.class);
            } finally {
                // Else a session that waits cannot be closed.
                proxy.close();
            }
            assertThat(idle.isClosed()).isTrue();
            assertThat(notes).containsExactly("the server does not answer any more; its sessions are given up");
        } finally {
            end(database);
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aLongStatementIsNotCutOff(TestDatabase database) throws Exception {
        try (SilentProxy proxy = new SilentProxy(database.server());
                HostWatch watch = watch(database, proxy, "DISABLED");
                Connection waiting = watch.open()) {
            assertThat(ask(waiting, "SELECT SLEEP(3)").get(WAIT_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("0");
            assertThat(notes).isEmpty();
        }
    }

    /** The watch's own connection is lost alone, and a new one can be had. */
    @ServerTest(ServerKind.MYSQL_80)
    void aServerThatGivesANewSessionIsNotSilent(TestDatabase database) throws Exception {
        try (SilentProxy proxy = new SilentProxy(database.server());
                HostWatch watch = watch(database, proxy, "DISABLED");
                Connection waiting = watch.open()) {
            FutureTask<String> answer = ask(waiting, "SELECT SLEEP(3)");
            proxy.swallowAfter(1);
            assertThat(answer.get(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("0");
            assertThat(proxy.connections()).isGreaterThan(2);
            assertThat(notes).isEmpty();
        }
    }

    /** A name that is not found for a moment, a port that is full. */
    @ServerTest(ServerKind.MYSQL_80)
    void oneLoginThatFailsEndsNoSession(TestDatabase database) throws Exception {
        try (Logins logins = new Logins(database, 1, 0);
                HostWatch watch = new HostWatch(logins::next, notes::add, EVERY, ANSWER_MAX);
                Connection session = watch.open()) {
            logins.await(3);
            assertThat(notes).isEmpty();
            assertThat(session.isValid(0)).isTrue();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aLoginThatHangsOnceEndsNoSession(TestDatabase database) throws Exception {
        try (Logins logins = new Logins(database, 0, 1);
                HostWatch watch = new HostWatch(
                        () -> BoundedLogin.open(logins::next, Duration.ofMillis(300)), notes::add, EVERY, ANSWER_MAX);
                Connection session = watch.open()) {
            logins.await(3);
            assertThat(notes).isEmpty();
            assertThat(session.isValid(0)).isTrue();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void loginsThatFailOneAfterTheOtherEndThem(TestDatabase database) throws Exception {
        try (Logins logins = new Logins(database, 2, 0);
                HostWatch watch = new HostWatch(logins::next, notes::add, EVERY, ANSWER_MAX);
                Connection session = watch.open()) {
            // The watch asks for another one only when it has ended them.
            logins.await(4);
            assertThat(notes).hasSize(1);
            assertThat(session.isClosed()).isTrue();
        }
    }

    /** The run's session is the first; those of the watch follow. All are there from the beginning, so that a login takes no time. */
    private static final class Logins implements AutoCloseable {
        private final int failing;
        private final int hanging;
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Connection session;
        private final Connection own;
        private int asked;

        /** The watch's first ones fail, or hang. */
        Logins(TestDatabase database, int failing, int hanging) throws SQLException {
            this.failing = failing;
            this.hanging = hanging;
            session = database.connect();
            own = database.connect();
        }

        Connection next() throws SQLException {
            int number = count();
            if (number > 1 && number <= 1 + hanging) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (number > 1 && number <= 1 + failing) {
                throw new SQLException("the name is not found", "08S01", 0);
            }
            return number == 1 ? session : own;
        }

        private synchronized int count() {
            asked++;
            notifyAll();
            return asked;
        }

        /** Waits until so many have been asked for. */
        synchronized void await(int number) throws InterruptedException {
            long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (asked < number) {
                assertThat(System.nanoTime()).as("logins: " + asked).isLessThan(untilNanos);
                wait(100);
            }
        }

        @Override
        public void close() throws SQLException {
            closed.countDown();
            own.close();
        }
    }

    /** The server does not notice either. */
    private static void end(TestDatabase database) throws SQLException {
        for (List<Object> row : database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE"
                + " 'SELECT SLEEP(600)%' AND DB = DATABASE()")) {
            database.execute("KILL " + row.get(0));
        }
    }
}
