package io.crossfade.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;

class ServerTestTest {
    @ServerTest
    void databaseIsFreshForEachTest(TestDatabase database) throws SQLException {
        assertThat(database.query("SHOW TABLES")).isEmpty();
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
        assertThat(database.queryLong("SELECT COUNT(*) FROM t")).isEqualTo(2);
    }

    @ServerTest
    void databaseIsFreshForTheNextTest(TestDatabase database) throws SQLException {
        databaseIsFreshForEachTest(database);
    }
}
