package io.crossfade.migrator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A lane opens its session again where it was lost, and never once it is closed. */
final class LaneTest {
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
