package io.crossfade.migrator.alter;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;

/** Questions about all rows that are asked before the copy hear that the run has to end. */
final class LongLintTest {

    private static void panicIn(TestServer server, TestDatabase database, String question, String alter)
            throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (a INT NOT NULL, b INT NULL, v INT NOT NULL, UNIQUE KEY u (a, b))",
                "INSERT INTO t VALUES (1, 1, 1), (2, 2, 2)");
        trial.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.nullableKey = true;
        });
        AtomicBoolean isAsked = new AtomicBoolean();
        try (Connection other = trial.connect();
                Statement locking = other.createStatement()) {
            trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
                @Override
                public void before(Connection session, String sql) throws SQLException {
                    if (sql.contains(question) && !isAsked.getAndSet(true)) {
                        // The question waits for the lock, as it would for the end of a long scan.
                        locking.execute("LOCK TABLES t WRITE");
                        trial.controls.panic();
                    }
                }
            });
            assertThatThrownBy(() -> trial.alter("t", alter))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("panic");
            locking.execute("UNLOCK TABLES");
        }
        assertThat(isAsked).isTrue();
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void theSearchForDuplicatesHearsPanic(TestServer server, TestDatabase database) throws Exception {
        panicIn(server, database, "HAVING COUNT(*) > 1", "ADD UNIQUE KEY n (v)");
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void theCountOfRowsWithoutAKeyHearsPanic(TestServer server, TestDatabase database) throws Exception {
        panicIn(server, database, "`b` IS NULL", "ADD COLUMN note INT");
    }
}
