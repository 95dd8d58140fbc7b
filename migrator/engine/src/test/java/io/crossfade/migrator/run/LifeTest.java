package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Change;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Changes from their file to their end, and back from everywhere. */
class LifeTest {
    private static final String TABLE = "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, shop INT NOT NULL,"
            + " status VARCHAR(20) COLLATE utf8mb4_general_ci NOT NULL DEFAULT 'new', age_str VARCHAR(10) NOT NULL,"
            + " name VARCHAR(60), street VARCHAR(30) NOT NULL, city VARCHAR(30) NOT NULL DEFAULT '', email VARCHAR(60),"
            + " seen TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP,"
            + " KEY by_status (shop, status), UNIQUE KEY by_age (age_str, id)) DEFAULT CHARSET utf8mb4";

    private static final String ROWS = "INSERT INTO t (shop, status, age_str, name, street, city, email, seen)"
            + " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
            + " SELECT i, IF(i % 3, 'paid', 'Neu'), i, CONCAT('Ann', i, ' Lee', i), CONCAT('Way ', i), 'Ulm',"
            + " CONCAT('A', i, '@Example.org'), '2020-02-02' FROM n";

    private static final String[] ALL_KINDS = {
        "rename: {from: status, to: order_status}",
        "retype: {from: age_str, to: age, type: INT, up: \"CAST(age_str AS SIGNED)\", down: \"CAST(age AS CHAR)\", index:"
                + " true}",
        "split: {from: name, to: {first_name: {type: VARCHAR(40), up: \"SUBSTRING_INDEX(name, ' ', 1)\"}, last_name: {type:"
                + " VARCHAR(40), up: \"SUBSTRING_INDEX(name, ' ', -1)\"}}, down: \"CONCAT(first_name, ' ', last_name)\"}",
        "merge: {from: [street, city], to: address, type: VARCHAR(80), up: \"CONCAT(street, '|', city)\", down: {street:"
                + " \"SUBSTRING_INDEX(address, '|', 1)\", city: \"SUBSTRING_INDEX(address, '|', -1)\"}}",
        "derive: {to: email_normalized, type: VARCHAR(60), up: \"LOWER(email)\", index: true}"
    };

    @ServerTest
    void allKindsGoToTheirEnd(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        Change change = trial.change(ALL_KINDS);
        trial.with(m -> m.start(change));
        assertFilled(database);
        trial.with(m -> m.switchTo("c", 10, false));
        assertThat(trial.<Boolean>with(m -> m.verify("c").isNone())).isTrue();
        trial.with(m -> m.switchTo("c", 100, true));
        assertThat(trial.with(m -> m.complete("c", false)).state().stage()).isEqualTo(Stage.COMPLETE);
        database.execute(
                "INSERT INTO t (shop, order_status, age, first_name, last_name, address, email, email_normalized)"
                        + " VALUES (51, 'x', 51, 'A', 'B', 'C|D', 'E', 'e'), (52, 'x', 52, 'A', 'B', 'C|D', 'E', 'e')");
        assertThat(trial.with(m -> m.contract("c")).state().stage()).isEqualTo(Stage.CONTRACT);
        trial.with(m -> {
            m.end("c");
            return 0;
        });
        assertThat(database.query("SELECT COLUMN_NAME, IS_NULLABLE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA ="
                        + " DATABASE() AND TABLE_NAME = 't' ORDER BY COLUMN_NAME"))
                .isEqualTo(List.of(
                        List.of("address", "NO"),
                        List.of("age", "NO"),
                        List.of("email", "YES"),
                        List.of("email_normalized", "YES"),
                        List.of("first_name", "YES"),
                        List.of("id", "NO"),
                        List.of("last_name", "YES"),
                        List.of("order_status", "NO"),
                        List.of("seen", "YES"),
                        List.of("shop", "NO")));
        assertThat(database.query(
                                "SELECT INDEX_NAME, GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX), MAX(NON_UNIQUE) FROM"
                                        + " information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't'"
                                        + " GROUP BY INDEX_NAME ORDER BY 1")
                        .toString())
                .isEqualToIgnoringCase("[[by_age, age,id, 0], [by_order_status, shop,order_status, 1],"
                        + " [ix_email_normalized, email_normalized, 1], [PRIMARY, id, 0]]");
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE seen = '2020-02-02'"))
                .isEqualTo(50);
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE order_status = 'paid' AND age = id"))
                .isEqualTo(34);
    }

    @ServerTest
    void everyStageLeadsBack(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        Change change = trial.change(ALL_KINDS);
        String before = shape(database);
        for (Stage from : List.of(Stage.SHADOW, Stage.LIVE, Stage.RAMPDOWN, Stage.COMPLETE)) {
            trial.with(m -> m.start(change));
            goTo(trial, from);
            if (from == Stage.COMPLETE) {
                database.execute(
                        "INSERT INTO t (shop, order_status, age, first_name, last_name, address, email, email_normalized)"
                                + " VALUES (51, 'x', 51, 'A', 'B', 'C|D', 'E', 'e'), (52, 'y', 52, 'A', 'B', 'C|D', 'E', 'e')",
                        "UPDATE t SET order_status = 'late' WHERE id = 7");
            }
            ChangeRow row = trial.with(m -> m.rollback("c"));
            assertThat(row.isOpen()).isFalse();
            assertThat(shape(database)).isEqualTo(before);
        }
        assertThat(database.query(
                        "SELECT status, age_str, name, street, city FROM t WHERE shop IN (7, 51) ORDER BY id"))
                .isEqualTo(List.of(
                        List.of("late", "7", "Ann7 Lee7", "Way 7", "Ulm"), List.of("x", "51", "A B", "C", "D")));
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE seen = '2020-02-02'"))
                .isEqualTo(49);
    }

    @ServerTest
    void killedAnywhereItGoesOnToTheEnd(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        Change change = trial.change(ALL_KINDS);
        Crash crash = new Crash(3);
        trial.listener = crash;
        untilDone(trial, m -> m.start(change));
        assertFilled(database);
        assertThat(database.query("SELECT rows_seen, rows_changed FROM crossfade_checkpoint WHERE task = 'backfill'"))
                .isEqualTo(List.of(List.of(50L, 50L)));
        untilDone(trial, m -> m.switchTo("c", 100, true));
        untilDone(trial, m -> m.complete("c", false));
        untilDone(trial, m -> m.contract("c"));
        assertThat(crash.points()).isGreaterThan(30);
        assertThat(database.queryLong(
                        "SELECT COUNT(*) FROM t WHERE age = id AND address = CONCAT('Way ', id, '|Ulm') AND first_name ="
                                + " CONCAT('Ann', id)"))
                .isEqualTo(50);
        assertThat(database.query("SELECT stage_from, stage_to FROM crossfade_event ORDER BY id"))
                .hasSize(8);
    }

    @ServerTest
    void killedAnywhereItGoesBackToOff(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        String before = shape(database);
        trial.with(m -> m.start(trial.change(ALL_KINDS)));
        goTo(trial, Stage.COMPLETE);
        database.execute("UPDATE t SET order_status = CONCAT('late', id), age = age + 100");
        Crash crash = new Crash(3);
        trial.listener = crash;
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                if (database.queryLong("SELECT COUNT(*) FROM crossfade_change WHERE closed_at IS NULL") == 0) {
                    break;
                }
                trial.with(m -> m.rollback("c"));
            } catch (Crash.Killed killed) {
                continue;
            }
        }
        assertThat(crash.points()).isGreaterThan(20);
        assertThat(shape(database)).isEqualTo(before);
        assertThat(database.queryLong(
                        "SELECT COUNT(*) FROM t WHERE status = CONCAT('late', id) AND age_str = CONCAT('', id + 100)"))
                .isEqualTo(50);
    }

    @ServerTest
    void startAgainDoesNothing(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        Change change = trial.change(ALL_KINDS);
        trial.with(m -> m.start(change));
        trial.seen.clear();
        trial.with(m -> m.start(change));
        assertThat(trial.seen).noneMatch(p -> p instanceof Progress.Executed || p instanceof Progress.Moved);
    }

    @ServerTest
    void lossyMappingIsCompletedOnlyWhereThatIsAccepted(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        Change lossy = trial.change(ALL_KINDS[1]);
        trial.with(m -> m.start(new Change("c", lossy.table(), lossy.mappings(), false)));
        goTo(trial, Stage.RAMPDOWN);
        assertThatThrownBy(() -> trial.with(m -> m.complete("c", false))).hasMessageContaining("accept: lossy");
        assertThat(trial.with(m -> m.complete("c", true)).state().stage()).isEqualTo(Stage.COMPLETE);
    }

    @ServerTest
    void rowsThatNewCodeWroteThroughALossyMappingAreKept(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        Change change = trial.change(ALL_KINDS[1]);
        trial.listener = progress -> {
            if (progress instanceof Progress.Executed executed && executed.sql().contains("ADD COLUMN")) {
                // Two explained rows, one by each side, and one stale one.
                write(
                        database,
                        "UPDATE t SET age_str = '007', age = 7 WHERE id = 1",
                        "UPDATE t SET age_str = '8', age = 8 WHERE id = 2",
                        "UPDATE t SET age_str = '9', age = 1 WHERE id = 3");
            }
        };
        trial.with(m -> m.start(change));
        assertThat(database.query("SELECT age_str, age FROM t WHERE id <= 3 ORDER BY id"))
                .isEqualTo(List.of(List.of("007", 7), List.of("8", 8), List.of("9", 9)));
    }

    @ServerTest
    void lockOfALongTransactionIsWaitedForInShortAttempts(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        try (Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().executeQuery("SELECT * FROM t FOR UPDATE").close();
            trial.listener = progress -> {
                trial.seen.add(progress);
                if (progress instanceof Progress.Waiting) {
                    commit(holder);
                }
            };
            trial.with(m -> m.start(trial.change(ALL_KINDS[0])));
        }
        assertThat(trial.seen)
                .anyMatch(p -> p instanceof Progress.Waiting w
                        && w.forWhom().contains("metadata lock")
                        && w.forWhom().contains("connection"));
    }

    private static void write(TestDatabase database, String... statements) {
        try {
            database.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void goTo(Trial trial, Stage stage) throws SQLException {
        if (stage.atLeast(Stage.LIVE)) {
            trial.with(m -> m.switchTo("c", 100, stage.atLeast(Stage.RAMPDOWN)));
        }
        if (stage.atLeast(Stage.COMPLETE)) {
            trial.with(m -> m.complete("c", false));
        }
    }

    private static void untilDone(Trial trial, Trial.Work<ChangeRow> work) throws SQLException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                trial.with(work);
                return;
            } catch (Crash.Killed killed) {
                continue;
            }
        }
        throw new AssertionError("it never came to its end");
    }

    private static void assertFilled(TestDatabase database) throws SQLException {
        assertThat(database.queryLong(
                        "SELECT COUNT(*) FROM t WHERE BINARY order_status = BINARY status AND age = id AND"
                                + " first_name = CONCAT('Ann', id) AND last_name = CONCAT('Lee', id) AND address = CONCAT('Way ', id,"
                                + " '|Ulm') AND BINARY email_normalized = CONCAT('a', id, '@example.org')"
                                + " AND seen = '2020-02-02'"))
                .isEqualTo(50);
    }

    /** Columns and indexes, as far as a change may touch them. */
    private static String shape(TestDatabase database) throws SQLException {
        return database.query("SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA FROM"
                        + " information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' ORDER BY 1")
                + " "
                + database.query("SELECT INDEX_NAME, NON_UNIQUE, COLUMN_NAME FROM information_schema.STATISTICS WHERE"
                        + " TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' ORDER BY 1, SEQ_IN_INDEX");
    }
}
