package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a run holds on the server is free soon after the run's host is gone, of which the server does not hear. */
final class SilentRunTest {

    /** How long the server waits for the next word of sessions. */
    private static final String PATIENCE =
            "SELECT DISTINCT w.VARIABLE_VALUE FROM performance_schema.threads t JOIN performance_schema.variables_by_thread w"
                    + " ON w.THREAD_ID = t.THREAD_ID AND w.VARIABLE_NAME = 'wait_timeout' WHERE t.PROCESSLIST_DB = DATABASE()"
                    + " AND t.PROCESSLIST_ID <> CONNECTION_ID() AND ";

    @ServerTest(ServerKind.MYSQL_80)
    void theServerEndsItsSilentSessions(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, v", "n, n", 600);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            scene.trial.execute("UPDATE t SET v = 0 WHERE id = 1");
            scene.until("applied", () -> scene.status().rowsApplied() > 0);

            requireBound(scene);
            scene.open();
            scene.finish();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void theServerEndsTheSilentSessionsOfTheWayBack(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            TableAlter alter = new TableAlter(scene.trial.table("t"), "ADD COLUMN note INT NOT NULL DEFAULT 1");
            scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB");
            scene.open().start(alter).finish();
            scene.trial.controls.postpone();
            scene.startBack(alter);
            scene.trial.execute("INSERT INTO t (id, v) VALUES (1, 1)");
            scene.until("carried", () -> scene.status().rowsApplied() > 0);

            requireBound(scene);
            scene.trial.controls.unpostpone();
            scene.finish();
        }
    }

    /** Its own thread waits for the session of its markers, which nobody can open again. */
    @ServerTest(ServerKind.MYSQL_80)
    void aWayBackEndsWhoseServerIsGoneForGood(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AtomicBoolean isDoomed = new AtomicBoolean();
            AtomicBoolean isGone = new AtomicBoolean();
            scene.trial.source = new WatchedSource(
                    () -> {
                        if (isGone.get()) {
                            throw new SQLException("nobody answers", "08S01");
                        }
                        return scene.trial.connect();
                    },
                    new WatchedSource.Watch() {
                        @Override
                        public void before(Connection session, String sql) throws SQLException {
                            boolean isMarker = sql.startsWith("INSERT INTO") && sql.contains("_t_ghc");
                            if (isGone.get() || (isDoomed.get() && isMarker)) {
                                isGone.set(true);
                                throw WatchedSource.lost(session);
                            }
                        }
                    });
            TableAlter alter = new TableAlter(scene.trial.table("t"), "ADD COLUMN note INT NOT NULL DEFAULT 1");
            scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB");
            scene.open().start(alter).finish();
            scene.trial.controls.postpone();
            scene.startBack(alter);
            scene.trial.execute("INSERT INTO t (id, v) VALUES (1, 1)");
            scene.until("carried", () -> scene.status().rowsApplied() > 0);
            isDoomed.set(true);

            assertThat(scene.end())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("stopped: ")
                    .hasMessageContainingAll("claim", "run the same command again");
            isDoomed.set(false);
            isGone.set(false);
            scene.trial.controls.unpostpone();
            scene.startBack(alter).finish();
            assertThat(scene.trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
            assertThat(scene.trial.column("SELECT id FROM t")).containsExactly("1");
        }
    }

    private static void requireBound(Scene scene) throws Exception {
        assertThat(scene.trial.column(PATIENCE + "t.THREAD_ID IN (SELECT OWNER_THREAD_ID FROM"
                        + " performance_schema.metadata_locks WHERE OBJECT_TYPE = 'USER LEVEL LOCK')"))
                .as("of the claim")
                .containsExactly("30");
        assertThat(scene.trial.column(PATIENCE + "t.THREAD_ID IN (SELECT THREAD_ID FROM"
                        + " performance_schema.variables_by_thread WHERE VARIABLE_NAME = 'autocommit' AND VARIABLE_VALUE ="
                        + " 'OFF')"))
                .as("of what applies the change log")
                .containsExactly("30");
    }
}
