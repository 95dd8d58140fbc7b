package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Stage;
import io.crossfade.state.ControlStore;
import io.crossfade.state.UnproxiedRow;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Writers that do not use the driver: plain JDBC sessions that write one side of a changing table. */
class UnproxiedTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private static final String TABLE =
            "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20) NULL DEFAULT 'new', age_str"
                    + " VARCHAR(10) NOT NULL, name VARCHAR(60), street VARCHAR(30) NOT NULL DEFAULT '', city VARCHAR(30) NOT NULL"
                    + " DEFAULT '', email VARCHAR(60), n INT NOT NULL DEFAULT 0, seen TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP)"
                    + " DEFAULT CHARSET utf8mb4";

    private static final String ROWS = "INSERT INTO t (id, status, age_str, name, street, city, email, seen)"
            + " WITH RECURSIVE i (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < 30)"
            + " SELECT i, 'paid', i, CONCAT('Ann', i, ' Lee', i), CONCAT('Way ', i), 'Ulm', CONCAT('A', i, '@X'), '2020-02-02'"
            + " FROM i";

    private static final String[] ALL_KINDS = {
        "rename: {from: status, to: order_status}",
        "retype: {from: age_str, to: age, type: INT, up: \"CAST(age_str AS SIGNED)\", down: \"CAST(age AS CHAR)\"}",
        "split: {from: name, to: {first_name: {type: VARCHAR(40), up: \"SUBSTRING_INDEX(name, ' ', 1)\"}, last_name: {type:"
                + " VARCHAR(40), up: \"SUBSTRING_INDEX(name, ' ', -1)\"}}, down: \"CONCAT(first_name, ' ', last_name)\"}",
        "merge: {from: [street, city], to: address, type: VARCHAR(80), up: \"CONCAT(street, '|', city)\", down: {street:"
                + " \"SUBSTRING_INDEX(address, '|', 1)\", city: \"SUBSTRING_INDEX(address, '|', -1)\"}}",
        "derive: {to: email_low, type: VARCHAR(60), up: \"LOWER(email)\"}"
    };

    /** In old names, in new names, in both; each statement is one row change, of which the last ones leave the sides agreeing. */
    private static final List<String> WRITES = List.of(
            "UPDATE t SET status = 'cron' WHERE id = 1",
            "UPDATE t SET order_status = 'Console' WHERE id = 2",
            "UPDATE t SET order_status = 'old', status = 'OLD' WHERE id = 3",
            "UPDATE t SET name = 'Al Be' WHERE id = 4",
            "UPDATE t SET first_name = 'Bob' WHERE id = 5",
            "UPDATE t SET city = 'Bonn' WHERE id = 6",
            "UPDATE t SET address = 'X|Y' WHERE id = 7",
            "UPDATE t SET email = 'NEW@X' WHERE id = 8",
            "UPDATE t SET email_low = 'zzz' WHERE id = 9",
            "UPDATE t SET age = 77, first_name = 'Cy' WHERE id = 10",
            "UPDATE t SET id = 111, status = 'moved' WHERE id = 11",
            "UPDATE t SET status = NULL WHERE id = 12",
            "INSERT INTO t (id, status, age_str, name, email) VALUES (41, 'in', '41', 'D E', 'F')",
            "INSERT INTO t (id, order_status, age, age_str, first_name, last_name, address, email, email_low) VALUES (42, 'in',"
                    + " 42, '', 'D', 'E', 'S|C', 'F', 'f')",
            "UPDATE t SET status = 'gone' WHERE id = 13",
            "DELETE FROM t WHERE id = 13",
            "UPDATE t SET n = n + 1",
            "UPDATE t SET status = 'driver', order_status = 'driver', age_str = '007', age = 7 WHERE id = 14",
            "UPDATE t SET seen = '2020-02-02'");

    private static final String DISAGREEING =
            "SELECT COUNT(*) FROM t WHERE NOT (status <=> order_status AND BINARY age_str <=> BINARY CAST(age AS CHAR) AND"
                    + " name <=> CONCAT(first_name, ' ', last_name) AND address <=> CONCAT(street, '|', city) AND email_low <=>"
                    + " LOWER(email)) AND id <> 14";

    private static final String RENAMED_DISAGREEING =
            "SELECT COUNT(*) FROM t WHERE NOT (BINARY status <=> BINARY order_status)";

    @ServerTest
    void whatIsWrittenPastTheDriverIsMendedToTheSideThatWasMeant(TestDatabase database) throws SQLException {
        for (Stage stage : List.of(Stage.SHADOW, Stage.RAMPDOWN)) {
            database.execute("DROP TABLE IF EXISTS t", TABLE, ROWS);
            Trial trial = new Trial(database).withGhosts();
            trial.with(m -> m.start(trial.change(ALL_KINDS)));
            if (stage == Stage.RAMPDOWN) {
                trial.with(m -> m.switchTo("c", 100, true));
            }
            assertThat(counted(database)).isEmpty();
            try (Connection cron = database.connect();
                    Statement s = cron.createStatement()) {
                for (String write : WRITES) {
                    s.execute(write);
                }
                assertThat(trial.<Boolean>with(m -> m.verify("c").isNone())).isTrue();
            }
            assertThat(database.query(
                                    "SELECT id, status, age, name, address, email_low FROM t WHERE id NOT BETWEEN 15 AND"
                                            + " 40 ORDER BY id")
                            .toString())
                    .isEqualTo("[[1, cron, 1, Ann1 Lee1, Way 1|Ulm, a1@x], [2, Console, 2, Ann2 Lee2, Way 2|Ulm, a2@x],"
                            + " [3, " + (stage == Stage.RAMPDOWN ? "old" : "OLD") + ", 3, Ann3 Lee3, Way 3|Ulm, a3@x],"
                            + " [4, paid, 4, Al Be, Way 4|Ulm, a4@x], [5, paid, 5, Bob Lee5, Way 5|Ulm, a5@x],"
                            + " [6, paid, 6, Ann6 Lee6, Way 6|Bonn, a6@x], [7, paid, 7, Ann7 Lee7, X|Y, a7@x],"
                            + " [8, paid, 8, Ann8 Lee8, Way 8|Ulm, new@x], [9, paid, 9, Ann9 Lee9, Way 9|Ulm, a9@x],"
                            + " [10, paid, 77, Cy Lee10, Way 10|Ulm, a10@x], [12, null, 12, Ann12 Lee12, Way 12|Ulm, a12@x],"
                            + " [14, driver, 7, Ann14 Lee14, Way 14|Ulm, a14@x], [41, in, 41, D E, |, f],"
                            + " [42, in, 42, D E, S|C, f], [111, moved, 11, Ann11 Lee11, Way 11|Ulm, a11@x]]");
            assertThat(database.queryLong(DISAGREEING)).isZero();
            assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE seen = '2020-02-02'"))
                    .isEqualTo(31);
            assertThat(sum(database, "old")).isEqualTo(8);
            assertThat(sum(database, "new")).isEqualTo(6);
            assertThat(sum(database, "both")).isEqualTo(1);
            if (database.server().kind() != ServerKind.MARIADB_114) {
                assertThat(counted(database)).allMatch(u -> u.writer().startsWith(name(database)));
            }
            trial.with(m -> m.rollback("c"));
        }
    }

    /** Behind the fence, before the backfill, within the verification: nothing of it is missed, and old is right. */
    @ServerTest
    void whatIsWrittenDuringTheBackfillIsCountedAndOldIsRight(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database).withGhosts();
        trial.listener = progress -> {
            if (progress instanceof Progress.Began began && began.step().equals("move to dualwrite")) {
                // A client that has not heard of dualwrite yet writes so.
                write(database, "UPDATE t SET status = 'expand' WHERE id = 1");
            } else if (progress instanceof Progress.Began began && began.step().equals("backfill")) {
                write(
                        database,
                        "UPDATE t SET status = 'cron' WHERE id = 2",
                        "UPDATE t SET order_status = 'lost' WHERE id = 3",
                        "UPDATE t SET n = 1 WHERE id = 4",
                        "UPDATE t SET status = 'driver', order_status = 'driver' WHERE id = 5");
            } else if (progress instanceof Progress.Rows rows
                    && rows.isDone()
                    && rows.task().equals("verify")) {
                write(
                        database,
                        "UPDATE t SET status = 'late' WHERE id = 6",
                        "UPDATE t SET order_status = 'lost' WHERE id = 7");
            }
        };
        trial.with(m -> m.start(trial.change(ALL_KINDS)));
        assertThat(database.queryLong(DISAGREEING)).isZero();
        assertThat(database.query("SELECT status FROM t WHERE id < 8 ORDER BY id")
                        .toString())
                .isEqualTo("[[expand], [cron], [paid], [paid], [driver], [late], [paid]]");
        assertThat(sum(database, "old")).isEqualTo(2);
        assertThat(sum(database, "new")).isEqualTo(2);
        assertThat(counted(database).stream().mapToLong(UnproxiedRow::repaired).sum())
                .isEqualTo(2);
    }

    /** While a mending waits for a row's lock, its owner writes the row again: what that wrote stands. */
    @ServerTest
    void whatIsWrittenBeforeTheMendingIsNotLost(TestDatabase database) throws SQLException {
        Trial trial = atShadow(database);
        database.execute("UPDATE t SET status = 'first' WHERE id = 1");
        try (Connection other = database.connect();
                Statement s = other.createStatement()) {
            other.setAutoCommit(false);
            s.execute("SELECT * FROM t WHERE id = 1 FOR UPDATE");
            CompletableFuture<Boolean> verified = verify(trial);
            awaitMending(database);
            s.execute("UPDATE t SET order_status = 'second' WHERE id = 1");
            other.commit();
            verified.join();
        }
        trial.with(m -> m.follow("c", true));
        assertThat(database.query("SELECT status, order_status FROM t WHERE id = 1")
                        .toString())
                .isEqualTo("[[second, second]]");
        assertThat(sum(database, "old")).isEqualTo(1);
        assertThat(sum(database, "new")).isEqualTo(1);
    }

    /** Killed between a mending and the saving of its place, it goes on from the place before. */
    @ServerTest
    void aKilledFollowerMissesNothingAndCountsNothingTwice(TestDatabase database) throws SQLException {
        Trial trial = atShadow(database);
        database.execute("UPDATE t SET status = 'cron' WHERE id = 1", "UPDATE t SET status = 'cron' WHERE id = 2");
        try (Connection other = database.connect();
                Statement s = other.createStatement()) {
            other.setAutoCommit(false);
            s.execute("SELECT * FROM t WHERE id = 2 FOR UPDATE");
            CompletableFuture<Boolean> verified = verify(trial);
            Object mending = awaitMending(database);
            requireBound(database, mending);
            s.execute("KILL " + mending);
            assertThatThrownBy(verified::join).hasCauseInstanceOf(SQLException.class);
            other.rollback();
        }
        assertThat(database.queryLong(RENAMED_DISAGREEING)).isEqualTo(1);
        assertThat(counted(database)).isEmpty();
        trial.with(m -> m.follow("c", true));
        assertThat(database.queryLong(RENAMED_DISAGREEING)).isZero();
        assertThat(sum(database, "old")).isEqualTo(2);
        trial.with(m -> m.follow("c", true));
        assertThat(sum(database, "old")).isEqualTo(2);
    }

    @ServerTest
    void completeIsRefusedWhileTheyGoOn(TestDatabase database) throws SQLException {
        Trial trial = atShadow(database);
        trial.with(m -> m.switchTo("c", 100, true));
        database.execute("UPDATE crossfade_change SET opened_at = opened_at - INTERVAL 2 DAY");
        trial.settings = trial.settings.withQuietFor(Duration.ofHours(24));
        try (Connection cron = database.connect();
                Statement s = cron.createStatement()) {
            s.execute("UPDATE t SET status = 'cron' WHERE id = 1");
            assertThatThrownBy(() -> trial.with(m -> m.complete("c", true)))
                    .hasMessageContainingAll(
                            "rows were written without the driver 1 times, within the last 24 h by " + name(database),
                            " (the old side, 1 times, last ",
                            " ago, row id=1)",
                            "--allow-unproxied-writers");
        }
        assertThat(database.query("SELECT order_status FROM t WHERE id = 1").toString())
                .isEqualTo("[[cron]]");
        database.execute("UPDATE crossfade_unproxied SET last_at = last_at - INTERVAL 25 HOUR");
        assertThat(trial.with(m -> m.complete("c", true)).state().stage()).isEqualTo(Stage.COMPLETE);
        trial.with(m -> m.rollback("c"));
    }

    @ServerTest
    void completeIsReachedWhereTheyAreAllowed(TestDatabase database) throws SQLException {
        Trial trial = atShadow(database);
        trial.with(m -> m.switchTo("c", 100, true));
        database.execute(
                "UPDATE crossfade_change SET opened_at = opened_at - INTERVAL 2 DAY",
                "UPDATE t SET order_status = 'cron' WHERE id = 1");
        trial.settings = trial.settings.withQuietFor(Duration.ofHours(24)).withUnproxiedAllowed(true);
        assertThat(trial.with(m -> m.complete("c", true)).state().stage()).isEqualTo(Stage.COMPLETE);
        assertThat(database.query("SELECT status FROM t WHERE id = 1").toString())
                .isEqualTo("[[cron]]");
    }

    /** From complete clients write new alone; on the way back the log is followed from behind the fence at rampdown on. */
    @ServerTest
    void onTheWayBackBothSidesAreKept(TestDatabase database) throws SQLException {
        Trial trial = atShadow(database);
        trial.with(m -> m.switchTo("c", 100, true));
        trial.with(m -> m.complete("c", true));
        database.execute("UPDATE t SET order_status = 'client' WHERE id = 1");
        trial.listener = progress -> {
            if (progress instanceof Progress.Moved moved && moved.to() == Stage.LIVE) {
                write(
                        database,
                        "UPDATE t SET status = 'cron' WHERE id = 2",
                        "UPDATE t SET order_status = 'console' WHERE id = 3");
            } else if (progress instanceof Progress.Moved moved && moved.to() == Stage.DUALWRITE) {
                write(database, "UPDATE t SET order_status = 'console' WHERE id = 4");
            }
        };
        trial.with(m -> m.rollback("c"));
        assertThat(database.query("SELECT status FROM t WHERE id < 5 ORDER BY id")
                        .toString())
                .isEqualTo("[[client], [cron], [console], [console]]");
        assertThat(sum(database, "old")).isEqualTo(1);
        assertThat(sum(database, "new")).isEqualTo(2);
    }

    @ServerTest
    void whereTheLogIsGoneThatIsSaidAndItBeginsAnew(TestDatabase database) throws SQLException {
        Trial trial = atShadow(database);
        database.execute("UPDATE t SET status = 'unseen' WHERE id = 1", "FLUSH BINARY LOGS");
        awaitPurged(database);
        assertThat(trial.with(m -> m.verify("c")).keys()).containsExactly("id=1");
        assertThat(trial.seen)
                .anyMatch(p -> p instanceof Progress.Warning w && w.text().contains("was not followed to the end"));
        database.execute("UPDATE t SET status = 'unseen', order_status = 'unseen' WHERE id = 1");
        database.execute("UPDATE t SET status = 'seen' WHERE id = 2");
        assertThat(trial.<Boolean>with(m -> m.verify("c").isNone())).isTrue();
        assertThat(sum(database, "old")).isEqualTo(1);
    }

    @ServerTest
    void withoutALogAllGoesOnAndThatIsSaid(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database);
        trial.with(m -> m.start(trial.change(ALL_KINDS[0])));
        assertThat(trial.seen)
                .anyMatch(p ->
                        p instanceof Progress.Warning w && w.text().contains("without the driver are not watched for"));
        trial.with(m -> m.switchTo("c", 100, true));
        trial.seen.clear();
        trial.with(m -> m.complete("c", true));
        assertThat(trial.seen)
                .anyMatch(p -> p instanceof Progress.Warning w && w.text().contains("is not followed"));
        assertThatThrownBy(() -> trial.with(m -> m.follow("c", true))).hasMessageContaining("cannot follow");
    }

    /** A rename alone, whose last stages touch no row. */
    private static Trial atShadow(TestDatabase database) throws SQLException {
        database.execute(TABLE, ROWS);
        Trial trial = new Trial(database).withGhosts();
        trial.with(m -> m.start(trial.change(ALL_KINDS[0])));
        return trial;
    }

    private static CompletableFuture<Boolean> verify(Trial trial) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return trial.<Boolean>with(m -> m.verify("c").isNone());
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** A file that a reader has only just left is kept. */
    private static void awaitPurged(TestDatabase database) {
        Awaitility.await().atMost(WAIT_MAX).until(() -> {
            List<List<@Nullable Object>> logs = database.query("SHOW BINARY LOGS");
            database.execute(
                    "PURGE BINARY LOGS TO '" + logs.get(logs.size() - 1).get(0) + "'");
            return logs.size() == 1;
        });
    }

    /** The session that mends, when it waits for a row. */
    private static Object awaitMending(TestDatabase database) {
        String sql =
                "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'UPDATE%_images%'"
                        + " AND INFO NOT LIKE '%PROCESSLIST%'";
        return Awaitility.await()
                .atMost(WAIT_MAX)
                .until(() -> database.query(sql), rows -> !rows.isEmpty())
                .get(0)
                .get(0);
    }

    /** Its lock is not to outlive its host for long. MySQL alone shows that. */
    private static void requireBound(TestDatabase database, Object session) throws SQLException {
        if (database.server().kind() != ServerKind.MARIADB_114) {
            assertThat(database.query("SELECT VARIABLE_VALUE FROM performance_schema.variables_by_thread JOIN"
                            + " performance_schema.threads USING (THREAD_ID) WHERE VARIABLE_NAME = 'wait_timeout'"
                            + " AND PROCESSLIST_ID = " + session))
                    .containsExactly(List.of("30"));
        }
    }

    /** The log of MariaDB does not tell. */
    private static String name(TestDatabase database) {
        return database.server().kind() == ServerKind.MARIADB_114 ? "somebody unknown" : database.user() + "@";
    }

    private static void write(TestDatabase database, String... statements) {
        try {
            database.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<UnproxiedRow> counted(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return new ControlStore(connection).unproxied().of("c");
        }
    }

    private static long sum(TestDatabase database, String side) throws SQLException {
        return counted(database).stream()
                .filter(u -> u.side().equals(side))
                .mapToLong(UnproxiedRow::times)
                .sum();
    }
}
