package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

/** Values that depend on the time zone come out as by the server's own ALTER, in the server's own zone; and every TIMESTAMP is kept. */
class TimeZonesTest {

    /** A zone of our own, since servers come without any: UTC + 1 h in 2024's winter, + 2 h in its summer. */
    private static final int ZONE = 8_871;

    private static final String SPRING = "2024-03-31 01:00:00";
    private static final String AUTUMN = "2024-10-27 01:00:00";

    @AfterEach
    void backToTheZoneOfAllTests(TestServer server, TestDatabase database) throws SQLException {
        new AlterTrial(server, database).execute("SET GLOBAL time_zone = 'SYSTEM'");
    }

    @ServerTest
    void aGhostIsFilledInTheServersZone(TestServer server, TestDatabase database) throws Exception {
        String day = "STORED";
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute(
                    "SET GLOBAL time_zone = '+05:00'",
                    "SET time_zone = '+05:00'",
                    "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP NULL, day DATE AS (DATE(at)) " + day
                            + ", k INT)");
            scene.fill("t", "id, at, k", "n, '2026-01-01 00:00:00' + INTERVAL 7 * n MINUTE, n", 1000);
            trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin (id, at, k) SELECT id, at, k FROM t");
            String before = trial.one("SELECT NOW()");
            String alter = "ADD COLUMN seen TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00',"
                    + " ADD COLUMN made DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, ADD KEY (day)";
            scene.start("t", alter).untilHalf();
            for (String table : new String[] {"t", "twin"}) {
                trial.execute(
                        "UPDATE " + table + " SET at = at + INTERVAL 3 HOUR WHERE id % 9 = 0",
                        "INSERT INTO " + table + " (id, at) VALUES (5001, '2026-03-01 01:00:00'), (5002, NULL)");
            }
            trial.execute("ALTER TABLE twin " + alter);
            scene.open().finish();
            assertThat(scene.repaired()).isZero();
            String rows = "SELECT CONCAT_WS(' ', id, IFNULL(at, '-'), IFNULL(day, '-'), seen) FROM ";
            assertThat(trial.column(rows + "t ORDER BY id")).isEqualTo(trial.column(rows + "twin ORDER BY id"));
            assertThat(trial.one("SELECT COUNT(*) FROM t WHERE made < '" + before + "' OR made > NOW()"))
                    .isEqualTo("0");
            assertThat(trial.one("SELECT COUNT(*) FROM t FORCE INDEX (day) WHERE day = '2026-01-02'"))
                    .isEqualTo(trial.one("SELECT COUNT(*) FROM twin IGNORE INDEX (day) WHERE day = '2026-01-02'"));
        }
    }

    @ServerTest
    void theShorterRoutesReadLiteralsInTheServersZone(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database).rules(Rules.DEFAULT.withRoute(Rules.Route.CHEAPEST));
        trial.execute(
                "SET GLOBAL time_zone = '+05:00'",
                "CREATE TABLE t (id INT PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "CREATE TABLE twin LIKE t",
                "INSERT INTO twin VALUES (1)");
        String alter = "ADD COLUMN seen TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00'";
        trial.execute("ALTER TABLE twin " + alter);
        trial.alter("t", alter);
        assertThat(trial.one("SELECT UNIX_TIMESTAMP(seen) FROM t"))
                .isEqualTo(trial.one("SELECT UNIX_TIMESTAMP(seen) FROM twin"));
    }

    @ServerTest
    void theHourThatAZoneRepeatsKeepsItsTimeStamps(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            makeZone(trial);
            trial.execute(
                    "SET GLOBAL time_zone = 'Crossfade/Test'",
                    "SET time_zone = '+00:00'",
                    "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP(3) NULL, w TIMESTAMP NOT NULL DEFAULT"
                            + " CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)");
            scene.fill(
                    "t",
                    "id, at, w",
                    "n, '2024-10-26 20:00:00.123' + INTERVAL 30 * n SECOND, '2024-03-31 00:59:59'"
                            + " + INTERVAL n % 3 SECOND",
                    1000);
            scene.start("t", "MODIFY w TIMESTAMP NULL, ADD COLUMN made DATETIME DEFAULT CURRENT_TIMESTAMP")
                    .untilHalf();
            trial.execute(
                    "SET time_zone = '+00:00'",
                    "UPDATE t SET at = at + INTERVAL 1 SECOND, w = w WHERE id % 5 = 0",
                    "CREATE TABLE before_it (id INT PRIMARY KEY, at DECIMAL(20, 3), w DECIMAL(20))",
                    "INSERT INTO before_it SELECT id, UNIX_TIMESTAMP(at) AS at, UNIX_TIMESTAMP(w) AS w FROM t");
            scene.open().finish();
            assertThat(scene.repaired()).isZero();
            assertThat(trial.one("SELECT COUNT(*) FROM t JOIN before_it b USING (id) WHERE UNIX_TIMESTAMP(t.at) <> b.at"
                            + " OR UNIX_TIMESTAMP(t.w) <> b.w"))
                    .isEqualTo("0");
            assertThat(trial.one("SELECT COUNT(*) FROM t WHERE made BETWEEN NOW() - INTERVAL 2 MINUTE AND NOW()"))
                    .isEqualTo("1000");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57})
    void aStoredValueThatCannotBeComputedAgainIsNotGivenUp(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "SET GLOBAL time_zone = '+05:00'",
                "SET time_zone = '-08:00'",
                "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP NULL, day DATE AS (DATE(at)) STORED)",
                "INSERT INTO t (id, at) VALUES (1, '2026-01-01 02:00:00'), (2, '2026-01-01 20:00:00')");
        assertThatThrownBy(() -> trial.alter("t", "ADD COLUMN note INT"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("\"day\"")
                .hasMessageContaining("time zone");
        assertThat(trial.column("SELECT day FROM t ORDER BY id")).containsExactly("2026-01-01", "2026-01-01");
        trial.execute("UPDATE t SET at = at + INTERVAL 0 SECOND, id = id + 10");
        trial.alter("t", "ADD COLUMN note INT");
        assertThat(trial.column("SELECT day FROM t ORDER BY id")).containsExactly("2026-01-01", "2026-01-02");
    }

    @ServerTest
    void theWayBackConvertsAsTheWayForward(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        String alter = "MODIFY at DATETIME NULL, ADD COLUMN note INT, DROP COLUMN day";
        trial.execute(
                "SET GLOBAL time_zone = '+05:00'",
                "SET time_zone = '+05:00'",
                "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP NULL, w TIMESTAMP NULL, day DATE AS (DATE(w)) STORED)",
                "INSERT INTO t (id, at, w) VALUES (1, '2026-01-01 12:00:00', '2026-01-01 12:00:00')");
        trial.alter("t", alter);
        trial.execute(
                "SET time_zone = '+05:00'",
                "INSERT INTO t VALUES (2, '2026-01-01 12:00:00', '2026-01-02 02:00:00', 1)",
                "UPDATE t SET id = 3, w = '2026-01-03 02:00:00' WHERE id = 1");
        trial.alteration(new TableAlter(trial.table("t"), alter)).revert();
        trial.execute("SET GLOBAL time_zone = '+05:00'");
        assertThat(trial.column("SELECT CONCAT_WS(' ', id, UNIX_TIMESTAMP(at) - UNIX_TIMESTAMP('2026-01-01 12:00:00'),"
                        + " w, day) FROM t ORDER BY id"))
                .containsExactly("2 0 2026-01-02 02:00:00 2026-01-02", "3 0 2026-01-03 02:00:00 2026-01-03");
    }

    @ServerTest
    void rowsThatWaitOnTheWayBackKeepTheirTimes(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        String alter = "DROP KEY uu, MODIFY at DATETIME NULL, ADD COLUMN note INT, DROP COLUMN day, DROP COLUMN kept";
        trial.execute(
                "SET GLOBAL time_zone = '+05:00'",
                "SET time_zone = '+05:00'",
                "CREATE TABLE t (id INT PRIMARY KEY, pos INT, at TIMESTAMP NULL, w TIMESTAMP NULL,"
                        + " kept TIMESTAMP NULL, day DATE AS (DATE(w)) STORED, UNIQUE KEY uu (pos))",
                "INSERT INTO t (id, pos, at, w, kept) VALUES (1, 1, '2026-01-01 12:00:00', '2026-01-01 02:00:00',"
                        + " '2026-01-01 07:00:00'), (2, 2, '2026-01-02 12:00:00', '2026-01-02 02:00:00', NULL)");
        trial.alter("t", alter);
        trial.execute(
                "SET time_zone = '+05:00'",
                "UPDATE t SET pos = 2, at = '2026-01-03 12:00:00' WHERE id = 1",
                "UPDATE t SET w = '2026-01-03 02:00:00' WHERE id = 1",
                "UPDATE t SET pos = 1 WHERE id = 2");
        trial.alteration(new TableAlter(trial.table("t"), alter)).revert();
        assertThat(trial.column("SELECT CONCAT_WS(' ', id, pos, UNIX_TIMESTAMP(at) - 1767250800, UNIX_TIMESTAMP(w) -"
                        + " 1767214800, day, UNIX_TIMESTAMP(kept) - 1767232800) FROM t ORDER BY id"))
                .containsExactly("1 2 172800 172800 2026-01-03 0", "2 1 86400 86400 2026-01-02");
    }

    private static void makeZone(AlterTrial trial) throws SQLException {
        trial.execute(
                "REPLACE INTO mysql.time_zone VALUES (" + ZONE + ", 'N')",
                "REPLACE INTO mysql.time_zone_name VALUES ('Crossfade/Test', " + ZONE + ")",
                "REPLACE INTO mysql.time_zone_transition_type VALUES (" + ZONE + ", 0, 3600, 0, 'W'), (" + ZONE
                        + ", 1, 7200, 1, 'S')",
                "SET time_zone = '+00:00'",
                "REPLACE INTO mysql.time_zone_transition VALUES (" + ZONE + ", 0, 0), (" + ZONE + ", UNIX_TIMESTAMP('"
                        + SPRING + "'), 1), (" + ZONE + ", UNIX_TIMESTAMP('" + AUTUMN + "'), 0)");
    }
}
