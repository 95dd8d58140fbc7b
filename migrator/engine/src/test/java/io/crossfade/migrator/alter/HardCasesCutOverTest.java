package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Hard cases 8 to 11, 18 and the rest, as the whole run meets them; the exchange of the names by itself has its own tests. */
class HardCasesCutOverTest {

    private static final String SUM = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, v)))) FROM ";

    private static Scene table(TestServer server, TestDatabase database, int rows) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.execute(
                "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(60) NOT NULL) ENGINE=InnoDB");
        scene.fill("t", "id, v", "n, CONCAT('row ', n)", rows);
        scene.trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
        return scene;
    }

    /** Cases 8 and 11: single statements, each its own transaction, go on while the names are exchanged. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void noWriteOfTheLastMomentIsLost(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 600)) {
            AlterTrial trial = scene.trial;
            AtomicBoolean goesOn = new AtomicBoolean(true);
            AtomicLong inserted = new AtomicLong();
            List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
            Thread[] writers = new Thread[3];
            for (int w = 0; w < writers.length; w++) {
                writers[w] = new Thread(() -> {
                    try (Connection connection = trial.connect();
                            Statement s = connection.createStatement()) {
                        while (goesOn.get()) {
                            s.executeUpdate("INSERT INTO t (v) VALUES ('new')");
                            inserted.incrementAndGet();
                        }
                    } catch (Exception e) {
                        failures.add(e);
                    }
                });
                writers[w].start();
            }
            scene.open().start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1");
            try {
                scene.finish();
                long atSwap = inserted.get();
                scene.until("writers go on", () -> inserted.get() > atSwap + 20 || !failures.isEmpty());
            } finally {
                goesOn.set(false);
                for (Thread writer : writers) {
                    writer.join();
                }
            }
            assertThat(failures).isEmpty();
            assertThat(trial.one("SELECT COUNT(*) FROM t")).isEqualTo(600 + inserted.get() + "");
            assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo(600 + inserted.get() + "");
        }
    }

    /** Case 11: an attempt is cut off when it has taken what is left to apply; the checksum was before it. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void whatACutOffAttemptHadTakenIsAppliedByTheNext(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 300)) {
            AlterTrial trial = scene.trial;
            AtomicInteger attempts = new AtomicInteger();
            AtomicBoolean isLost = new AtomicBoolean();
            trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
                @Override
                public void before(Connection session, String sql) throws SQLException {
                    if (sql.startsWith("LOCK TABLES") && sql.contains("`t` WRITE")) {
                        // From here on nobody but the attempt writes the ghost.
                        attempts.incrementAndGet();
                        for (String table : new String[] {"t", "twin"}) {
                            trial.execute(
                                    "UPDATE " + table + " SET v = CONCAT('late ', v) WHERE id <= 5",
                                    "INSERT INTO " + table + " (v) VALUES ('late')");
                        }
                    } else if (attempts.get() == 1
                            && sql.startsWith("INSERT")
                            && sql.contains("`_t_gho`")
                            && isLost.compareAndSet(false, true)) {
                        throw WatchedSource.lost(session);
                    }
                }
            });
            scene.open().start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").finish();
            assertThat(isLost.get()).isTrue();
            assertThat(attempts.get()).isGreaterThan(1);
            assertThat(trial.said()).anyMatch(s -> s.startsWith("not cut over yet: the drain was cut short"));
            assertThat(trial.one(SUM + "t")).isEqualTo(trial.one(SUM + "twin"));
        }
    }

    /** Case 10. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aLongTransactionIsWaitedForAndNobodyElseWaitsLong(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 300);
                Connection holder = scene.trial.connect();
                Statement holding = holder.createStatement()) {
            AlterTrial trial = scene.trial;
            trial.bounds = Bounds.DEFAULT
                    .withCopy(new Bounds.Copy(1, Duration.ofMillis(20)))
                    .withRhythm(new Bounds.Rhythm(Duration.ofSeconds(1), Duration.ofMillis(50)))
                    .withCutOver(new Limits(Duration.ofMillis(300), 60, Duration.ofMillis(500), false));
            holder.setAutoCommit(false);
            holding.executeUpdate("UPDATE t SET v = 'held' WHERE id = 5");
            scene.open().start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1");

            scene.until("an attempt was given up", () -> trial.said().stream()
                    .anyMatch(s -> s.startsWith("not cut over yet")));
            long longestNanos = 0;
            try (Connection writer = trial.connect();
                    Statement s = writer.createStatement()) {
                for (int i = 0; i < 60; i++) {
                    long beganNanos = System.nanoTime();
                    s.executeUpdate("UPDATE t SET v = CONCAT('w', v) WHERE id = " + (10 + i));
                    longestNanos = Math.max(longestNanos, System.nanoTime() - beganNanos);
                    java.util.concurrent.locks.LockSupport.parkNanos(30_000_000);
                }
            }
            // The bound, and what a crowded machine adds.
            assertThat(Duration.ofNanos(longestNanos)).isLessThan(Duration.ofMillis(300 + 1200));
            assertThat(scene.isRunning()).isTrue();
            if (server.kind() == ServerKind.MYSQL_80) {
                String id =
                        trial.one("SELECT ID FROM information_schema.PROCESSLIST p JOIN information_schema.INNODB_TRX x"
                                + " ON x.trx_mysql_thread_id = p.ID WHERE p.DB = DATABASE() AND x.trx_rows_modified > 0"
                                + " ORDER BY x.trx_started LIMIT 1");
                scene.until("the blocker is named", () -> trial.said().stream()
                        .anyMatch(s -> s.contains("connection " + id)));
            }
            holder.commit();
            scene.finish();
            assertThat(trial.one("SELECT v FROM t WHERE id = 5")).isEqualTo("held");
            assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("300");
        }
    }

    /** Case 18. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRunThatHasLostItsClaimDoesNotCutOver(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 600)) {
            AlterTrial trial = scene.trial;
            // Its checkpoints look after nothing here.
            trial.bounds = Scene.bounds(1, Duration.ofMinutes(10));
            trial.controls.postpone();
            scene.open().start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1");
            scene.until("postponed", () -> scene.status().state().equals("postponing cut-over"));
            killClaim(trial);
            trial.controls.unpostpone();

            Throwable end = scene.end();

            assertThat(end)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("claim")
                    .hasMessageContaining("run the same command again");
            assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
            trial.execute("INSERT INTO t (v) VALUES ('meanwhile')");
            AlterTrial again = new AlterTrial(server, database);
            again.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 1");
            assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("601");
        }
    }

    /** An id that was seen once and undone is not given again: the application may have told it to somebody. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void idsThatAreUndoneInTheLastMomentDoNotComeAgain(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 300)) {
            AlterTrial trial = scene.trial;
            trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
                @Override
                public void before(Connection session, String sql) throws SQLException {
                    if (sql.startsWith("LOCK TABLES") && sql.contains("`t` WRITE")) {
                        undoInserts(trial);
                    }
                }
            });
            scene.open().start("t", "ADD COLUMN note INT").finish();
            assertThat(nextId(trial)).isGreaterThan(340);

            trial.alteration(new TableAlter(trial.table("t"), "ADD COLUMN note INT"))
                    .revert();
            assertThat(nextId(trial)).isGreaterThan(380);
        }
    }

    private static void undoInserts(AlterTrial trial) throws SQLException {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 40; i++) {
                s.executeUpdate("INSERT INTO t (v) VALUES ('undone')");
            }
            connection.rollback();
        }
    }

    private static long nextId(AlterTrial trial) throws SQLException {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            s.executeUpdate("INSERT INTO t (v) VALUES ('next')", Statement.RETURN_GENERATED_KEYS);
            try (ResultSet r = s.getGeneratedKeys()) {
                r.next();
                return r.getLong(1);
            }
        }
    }

    /** Case 18: between the last look at the claim and the exchange another run may have taken it. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aSecondRunIsRefusedWhileTheFirstOneHasItsClaim(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 600)) {
            AlterTrial trial = scene.trial;
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1").untilHalf();

            AlterTrial second = new AlterTrial(server, database);
            Throwable end = null;
            try {
                second.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 1");
            } catch (MigrationException e) {
                end = e;
            }
            assertThat(end)
                    .isNotNull()
                    .hasMessageContaining("another run of crossfade works on it (connection " + claimant(trial) + ", ")
                    .hasMessageMatching(".*, [^ ]+@[^ ]+, last heard of \\d+ s ago\\).*");
            scene.open().finish();
            assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("600");
        }
    }

    private static void killClaim(AlterTrial trial) throws Exception {
        trial.execute("KILL " + claimant(trial));
    }

    private static String claimant(AlterTrial trial) throws SQLException {
        try (Connection connection = trial.connect()) {
            return trial.one("SELECT IS_USED_LOCK('" + Claim.name(connection, trial.table("t")) + "')");
        }
    }

    /** Several tables whose values are converted exchange their names in one session. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void twoTablesWithConvertedColumnsAreChangedTogether(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = table(server, database, 500)) {
            AlterTrial trial = scene.trial;
            trial.execute("CREATE TABLE o (k BIGINT NOT NULL PRIMARY KEY, a VARCHAR(20), b VARCHAR(20)) ENGINE=InnoDB");
            scene.fill("o", "k, a, b", "n, n, n", 500);
            AtomicBoolean goesOn = new AtomicBoolean(true);
            AtomicLong written = new AtomicLong();
            Thread writer = new Thread(() -> {
                try (Connection connection = trial.connect();
                        Statement s = connection.createStatement()) {
                    for (int i = 0; goesOn.get(); i++) {
                        s.executeUpdate("UPDATE t SET v = CONCAT('w', " + i + ") WHERE id = " + (1 + i % 500));
                        s.executeUpdate("UPDATE twin SET v = CONCAT('w', " + i + ") WHERE id = " + (1 + i % 500));
                        s.executeUpdate("UPDATE o SET a = " + i + ", b = " + i + " WHERE k = " + (1 + i % 500));
                        written.incrementAndGet();
                        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            scene.open()
                    .start(
                            new TableAlter(trial.table("t"), "MODIFY v TEXT NOT NULL"),
                            new TableAlter(trial.table("o"), "MODIFY a BIGINT, MODIFY b VARCHAR(30)"));
            try {
                scene.finish();
            } finally {
                goesOn.set(false);
                writer.join();
            }
            assertThat(trial.one(SUM + "t")).isEqualTo(trial.one(SUM + "twin"));
            assertThat(trial.one("SELECT COUNT(*) FROM o WHERE a = CAST(b AS SIGNED)"))
                    .isEqualTo("500");
            assertThat(written.get()).isPositive();
        }
    }
}
