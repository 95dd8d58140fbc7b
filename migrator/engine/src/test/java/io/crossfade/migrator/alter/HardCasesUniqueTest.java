package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Hard cases 2, 3 and 17: unique values that wander between rows, true duplicates, and keys that change. */
class HardCasesUniqueTest {

    private static final String SUM = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, u)))) FROM ";

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void twoRowsThatSwapAUniqueValueKeepBoth(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = unique(server, database)) {
            AlterTrial trial = scene.trial;
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            try (Connection connection = trial.connect();
                    Statement s = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = 1; i <= 400; i++) {
                    // A copied row with one that is not copied yet, and back with another.
                    int a = 1 + i % 120;
                    int b = 1000 - i % 170;
                    for (String table : new String[] {"t", "twin"}) {
                        swap(s, table, a, b);
                    }
                    connection.commit();
                }
            }
            scene.open().finish();
            requireSame(scene);
        }
    }

    /**
     * The answer of a chunk is held back, so that the ghost has its rows and their newer images wait. A row that was copied before takes
     * a value from one of them.
     */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowThatTakesAValueWhichTheGhostHasNotGivenFreeWaitsForIt(TestServer server, TestDatabase database)
            throws Exception {
        HeldAnswers chunks = new HeldAnswers("_t_gho", " SELECT ");
        try (Scene scene = unique(server, database);
                AutoCloseable released = chunks::release) {
            AlterTrial trial = scene.trial;
            trial.source = new WatchedSource(trial::connect, chunks);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            long taker = 50;
            long giver = scene.status().rowsCopied() + 10;
            chunks.hold();
            scene.open().until("a chunk is in, and not known to be", chunks::isOneHeld);
            long applied = scene.status().rowsApplied();
            exchange(trial, taker, giver);
            scene.until("the taker's images were tried", () -> scene.status().rowsApplied() >= applied + 2);
            assertThat(trial.column("SELECT CONCAT(id, '=', u) FROM _t_gho WHERE id IN (" + taker + ", " + giver + ")"))
                    .containsExactly(giver + "=" + giver);
            chunks.release();
            scene.finish();
            requireSame(scene);
        }
    }

    /** Another session holds a row of the ghost, and with it the copy, which has seen its rows as they were. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aCopyThatSawAValueBeforeItWasPassedOnTakesNothingAway(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene scene = unique(server, database);
                Connection holder = scene.trial.connect();
                Statement holding = holder.createStatement();
                Connection onlooker = scene.trial.connect();
                Statement looking = onlooker.createStatement()) {
            AlterTrial trial = scene.trial;
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            long copied = scene.status().rowsCopied();
            holder.setAutoCommit(false);
            holding.executeUpdate("INSERT INTO _t_gho (id) VALUES (" + (copied + 20) + ")");
            onlooker.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            scene.open().until("the copy waits", () -> {
                try (ResultSet r = looking.executeQuery("SELECT 1 FROM _t_gho WHERE id = " + (copied + 19))) {
                    return r.next();
                }
            });
            long taker = 50;
            long giver = copied + 30;
            exchange(trial, taker, giver);
            scene.until("the taker has the value", () -> trial.column("SELECT u FROM _t_gho WHERE id = " + taker)
                    .equals(List.of(giver + "")));
            holder.rollback();
            scene.finish();
            requireSame(scene);
            assertThat(trial.progress).as("the copy has met it").anyMatch(Progress.CopiedAgain.class::isInstance);
        }
    }

    private static Scene unique(TestServer server, TestDatabase database) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NULL, UNIQUE KEY (u)) ENGINE=InnoDB");
        scene.fill("t", "id, u", "n, n", 1000);
        scene.trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
        return scene;
    }

    private static void exchange(AlterTrial trial, long a, long b) throws Exception {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String table : new String[] {"t", "twin"}) {
                swap(s, table, a, b);
            }
            connection.commit();
        }
    }

    private static void requireSame(Scene scene) throws Exception {
        assertThat(scene.trial.one(SUM + "t")).isEqualTo(scene.trial.one(SUM + "twin"));
        assertThat(scene.repaired()).as("%s", scene.trial.said()).isZero();
    }

    private static void swap(Statement s, String table, long a, long b) throws Exception {
        s.execute("SELECT u INTO @a FROM " + table + " WHERE id = " + a);
        s.execute("SELECT u INTO @b FROM " + table + " WHERE id = " + b);
        s.executeUpdate("UPDATE " + table + " SET u = NULL WHERE id = " + a);
        s.executeUpdate("UPDATE " + table + " SET u = @a WHERE id = " + b);
        s.executeUpdate("UPDATE " + table + " SET u = @b WHERE id = " + a);
    }

    /** Half of the rows wait for a value that the other half frees, and that is behind them in the log. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aStatementThatExchangesMoreValuesThanMayWaitDoesNotHoldTheLogUp(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.bounds = trial.bounds.withLog(new Bounds.Log(
                    new Room(16L << 20, 24L << 20, 200_000, 48L << 20),
                    Bounds.DEFAULT.log().silenceMax()));
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, seq INT NOT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, seq", "n, n", 6000);
            trial.controls.chunkRows(2000);
            trial.controls.postpone();
            scene.open().start("t", "ADD UNIQUE KEY (seq)");
            scene.until("all rows are in", () -> scene.status().state().equals("postponing cut-over"));
            trial.execute("UPDATE t SET seq = 6001 - seq");
            trial.controls.unpostpone();
            scene.finish();
            assertThat(trial.one("SELECT COUNT(*) FROM t WHERE id + seq = 6001"))
                    .isEqualTo("6000");
            assertThat(scene.repaired()).isZero();
        }
    }

    /**
     * One statement exchanges two values, which the table's own structure allows at once: the ghost gets the two sides of it apart, the
     * one first that it cannot hold.
     */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void swapsThatNeverEndAreNotTakenForDuplicates(TestServer server, TestDatabase database) throws Exception {
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean goesOn = new AtomicBoolean(true);
        try (Scene scene = plain(server, database, 600)) {
            AlterTrial trial = scene.trial;
            trial.source = new WatchedSource(trial::connect, refusals(refused));
            Thread swapping = new Thread(() -> {
                try (Connection connection = trial.connect();
                        Statement s = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    for (int i = 0; goesOn.get(); i++) {
                        swapOrNot(connection, s, 1 + i % 300, 600 - i % 300);
                        LockSupport.parkNanos(15_000_000);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            trial.controls.applyRows(1);
            trial.controls.postpone();
            swapping.start();
            scene.start("t", "ADD UNIQUE KEY (u)").open();
            try {
                scene.until("some were met", () -> refused.get() >= 5);
                // Else the writers outrun the run.
                trial.controls.applyRows(1000);
                trial.controls.unpostpone();
                scene.finish();
            } finally {
                goesOn.set(false);
                swapping.join();
            }
            requireSame(scene);
        }
    }

    /** What frees the value is a thousand images behind, and everything that owes is tried again and again meanwhile. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aValueThatIsFreedMuchLaterIsNotTakenForADuplicate(TestServer server, TestDatabase database) throws Exception {
        AtomicInteger refused = new AtomicInteger();
        try (Scene scene = plain(server, database, 6000)) {
            AlterTrial trial = scene.trial;
            trial.source = new WatchedSource(trial::connect, refusals(refused));
            trial.controls.applyRows(1);
            trial.controls.postpone();
            scene.open().start("t", "ADD UNIQUE KEY (u)");
            scene.until("all rows are in", () -> scene.status().state().equals("postponing cut-over"));
            for (String table : new String[] {"t", "twin"}) {
                trial.execute(
                        "UPDATE " + table + " SET u = CASE id WHEN 1 THEN 6000 WHEN 6000 THEN 1 ELSE u + 10000 END");
            }
            trial.controls.unpostpone();
            scene.finish();
            requireSame(scene);
            assertThat(refused.get()).as("times that the first row was refused").isPositive();
        }
    }

    private static Scene plain(TestServer server, TestDatabase database, int rows) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NOT NULL) ENGINE=InnoDB");
        scene.fill("t", "id, u", "n, n", rows);
        scene.trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
        return scene;
    }

    /** Counts the batches that the ghost refused because of a unique value: the next one asks what was refused. */
    private static WatchedSource.Watch refusals(AtomicInteger count) {
        return new WatchedSource.Watch() {
            @Override
            public void after(Connection session, String sql) {
                count.addAndGet(sql.startsWith("SET SESSION max_error_count") ? 1 : 0);
            }
        };
    }

    /** Our checksum may hold a row for a moment, so that the server ends a swap as a deadlock. */
    private static void swapOrNot(Connection connection, Statement s, int a, int b) throws Exception {
        try {
            for (String table : new String[] {"t", "twin"}) {
                s.execute("SELECT SUM(u) INTO @both FROM " + table + " WHERE id IN (" + a + ", " + b + ")");
                s.executeUpdate("UPDATE " + table + " SET u = @both - u WHERE id IN (" + a + ", " + b + ")");
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!SqlFailure.isLock(e)) {
                throw e;
            }
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void duplicatesThatAppearDuringTheRunStopItWithTheRowsNamed(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(20) NOT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, u", "n, CONCAT('secret', n)", 600);

            scene.start("t", "ADD UNIQUE KEY (u)").untilHalf();
            trial.execute("UPDATE t SET u = 'secret2' WHERE id = 11", "UPDATE t SET u = 'secret3' WHERE id = 555");
            Throwable end = scene.open().end();

            assertThat(end).isInstanceOf(MigrationException.class);
            assertThat(((MigrationException) end).kind()).isEqualTo(MigrationException.Kind.DIFFERENT);
            assertThat(end)
                    .hasMessageContaining("unique")
                    .hasMessageContaining("id=")
                    .hasMessageNotContaining("secret");
            assertThat(trial.one("SELECT COUNT(*) FROM t WHERE u IN ('secret2', 'secret3')"))
                    .isEqualTo("4");
            assertThat(trial.column("SHOW INDEX FROM t WHERE Key_name = 'u'")).isEmpty();

            // The rows are mended, and the same command goes on.
            trial.execute("UPDATE t SET u = 'x11' WHERE id = 11", "UPDATE t SET u = 'x555' WHERE id = 555");
            trial.alter("t", "ADD UNIQUE KEY (u)");
            assertThat(trial.column("SHOW INDEX FROM t WHERE Key_name = 'u'")).hasSize(1);
            assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo("600");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void duplicatesThatWereThereBeforeStopItWithTheRowsNamed(TestServer server, TestDatabase database)
            throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NOT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, u", "n, n % 598", 600);

            Throwable end = scene.open().start("t", "ADD UNIQUE KEY (u)").end();

            assertThat(end)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("unique")
                    .hasMessageContaining("id=");
            assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo("600");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aKeyThatMovesIsNeitherLostNorDoubled(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, u", "n, n", 1000);
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");

            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            for (String table : new String[] {"t", "twin"}) {
                trial.execute(
                        "UPDATE " + table + " SET id = id + 5000 WHERE id <= 40",
                        "UPDATE " + table + " SET id = id - 990 WHERE id BETWEEN 991 AND 1000",
                        "UPDATE " + table + " SET id = -id WHERE id % 7 = 0",
                        "UPDATE " + table + " SET id = id + 1 WHERE id > 5000 ORDER BY id DESC",
                        "DELETE FROM " + table + " WHERE id % 11 = 0",
                        "UPDATE " + table + " SET id = 1000 WHERE id = 500");
            }
            scene.open().finish();

            assertThat(trial.one(SUM + "t")).isEqualTo(trial.one(SUM + "twin"));
            assertThat(scene.repaired()).isZero();
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void keysThatTheCollationTakesForOneFollowTheOrderOfTheLog(TestServer server, TestDatabase database)
            throws Exception {
        // Each change by itself, and all together.
        for (int applied : new int[] {1, 1000}) {
            keysThatTheCollationTakesForOne(server, database, applied);
            new AlterTrial(server, database).execute("DROP TABLE t, twin, _t_del, _t_ghk");
        }
    }

    private static void keysThatTheCollationTakesForOne(TestServer server, TestDatabase database, int applied)
            throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.controls.applyRows(applied);
            trial.execute(
                    "CREATE TABLE t (id VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci PRIMARY KEY, u INT)"
                            + " ENGINE=InnoDB");
            scene.fill("t", "id, u", "CONCAT(CHAR(97 + n % 26), 'ß', n), n", 800);
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");

            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            for (String table : new String[] {"t", "twin"}) {
                try (Connection connection = trial.connect();
                        Statement s = connection.createStatement()) {
                    for (int n = 1; n <= 800; n++) {
                        // Letters that are copied already, and others.
                        if (n % 13 > 1) {
                            continue;
                        }
                        String lower = (char) (97 + n % 26) + "ß" + n;
                        String upper = ((char) (65 + n % 26)) + "SS" + n;
                        // All of these are one key.
                        s.executeUpdate(
                                "UPDATE " + table + " SET id = '" + upper + "', u = 1 WHERE id = '" + lower + "'");
                        s.executeUpdate("DELETE FROM " + table + " WHERE id = '" + lower + "'");
                        s.executeUpdate("INSERT INTO " + table + " VALUES ('" + lower + " ', 2)");
                        s.executeUpdate("REPLACE INTO " + table + " VALUES ('" + upper + "', 3)");
                        s.executeUpdate("UPDATE " + table + " SET id = '" + lower + "' WHERE id = '" + upper + "'");
                        if (lower.startsWith("a")) {
                            // By its bytes it comes behind everything, and by the collation among the first.
                            s.executeUpdate("UPDATE " + table + " SET id = 'Ä" + lower.substring(1) + "' WHERE id = '"
                                    + lower + "'");
                        }
                    }
                }
            }
            scene.open().finish();

            String sum = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', HEX(id), u)))) FROM ";
            assertThat(trial.one(sum + "t")).isEqualTo(trial.one(sum + "twin"));
            assertThat(scene.repaired()).isZero();
        }
    }
}
