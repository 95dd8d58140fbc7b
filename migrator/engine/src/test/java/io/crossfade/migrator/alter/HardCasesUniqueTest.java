package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Hard cases 2, 3 and 17: unique values that wander between rows, true duplicates, and keys that change. */
class HardCasesUniqueTest {

    private static final String SUM = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, u)))) FROM ";

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void twoRowsThatSwapAUniqueValueKeepBoth(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NULL, UNIQUE KEY (u)) ENGINE=InnoDB");
            scene.fill("t", "id, u", "n, n", 1000);
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");

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

            assertThat(trial.one(SUM + "t")).isEqualTo(trial.one(SUM + "twin"));
            assertThat(trial.said()).noneMatch(said -> said.contains("should not have been necessary"));
        }
    }

    private static void swap(Statement s, String table, int a, int b) throws Exception {
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
            trial.bounds = trial.bounds.withRoom(new Room(16L << 20, 24L << 20, 200_000, 48L << 20));
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

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void swapsThatNeverEndAreNotTakenForDuplicates(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NULL, UNIQUE KEY (u)) ENGINE=InnoDB");
            scene.fill("t", "id, u", "n, n", 600);
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
            AtomicBoolean goesOn = new AtomicBoolean(true);
            Thread swapping = new Thread(() -> {
                try (Connection connection = trial.connect();
                        Statement s = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    for (int i = 0; goesOn.get(); i++) {
                        swapOrNot(connection, s, 1 + i % 300, 600 - i % 300);
                        LockSupport.parkNanos(2_000_000);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            // Few images at once, so that the two sides of a swap are applied apart.
            trial.controls.applyRows(5);
            swapping.start();
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").open();
            try {
                scene.finish();
            } finally {
                goesOn.set(false);
                swapping.join();
            }
            assertThat(trial.one(SUM + "t")).isEqualTo(trial.one(SUM + "twin"));
        }
    }

    /** Our checksum may hold a row for a moment, so that the server ends a swap as a deadlock. */
    private static void swapOrNot(Connection connection, Statement s, int a, int b) throws Exception {
        try {
            for (String table : new String[] {"t", "twin"}) {
                swap(s, table, a, b);
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
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute(
                    "CREATE TABLE t (id VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci PRIMARY KEY, u INT)"
                            + " ENGINE=InnoDB");
            scene.fill("t", "id, u", "CONCAT(CHAR(97 + n % 26), 'ß', n), n", 800);
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");

            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();
            for (String table : new String[] {"t", "twin"}) {
                try (Connection connection = trial.connect();
                        Statement s = connection.createStatement()) {
                    for (int n = 1; n <= 800; n += 13) {
                        String lower = (char) (97 + n % 26) + "ß" + n;
                        String upper = ((char) (65 + n % 26)) + "SS" + n;
                        // All of these are one key.
                        s.executeUpdate(
                                "UPDATE " + table + " SET id = '" + upper + "', u = 1 WHERE id = '" + lower + "'");
                        s.executeUpdate("DELETE FROM " + table + " WHERE id = '" + lower + "'");
                        s.executeUpdate("INSERT INTO " + table + " VALUES ('" + lower + " ', 2)");
                        s.executeUpdate("REPLACE INTO " + table + " VALUES ('" + upper + "', 3)");
                        s.executeUpdate("UPDATE " + table + " SET id = '" + lower + "' WHERE id = '" + upper + "'");
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
