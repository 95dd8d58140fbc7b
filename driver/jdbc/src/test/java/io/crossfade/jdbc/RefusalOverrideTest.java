package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride.Override;
import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What a pool does with a connection on which a statement was refused. */
class RefusalOverrideTest {

    @ServerTest(ServerKind.MYSQL_80)
    void thePoolKeepsTheConnection(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                HikariDataSource pool = pool(database, RefusalOverride.class.getName())) {
            migrator.open();
            migrator.moveTo(Stage.DUALWRITE);
            assertThat(refusedAndNext(pool)).isZero();
        }
    }

    /** Should this fail, HikariCP has learnt it, and the override and its documentation may go. */
    @ServerTest(ServerKind.MYSQL_80)
    void withoutItThePoolGivesTheConnectionUp(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                HikariDataSource pool = pool(database, null)) {
            migrator.open();
            migrator.moveTo(Stage.DUALWRITE);
            assertThat(refusedAndNext(pool)).isPositive();
        }
    }

    /** How far the next connection's id is from that of the one on which a statement was refused. */
    private static long refusedAndNext(HikariDataSource pool) throws SQLException {
        long before;
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            before = Migrator.connectionId(connection);
            assertThatThrownBy(() -> statement.execute("LOAD DATA INFILE 'x' INTO TABLE orders"))
                    .hasMessageContaining("cannot");
        }
        try (Connection connection = pool.getConnection()) {
            return Migrator.connectionId(connection) - before;
        }
    }

    @Test
    void whatElseFailsIsThePoolsToJudge() {
        RefusalOverride override = new RefusalOverride();
        assertThat(override.adjudicate(CrossfadeError.refused("x"))).isEqualTo(Override.DO_NOT_EVICT);
        assertThat(override.adjudicate(new SQLException("the server's own", "0A000", 1235)))
                .isEqualTo(Override.CONTINUE_EVICT);
        assertThat(override.adjudicate(new SQLException("gone", "08S01", 0))).isEqualTo(Override.CONTINUE_EVICT);
    }

    private static HikariDataSource pool(TestDatabase database, String override) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Urls.mysql(database));
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(1);
        if (override != null) {
            config.setExceptionOverrideClassName(override);
        }
        return new HikariDataSource(config);
    }
}
