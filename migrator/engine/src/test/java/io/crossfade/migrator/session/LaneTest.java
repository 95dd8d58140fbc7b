package io.crossfade.migrator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A lane opens its session again where it was lost, and never once it is closed. */
final class LaneTest {
    private static final int STATEMENT_SECONDS = 15;

    private final List<Connection> opened = new ArrayList<>();

    @ServerTest(ServerKind.MYSQL_80)
    void aLostSessionIsOpenedAgain(TestDatabase database) throws Exception {
        try (Lane lane = new Lane("the test", () -> open(database), new Cancel())) {
            boolean wasAgain = lane.run((c, isAgain) -> {
                if (!isAgain) {
                    c.close();
                }
                return c.createStatement().execute("DO 1") || isAgain;
            });
            assertThat(wasAgain).isTrue();
        }
        assertThat(opened).hasSize(2);
        requireNoneOpen();
    }

    @ServerTest(ServerKind.MYSQL_80)
    void whatIsClosedUnderAThreadAtWorkStaysClosed(TestDatabase database) throws Exception {
        Lane lane = new Lane("the test", () -> open(database), new Cancel());
        assertThatThrownBy(() -> lane.run((c, isAgain) -> {
                    lane.close();
                    return c.createStatement().execute("DO 1");
                }))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("the test", "closed", "run the same command again");
        assertThat(opened).hasSize(1);
        requireNoneOpen();
    }

    @ServerTest(ServerKind.MYSQL_80)
    void whatIsClosedWhileItIsOpenedIsNotLeftOpen(TestDatabase database) throws Exception {
        AtomicReference<Lane> lane = new AtomicReference<>();
        lane.set(new Lane(
                "the test",
                () -> {
                    Connection connection = open(database);
                    lane.get().close();
                    return connection;
                },
                new Cancel()));
        assertThatThrownBy(() -> lane.get().run((c, isAgain) -> isAgain)).isInstanceOf(MigrationException.class);
        requireNoneOpen();
    }

    /** A thread that waits for a server which is gone is not waited for, and goes on to its end. */
    @ServerTest(ServerKind.MYSQL_80)
    void aSessionThatAnotherThreadWaitsOnIsGivenUpAtOnce(TestDatabase database) throws Exception {
        Lane lane = new Lane("the test", () -> open(database), new Cancel());
        long id = lane.run((c, isAgain) -> {
            try (ResultSet r = c.createStatement().executeQuery("SELECT CONNECTION_ID()")) {
                r.next();
                return r.getLong(1);
            }
        });
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                lane.run((c, isAgain) -> c.createStatement().execute("DO SLEEP(" + STATEMENT_SECONDS + ")"));
            } catch (Exception e) {
                end.set(e);
            }
        });
        waiting.start();
        await().until(() -> database.queryLong("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = " + id
                        + " AND INFO LIKE 'DO SLEEP%'")
                == 1);
        lane.close();
        waiting.join(Duration.ofSeconds(2 * STATEMENT_SECONDS).toMillis());
        assertThat(end.get())
                .as("how the statement ended, which lasts longer than the session")
                .isInstanceOf(MigrationException.class);
        requireNoneOpen();
        database.execute("KILL " + id);
    }

    private Connection open(TestDatabase database) throws java.sql.SQLException {
        Connection connection = database.connect();
        opened.add(connection);
        return connection;
    }

    private void requireNoneOpen() throws Exception {
        for (Connection each : opened) {
            assertThat(each.isClosed()).isTrue();
        }
    }
}
