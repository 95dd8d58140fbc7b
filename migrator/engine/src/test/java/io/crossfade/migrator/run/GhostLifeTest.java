package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.walk.Pacing;
import io.crossfade.model.Change;
import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Changes whose columns come, get NOT NULL and go by a ghost table, since the server would touch every row. */
class GhostLifeTest {

    /** Each kill costs a run of its own; the long run has them all. */
    private static final int EVERY = Integer.getInteger("crossfade.test.kill.every", 12);

    /** MariaDB and MySQL 8 add columns to it no more at once than they drop them. */
    private static final String TABLE =
            "CREATE TABLE t (id BIGINT PRIMARY KEY AUTO_INCREMENT, handle VARCHAR(40) NOT NULL,"
                    + " status VARCHAR(20) NOT NULL DEFAULT 'new', n INT NOT NULL DEFAULT 0,"
                    + " UNIQUE KEY by_handle (handle), KEY by_status (status)) DEFAULT CHARSET utf8mb4 ROW_FORMAT=COMPRESSED";

    private static final String RENAME = "rename: {from: status, to: order_status}";
    private static final String RENAME_UNIQUE = "rename: {from: handle, to: user_handle}";

    private static final int FEW = 6;
    private static final int MANY = 9;

    /** Table t, and its twin with the same rows: four, doubled so often. */
    private static void create(TestDatabase database, int doublings) throws SQLException {
        database.execute(
                TABLE, "INSERT INTO t (handle, status) VALUES ('a', 'paid'), ('b', 'new'), ('c', 'Paid'), ('d', '')");
        for (int i = 0; i < doublings; i++) {
            database.execute("INSERT INTO t (handle, status) SELECT CONCAT(handle, '-', " + i + "), status FROM t");
        }
        database.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
    }

    /** One application of the old code goes on through all of it, with upserts of keys that are taken among its statements. */
    @ServerTest({ServerKind.MARIADB_114, ServerKind.MYSQL_57})
    void anApplicationGoesOnWhileColumnsComeAndGoByGhosts(TestDatabase database) throws Exception {
        create(database, MANY);
        Trial trial = new Trial(database).withGhosts();
        trial.settings = trial.settings.withPacing(Pacing.DEFAULT.withRows(100, 100));
        Change change = trial.change(RENAME, RENAME_UNIQUE);
        try (TwinWriters writers = TwinWriters.start(database, 2)) {
            writers.awaitMore(20);
            trial.with(m -> m.start(change));
            writers.awaitMore(20);
            trial.with(m -> m.switchTo("c", 100, true));
            trial.with(m -> m.complete("c", false));
            if (database.server().kind().isMariaDb()) {
                assertThat(database.query("SELECT EXTRA FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                                        + " AND TABLE_NAME = 't' AND COLUMN_NAME = 'order_status'")
                                .toString())
                        .contains("INVISIBLE");
            }
            writers.awaitMore(20);
            assertThat(trial.with(m -> m.contract("c")).state().stage()).isEqualTo(Stage.CONTRACT);
            writers.awaitMore(20);
        }
        trial.with(m -> {
            m.end("c");
            return 0;
        });
        // For the columns, NOT NULL and the drop; and where upserts undid the building of the unique index again and
        // again, for that.
        assertThat(ghosts(trial)).as(said(trial)).isBetween(3L, 4L);
        // The application was asked to stay away meanwhile.
        assertThat(said(trial)).contains("gate of " + database.name() + ".t: 1 clients let go");
        assertThat(database.query("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = 't' ORDER BY COLUMN_NAME"))
                .isEqualTo(List.of(List.of("id"), List.of("n"), List.of("order_status"), List.of("user_handle")));
        assertIsTwin(database, "user_handle", "order_status");
        assertNothingIsLeft(database);
    }

    @ServerTest
    void killedAnywhereItGoesOnToTheEnd(TestDatabase database) throws SQLException {
        create(database, FEW);
        Trial trial = new Trial(database).withGhosts();
        Change change = trial.change(RENAME);
        Crash crash = new Crash(60).atNotes().atEvery(EVERY);
        trial.listener = crash;
        untilDone(trial, m -> m.start(change).state().stage() == Stage.SHADOW);
        untilDone(trial, m -> m.switchTo("c", 100, true).state().stage() == Stage.RAMPDOWN);
        untilDone(trial, m -> m.complete("c", false).state().stage() == Stage.COMPLETE);
        untilDone(trial, m -> m.contract("c").state().stage() == Stage.CONTRACT);
        assertThat(crash.points()).isGreaterThan(25);
        assertIsTwin(database, "handle", "order_status");
        assertThat(database.query("SELECT stage_from, stage_to FROM crossfade_event ORDER BY id"))
                .hasSize(8);
        assertNothingIsLeft(database);
    }

    @ServerTest
    void killedAnywhereItGoesBackToOff(TestDatabase database) throws SQLException {
        create(database, FEW);
        Trial trial = new Trial(database).withGhosts();
        String before = shape(database);
        trial.with(m -> m.start(trial.change(RENAME)));
        trial.with(m -> m.switchTo("c", 100, true));
        // It dies in the middle of its ghost, which nobody wants any more then.
        trial.listener = progress -> {
            if (progress instanceof Progress.Note note && note.text().startsWith("checksum of")) {
                throw new Crash.Killed("checksum");
            }
        };
        assertThat(isKilled(() -> trial.with(m -> m.complete("c", false)))).isTrue();
        assertThat(database.query("SHOW TABLES LIKE '\\_crossfade%'")).isNotEmpty();
        Crash crash = new Crash(60).atNotes().atEvery(EVERY);
        trial.listener = crash;
        untilDone(trial, m -> !m.rollback("c").isOpen());
        assertThat(crash.points()).isGreaterThan(10);
        assertThat(shape(database)).isEqualTo(before);
        assertIsTwin(database, "handle", "status");
        assertNothingIsLeft(database);
    }

    /** What a rebuild in place never comes to an end over. It takes the server half a minute: a long proof. */
    @EnabledIfSystemProperty(named = "crossfade.test.upserts", matches = "true")
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57})
    void steadyUpsertsOfTakenKeysStopARebuildInPlaceAndNoGhost(TestDatabase database) throws Exception {
        create(database, MANY + 3);
        Trial trial = new Trial(database).withGhosts();
        trial.with(m -> m.start(trial.change(RENAME)));
        trial.with(m -> m.switchTo("c", 100, true));
        trial.with(m -> m.complete("c", false));
        try (TakenKeys upserts = TakenKeys.start(database, "t (handle, order_status)")) {
            Settings ghosts = trial.settings;
            trial.settings = ghosts.withInplaceAllowed(true);
            assertThatThrownBy(() -> trial.with(m -> m.contract("c")))
                    .hasMessageContaining("were undone by the server")
                    .extracting(e -> ((MigrationException) e).kind())
                    .isEqualTo(MigrationException.Kind.STOPPED);
            trial.settings = ghosts;
            trial.with(m -> m.contract("c"));
            upserts.awaitMore();
        }
        assertThat(database.query("SHOW COLUMNS FROM t LIKE 'status'")).isEmpty();
        assertNothingIsLeft(database);
    }

    @ServerTest
    void whereNoGhostCanBeMadeTheReasonIsSaid(TestDatabase database) throws SQLException {
        create(database, FEW);
        Trial without = new Trial(database);
        assertThatThrownBy(() -> without.with(m -> m.start(without.change(RENAME))))
                .hasMessageContaining("cannot add the columns of change c")
                .hasMessageContaining(
                        "no ghost table can be used: the server whose change log is to be read is not known")
                .hasMessageContaining("--allow-inplace");
        assertThat(database.query("SHOW TABLES")).hasSize(2);

        database.execute("CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.n = NEW.n");
        Trial trial = new Trial(database).withGhosts();
        Plan plan = trial.with(m -> m.plan(trial.change(RENAME), false));
        assertThat(plan.isRefused()).isTrue();
        assertThat(plan.findings()).anyMatch(f -> f.seen().contains("it has the triggers tr"));
        trial.settings = trial.settings.withInplaceAllowed(true);
        trial.with(m -> m.start(trial.change(RENAME)));
        trial.with(m -> m.switchTo("c", 100, true));
        trial.settings = trial.settings.withInplaceAllowed(false);
        trial.with(m -> m.complete("c", false));
        assertThat(trial.seen)
                .anyMatch(
                        p -> p instanceof Progress.Warning w
                                && w.text()
                                        .contains(
                                                "rebuilds the table in place; no ghost table can be used: it has the triggers tr"));
        assertThat(ghosts(trial)).isZero();
    }

    @ServerTest
    void aUserWhoMayNotReadTheChangeLogIsTold(TestDatabase database) throws SQLException {
        create(database, MANY);
        String user = "g_" + Integer.toHexString(database.name().hashCode());
        database.execute(
                "CREATE USER " + user + " IDENTIFIED BY 'x'",
                "GRANT SELECT, INSERT, UPDATE, ALTER, CREATE, DROP, INDEX ON " + database.name() + ".* TO " + user,
                "GRANT PROCESS ON *.* TO " + user);
        Trial trial = new Trial(database).withGhosts();
        try (Migrator migrator = Migrator.open(
                () -> java.sql.DriverManager.getConnection(database.jdbcUrl(), user, "x"),
                trial.settings,
                table -> trial.throttles,
                trial.cancel,
                trial.listener,
                "test")) {
            assertThatThrownBy(() -> migrator.start(trial.change(RENAME)))
                    .hasMessageContaining("lacks REPLICATION SLAVE")
                    .hasMessageContaining("LOCK TABLES on " + database.name());
        } finally {
            database.execute("DROP USER " + user);
        }
    }

    @ServerTest
    void planSaysWhichWayEachStepGoesAndWhy(TestDatabase database) throws SQLException {
        create(database, MANY);
        Trial trial = new Trial(database).withGhosts();
        Plan plan = trial.with(m -> m.plan(trial.change(RENAME), false));
        assertThat(plan.isRefused()).isFalse();
        assertThat(plan.steps().stream()
                        .filter(s -> s.algorithm().startsWith("a ghost table, _crossfade_t_gho"))
                        .map(Plan.Step::stage))
                .containsExactly(Stage.EXPAND, Stage.RAMPDOWN, Stage.CONTRACT);
        assertThat(plan.steps().get(0).algorithm()).contains("since in place the server would build the table");
        trial.settings = trial.settings.withInplaceAllowed(true);
        assertThat(trial.with(m -> m.plan(trial.change(RENAME), false))
                        .steps()
                        .get(0)
                        .algorithm())
                .startsWith("INPLACE, rebuilds the table; asked for by --allow-inplace");
        assertThat(database.query("SHOW TABLES")).hasSize(2);
    }

    /** As bytes, and as text that is compared at once: thousands of arrays are not. */
    private static void assertIsTwin(TestDatabase database, String handle, String status) throws SQLException {
        assertThat(database.query("SELECT id, HEX(" + handle + "), HEX(" + status + "), n FROM t ORDER BY id"))
                .isEqualTo(database.query("SELECT id, HEX(handle), HEX(status), n FROM twin ORDER BY id"));
    }

    private static long ghosts(Trial trial) {
        return trial.seen.stream()
                .filter(p -> p instanceof Progress.Note n && n.text().startsWith("by a ghost table"))
                .count();
    }

    private static String said(Trial trial) {
        return trial.seen.stream()
                .filter(p -> p instanceof Progress.Note || p instanceof Progress.Warning)
                .toList()
                .toString();
    }

    private static void assertNothingIsLeft(TestDatabase database) throws SQLException {
        assertThat(database.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME NOT LIKE 'crossfade%' AND TABLE_NAME NOT IN ('t', 'twin')"))
                .isEmpty();
    }

    private static void untilDone(Trial trial, Trial.Work<Boolean> work) throws SQLException {
        for (int attempt = 0; attempt < 200; attempt++) {
            boolean[] isDone = new boolean[1];
            boolean isKilled = isKilled(() -> isDone[0] = trial.with(work));
            if (!isKilled) {
                assertThat(isDone[0]).isTrue();
                return;
            }
        }
        throw new AssertionError("it never came to its end");
    }

    private interface Run {
        void run() throws SQLException;
    }

    /** A thread of the ghost that dies takes the run with it. */
    private static boolean isKilled(Run run) throws SQLException {
        try {
            run.run();
            return false;
        } catch (Crash.Killed killed) {
            return true;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof Crash.Killed) {
                return true;
            }
            throw e;
        }
    }

    /** Columns and indexes, as far as a change may touch them. */
    private static String shape(TestDatabase database) throws SQLException {
        return database.query("SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA FROM"
                        + " information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' ORDER BY"
                        + " ORDINAL_POSITION")
                + " "
                + database.query("SELECT INDEX_NAME, NON_UNIQUE, COLUMN_NAME FROM information_schema.STATISTICS WHERE"
                        + " TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' ORDER BY 1, SEQ_IN_INDEX");
    }
}
