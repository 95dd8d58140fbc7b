package io.crossfade.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

class ServerTestTest {
    private static final Map<ServerKind, TestDatabase> SEEN = new HashMap<>();

    @BeforeEach
    void createTable(TestDatabase database) throws SQLException {
        // Fails on a database that another test has used.
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, word VARCHAR(9))", "INSERT INTO t VALUES (1, NULL)");
    }

    @ServerTest
    void theDatabaseIsTheOneOfBeforeEach(TestDatabase database) throws SQLException {
        assertThat(database.query("SELECT id, word FROM t").get(0)).containsExactly(1, null);
        assertThat(database.queryLong("SELECT COUNT(*) FROM t")).isEqualTo(1);
        assertThat(database.query("SELECT DATABASE()")).isEqualTo(List.of(List.of(database.name())));
    }

    @ServerTest
    void oneTestsDatabaseIsGoneInTheNext(TestDatabase database, ServerKind kind) throws SQLException {
        assertThatThePreviousIsGone(database, kind);
    }

    @ServerTest
    void oneTestsDatabaseIsGoneInTheNextInEitherOrder(TestDatabase database, ServerKind kind) throws SQLException {
        assertThatThePreviousIsGone(database, kind);
    }

    @ServerTest(ServerKind.MARIADB_114)
    void aTestMayNameItsKinds(TestDatabase database, TestInfo test) throws SQLException {
        assertThat(database.query("SELECT VERSION()").toString()).contains("MariaDB");
        assertThat(test.getDisplayName()).contains("mariadb114");
    }

    private static void assertThatThePreviousIsGone(TestDatabase database, ServerKind kind) throws SQLException {
        TestDatabase previous = SEEN.put(kind, database);
        if (previous != null) {
            assertThat(database.query("SHOW DATABASES LIKE '" + previous.name() + "'"))
                    .isEmpty();
        }
    }
}
