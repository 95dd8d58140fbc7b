package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DriverTest {

    @Test
    void foreignUrlsAreNotTaken() throws SQLException {
        Driver driver = new CrossfadeDriver();
        for (String url : new String[] {
            "jdbc:mysql://h/d", "jdbc:crossfade:postgresql://h/d", "jdbc:crossfade:mysql:h", "jdbc:crossfade", ""
        }) {
            assertThat(driver.acceptsURL(url)).as(url).isFalse();
            assertThat(driver.connect(url, new Properties())).as(url).isNull();
        }
        assertThat(driver.acceptsURL("jdbc:crossfade:mysql://h/d")).isTrue();
        assertThat(driver.acceptsURL("jdbc:crossfade:mariadb://h/d")).isTrue();
    }

    @Test
    void wrongPropertiesAreErrorsThatNameTheRightOnes() {
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:crossfade:mysql://h/d?crossfade.veiw=new"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("crossfade.veiw")
                .hasMessageContaining("crossfade.application, crossfade.view, crossfade.key");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:crossfade:mysql://h/d?crossfade.view=both"))
                .hasMessageContaining("use one of old, new");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:crossfade:mysql://h/d?crossfade.pollMillis=10"))
                .hasMessageContaining("from 50 to");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:crossfade:mysql://h/d?crossfade.leaseMillis=1500"))
                .hasMessageContaining("from 2000 to");
    }

    @Test
    void ownPropertiesAreListedWithTheWrappedDriversOnes() throws SQLException {
        DriverPropertyInfo[] infos = new CrossfadeDriver()
                .getPropertyInfo("jdbc:crossfade:mysql://h/d?crossfade.view=new", new Properties());
        assertThat(Arrays.stream(infos).map(i -> i.name))
                .contains("crossfade.application", "crossfade.leaseMillis", "connectTimeout");
    }

    @ServerTest
    void urlIsTakenApartAndPassedOn(TestDatabase database) throws SQLException {
        String url = Urls.mysql(database) + "&crossfade.application=shop&crossfade.view=new";
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password())) {
            assertThat(connection.getMetaData().getURL()).isEqualTo(database.jdbcUrl());
            assertThat(connection.getCatalog()).isEqualTo(database.name());
        }
        String mariadb = database.mariadbUrl().replace("jdbc:", "jdbc:crossfade:");
        try (Connection connection = DriverManager.getConnection(mariadb, database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            assertThat(connection.getMetaData().getURL()).startsWith("jdbc:mariadb://");
            assertThat(rows.next()).isTrue();
            assertThat(connection.isWrapperFor(org.mariadb.jdbc.Connection.class))
                    .isTrue();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void serverShowsTheClientBesideTheSession(TestDatabase database) throws SQLException {
        try (Connection connection = Urls.connect(database, "&connectionAttributes=mine:1");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_connect_attrs WHERE"
                                + " PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME IN ('mine', 'crossfade_client')"
                                + " ORDER BY ATTR_NAME")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(2)).hasSize(36);
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(2)).isEqualTo("1");
        }
    }

    @ServerTest
    void everythingLeadsBackToOurOwn(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        try (Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO t (v) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            insert.setInt(1, 5);
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                assertThat(keys.getLong(1)).isEqualTo(1);
                assertThat(keys.getMetaData().getColumnCount()).isEqualTo(1);
                assertThat(keys.getStatement()).isSameAs(insert);
            }
            ResultSet rows = statement.executeQuery("SELECT * FROM t");
            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(statement.getResultSet()).isSameAs(rows);
            try (ResultSet tables = connection.getMetaData().getTables(null, null, "t", null)) {
                Statement behind = tables.getStatement();
                if (behind != null) {
                    assertThat(behind.getConnection()).isSameAs(connection);
                }
            }
            assertThat(connection.unwrap(com.mysql.cj.jdbc.JdbcConnection.class))
                    .isNotSameAs(connection);
            assertThat(insert.isWrapperFor(com.mysql.cj.jdbc.JdbcPreparedStatement.class))
                    .isTrue();
            assertThat(connection.toString()).contains("wrapping");
        }
    }

    @ServerTest
    void hikariPoolsByUrlAndByDataSource(TestDatabase database) throws SQLException {
        HikariConfig byUrl = new HikariConfig();
        byUrl.setJdbcUrl(Urls.mysql(database));
        byUrl.setUsername(database.user());
        byUrl.setPassword(database.password());
        HikariConfig bySource = new HikariConfig();
        bySource.setDataSourceClassName("io.crossfade.jdbc.CrossfadeDataSource");
        bySource.addDataSourceProperty("url", Urls.mysql(database));
        bySource.addDataSourceProperty("user", database.user());
        bySource.addDataSourceProperty("password", database.password());
        for (HikariConfig config : new HikariConfig[] {byUrl, bySource}) {
            config.setMaximumPoolSize(2);
            try (HikariDataSource pool = new HikariDataSource(config);
                    Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT DATABASE()")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo(database.name());
            }
        }
    }

    @ServerTest
    void wrappedDriversErrorsPassUntouched(TestDatabase database) throws SQLException {
        try (Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT nothing"))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode())
                            .isEqualTo(1054));
        }
    }
}
