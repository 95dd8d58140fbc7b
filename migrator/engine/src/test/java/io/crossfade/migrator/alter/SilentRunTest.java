package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.session.Silence;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a run holds on the server is free soon after the run's host is gone, of which the server does not hear. */
final class SilentRunTest {

    /** How long the server waits for the next word of sessions. */
    private static final String PATIENCE =
            "SELECT DISTINCT w.VARIABLE_VALUE FROM performance_schema.threads t JOIN performance_schema.variables_by_thread w"
                    + " ON w.THREAD_ID = t.THREAD_ID AND w.VARIABLE_NAME = 'wait_timeout' WHERE t.PROCESSLIST_DB = DATABASE()"
                    + " AND t.PROCESSLIST_ID <> CONNECTION_ID() AND ";

    private static final String MANUAL = "t.THREAD_ID IN (SELECT THREAD_ID FROM performance_schema.variables_by_thread"
            + " WHERE VARIABLE_NAME = 'autocommit' AND VARIABLE_VALUE = 'OFF')";

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

    /** The log of a large transaction on other tables comes, and the marker behind it does not. */
    @ServerTest(ServerKind.MYSQL_80)
    void aWayBackThatWaitsForTheLogKeepsItsSession(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            TableAlter alter = done(scene);
            Held held = new Held(scene);
            scene.trial.controls.postpone();
            scene.startBack(alter);
            scene.trial.execute("INSERT INTO t (id, v) VALUES (1, 1)");
            scene.until("carried", () -> scene.status().rowsApplied() > 0);
            held.hold(true);

            scene.until("spoken for longer than the server waits", () -> held.words() > 3);
            held.hold(false);
            scene.trial.controls.unpostpone();
            scene.finish();
            assertThat(held.bounded()).as("sessions that carried").isOne();
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aRunWithNothingToApplyKeepsItsSession(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, v", "n, n", 600);
            Held held = new Held(scene);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            scene.trial.execute("UPDATE t SET v = 0 WHERE id = 1");
            scene.until("applied", () -> scene.status().rowsApplied() > 0);

            scene.until("spoken for longer than the server waits", () -> held.words() > 3);
            scene.trial.execute("UPDATE t SET v = 0 WHERE id = 2");
            scene.open();
            scene.finish();
            assertThat(held.bounded()).as("sessions that applied").isOne();
        }
    }

    /** A hook may ask somebody. */
    @ServerTest(ServerKind.MYSQL_80)
    void aHookOfTheWayBackMayTakeLong(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            TableAlter alter = done(scene);
            List<String> patience = new CopyOnWriteArrayList<>();
            scene.trial.listener = progress -> {
                scene.trial.progress.add(progress);
                if (progress instanceof Progress.Reached reached && reached.milestone() == Milestone.BEFORE_CUT_OVER) {
                    try {
                        patience.addAll(scene.trial.column(PATIENCE + MANUAL));
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
            scene.startBack(alter).finish();
            assertThat(patience)
                    .as("of what carries, while the hook is run")
                    .containsExactly(Long.toString(Silence.IDLE_MAX.toSeconds()));
        }
    }

    private static TableAlter done(Scene scene) throws Exception {
        TableAlter alter = new TableAlter(scene.trial.table("t"), "ADD COLUMN note INT NOT NULL DEFAULT 1");
        scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB");
        scene.open().start(alter).finish();
        return alter;
    }

    /** Sessions for which the server waits for some seconds only, no others of a run for as many, and markers that can be held. Safe for many threads. */
    private static final class Held implements WatchedSource.Watch {
        private static final int SILENCE_SECONDS = 4;

        private final Set<Connection> bounded = Collections.newSetFromMap(new IdentityHashMap<>());
        private boolean isHeld;
        private int words;

        /** For the next run. */
        Held(Scene scene) {
            scene.trial.bounds =
                    scene.trial.bounds.withLog(new Bounds.Log(Room.DEFAULT, Duration.ofSeconds(SILENCE_SECONDS)));
            scene.trial.source = new WatchedSource(scene.trial::connect, this);
        }

        synchronized void hold(boolean isHeldNow) {
            isHeld = isHeldNow;
        }

        /** What those sessions said by themselves, three times within the bound. */
        synchronized int words() {
            return words;
        }

        synchronized int bounded() {
            return bounded.size();
        }

        @Override
        public synchronized void before(Connection session, String sql) throws SQLException {
            if (sql.startsWith("INSERT INTO") && sql.contains("_t_ghc") && session.getAutoCommit() == isHeld) {
                session.setAutoCommit(!isHeld);
            }
        }

        @Override
        public synchronized void after(Connection session, String sql) {
            if (sql.equals("SET SESSION wait_timeout = " + SILENCE_SECONDS)) {
                bounded.add(session);
            } else if (sql.equals("DO 0") && bounded.contains(session)) {
                words++;
            }
        }
    }

    private static void requireBound(Scene scene) throws Exception {
        assertThat(scene.trial.column(PATIENCE + "t.THREAD_ID IN (SELECT OWNER_THREAD_ID FROM"
                        + " performance_schema.metadata_locks WHERE OBJECT_TYPE = 'USER LEVEL LOCK')"))
                .as("of the claim")
                .containsExactly("30");
        assertThat(scene.trial.column(PATIENCE + MANUAL))
                .as("of what applies the change log")
                .containsExactly("30");
    }
}
