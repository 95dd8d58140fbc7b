package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

class AlterTest {

    private static void fill(AlterTrial trial, int rows) throws Exception {
        trial.execute(
                "CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL, c VARCHAR(60) NOT NULL,"
                        + " KEY (k)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
        try (Connection connection = trial.connect();
                PreparedStatement s = connection.prepareStatement("INSERT INTO t (k, c) VALUES (?, ?)")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < rows; i++) {
                s.setInt(1, i % 997);
                s.setString(2, "row " + i);
                s.addBatch();
            }
            s.executeBatch();
            connection.commit();
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aQuietTableIsChanged(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        fill(trial, 3000);
        String before = trial.one("SELECT BIT_XOR(CRC32(CONCAT_WS('#', id, k, c))) FROM t");

        trial.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 7");

        assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(note)) FROM t")).isEqualTo("3000 21000");
        assertThat(trial.one("SELECT BIT_XOR(CRC32(CONCAT_WS('#', id, k, c))) FROM t"))
                .isEqualTo(before);
        assertThat(trial.one("SELECT COUNT(*) FROM _t_del")).isEqualTo("3000");
        assertThat(trial.one("SELECT AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = 't'"))
                .isEqualTo("3001");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void theNewTableHasStatisticsWhereTheServerTakesNoneByItself(TestServer server, TestDatabase database)
            throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        fill(trial, 3000);
        trial.execute("ALTER TABLE t STATS_PERSISTENT=1, STATS_AUTO_RECALC=0", "ANALYZE TABLE t");

        trial.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 7");

        assertThat(trial.one(
                        "SELECT CONCAT(n_rows > 2000, ' ', (SELECT MAX(stat_value) > 500 FROM mysql.innodb_index_stats i"
                                + " WHERE i.database_name = DATABASE() AND i.table_name = 't' AND i.index_name = 'k'"
                                + " AND i.stat_name = 'n_diff_pfx01')) FROM mysql.innodb_table_stats s"
                                + " WHERE s.database_name = DATABASE() AND s.table_name = 't'"))
                .isEqualTo("1 1");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void whatTheServerDoesAtOnceNeedsNoGhost(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database).rules(Rules.DEFAULT);
        fill(trial, 10);

        trial.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 7");

        assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("70");
        assertThat(trial.column("SHOW TABLES")).containsExactly("t");
        assertThat(trial.said()).anyMatch(line -> line.contains("INSTANT"));
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aTableThatIsWrittenToLosesNothing(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        fill(trial, 5000);
        trial.execute("CREATE TABLE ledger LIKE t", "INSERT INTO ledger SELECT * FROM t");
        AtomicBoolean goesOn = new AtomicBoolean(true);
        AtomicLong written = new AtomicLong();
        Thread writer = new Thread(() -> {
            try (Connection connection = trial.connect();
                    var s = connection.createStatement()) {
                connection.setAutoCommit(false);
                java.util.Random random = new java.util.Random(1);
                while (goesOn.get()) {
                    int id = 1 + random.nextInt(6000);
                    for (String table : new String[] {"t", "ledger"}) {
                        s.executeUpdate("DELETE FROM " + table + " WHERE id = " + (id + 7));
                        s.executeUpdate("INSERT INTO " + table + " (id, k, c) VALUES (" + id
                                + ", 1, 'w') ON DUPLICATE KEY" + " UPDATE k = k + 1, c = CONCAT('w', k)");
                    }
                    connection.commit();
                    written.incrementAndGet();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();

        trial.alter("t", "ADD COLUMN note INT NOT NULL DEFAULT 7, ADD INDEX (c)");

        goesOn.set(false);
        writer.join();
        String sum = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', id, k, c)))) FROM ";
        assertThat(trial.one(sum + "t")).isEqualTo(trial.one(sum + "ledger"));
        assertThat(written.get()).isPositive();
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void twoTablesAreChangedInOneCutOver(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        fill(trial, 500);
        trial.execute("CREATE TABLE u LIKE t", "INSERT INTO u SELECT * FROM t WHERE id < 100");

        trial.alteration(
                        new TableAlter(trial.table("t"), "ADD COLUMN a INT NOT NULL DEFAULT 1"),
                        new TableAlter(trial.table("u"), "ADD COLUMN b INT NOT NULL DEFAULT 2, DROP COLUMN c"))
                .run();

        assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(a)) FROM t")).isEqualTo("500 500");
        assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(b)) FROM u")).isEqualTo("99 198");
    }

    @ServerTest({ServerKind.MYSQL_80})
    void theStatusNamesTheThrottleThatHolds(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            fill(scene.trial, 1000);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 7");
            scene.until(
                    "the throttle is named", () -> scene.status().throttledBy().equals("the test holds it"));
            scene.open().finish();
            assertThat(scene.status().throttledBy()).isEmpty();
        }
    }
}
