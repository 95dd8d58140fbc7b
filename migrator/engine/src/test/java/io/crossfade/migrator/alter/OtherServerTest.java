package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that is begun on one server and gone on with on another, which has replicated from the first. */
class OtherServerTest {
    private static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 1";
    private static final int ROWS = 600;

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void aReplicaThatTakesOverGoesOnWithWhatItHas(ServerKind kind) throws Exception {
        try (EmbeddedServer first = replicating(kind, 1, "OFF");
                EmbeddedServer second = replicating(kind, 2, "ON")) {
            follow(first.server(), second.server());
            TestDatabase database = TestDatabase.create(first.server());
            requireReplicaThatLogsForeignChanges(first.server(), database);
            tryOnTheReplica(first.server(), second.server(), database);
            AlterTrial there = new AlterTrial(second.server(), database).rules(Scene.UNCHECKED);
            runUntilLost(first, second.server(), database, there);

            execute(second.server(), "STOP SLAVE", "RESET SLAVE ALL");
            write(there, "t", 3);
            try (Scene after = new Scene(second.server(), database)) {
                after.start("t", NOTE).untilHalf();
                write(after.trial, "t", 4);
                after.trial.cancel.request();
                assertThat(after.end()).isInstanceOf(MigrationException.class);
                assertThat(after.trial.said()).anyMatch(said -> said.contains("written on another server"));
            }
            write(there, "t", 5);
            there.alter("t", NOTE);
            assertThat(there.said())
                    .anyMatch(said -> said.startsWith("going on from the checkpoint"))
                    .noneMatch(said -> said.contains("another server"))
                    .anyMatch(said -> said.endsWith(" 0 repaired"));
            assertThat(there.one("SELECT SUM(note) = COUNT(*) FROM t")).isEqualTo("1");
            requireTwins(there, "t");

            write(there, "done", 6);
            assertThat(there.alteration(new TableAlter(there.table("done"), NOTE))
                            .standings()
                            .get(0)
                            .obstacles())
                    .isEmpty();
            there.alteration(new TableAlter(there.table("done"), NOTE)).revert();
            assertThat(there.column("SHOW COLUMNS FROM done LIKE 'note'")).isEmpty();
            requireTwins(there, "done");
        }
    }

    /** This one does not, and for a moment replicates from a server that is not there. */
    private static void requireReplicaThatLogsForeignChanges(TestServer server, TestDatabase database)
            throws SQLException {
        AlterTrial here = new AlterTrial(server, database);
        here.execute("CREATE TABLE foreign_changes (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB");
        execute(
                server,
                "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='nobody'",
                "START SLAVE SQL_THREAD");
        assertThatThrownBy(() -> here.rules(Scene.UNCHECKED).alter("foreign_changes", NOTE))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("log_replica_updates is off")
                .hasMessageContaining("change the table on the source");
        execute(server, "STOP SLAVE", "RESET SLAVE ALL");
        here.alter("foreign_changes", NOTE);
    }

    /** The source is written all the while; the replica's table keeps its structure, and its ghost has the same rows. */
    private static void tryOnTheReplica(TestServer source, TestServer replica, TestDatabase database) throws Exception {
        AlterTrial here = new AlterTrial(source, database);
        Rules tried = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.trial = Rules.Trial.STOPS_REPLICATION;
        });
        try (Scene scene = new Scene(replica, database)) {
            here.execute(
                    "CREATE TABLE tried (id INT NOT NULL PRIMARY KEY, v VARCHAR(600) NULL) ENGINE=InnoDB",
                    "CREATE TABLE tried_twin LIKE tried");
            try (Scene before = new Scene(source, database)) {
                before.fill("tried", "id, v", "n, CONCAT('v', n)", ROWS);
                before.fill("tried_twin", "id, v", "n, CONCAT('v', n)", ROWS);
            }
            scene.until("the rows are on the replica", () -> hasRows(scene.trial, "tried_twin", ROWS));
            FailingSource failing = new FailingSource(scene.trial::connect);
            failing.failAt("`tried` TO `" + database.name() + "`.`_tried_gho`");
            scene.trial.source = failing;
            scene.trial.rules(tried);
            scene.start("tried", NOTE).untilHalf();
            write(here, "tried", 2);
            scene.until("the write is on the replica", () -> hasRows(scene.trial, "tried", ROWS - 5));
            // Ended between the exchange and its undoing; then somebody starts the replication, and the source is
            // written.
            assertThat(scene.open().end()).hasMessageContaining("could not be exchanged back");
            assertThat(scene.trial.column("SHOW COLUMNS FROM tried LIKE 'note'"))
                    .hasSize(1);
            execute(replica, "START SLAVE");
            write(here, "tried", 3);
        }
        try (Scene after = new Scene(replica, database)) {
            AlterTrial again = new AlterTrial(replica, database).rules(tried);
            after.until("the write is in the exchanged table", () -> hasRows(again, "tried", ROWS - 10));
            again.alter("tried", NOTE);
            requireTried(again, ROWS - 10);

            again.execute("DROP TABLE _tried_gho");
            execute(replica, "START SLAVE");
            again.alter("tried", NOTE);
            requireTried(again, ROWS - 10);

            again.execute("DROP TABLE _tried_gho");
            write(here, "tried", 4);
            assertThat(hasRows(again, "tried", ROWS - 10))
                    .as("the replication stands")
                    .isTrue();
            execute(replica, "START SLAVE");
            after.until("the replica goes on", () -> hasRows(again, "tried", ROWS - 15));
            requireTwins(again, "tried");
        }
        assertThatThrownBy(() -> {
                    AlterTrial onSource = new AlterTrial(source, database);
                    onSource.rules(SomeRules.with(r -> r.trial = Rules.Trial.AWAITS_STOP))
                            .alter("tried", NOTE);
                })
                .hasMessageContaining("does not replicate from another one");
    }

    /** The table as it was, beside a ghost with the same rows. */
    private static void requireTried(AlterTrial trial, int rows) throws SQLException {
        assertThat(trial.column("SHOW COLUMNS FROM tried LIKE 'note'")).isEmpty();
        assertThat(trial.column("SHOW TABLES LIKE '\\_tried\\_%'")).containsExactly("_tried_gho");
        assertThat(trial.one("SELECT COUNT(*) FROM tried JOIN _tried_gho USING (id, v)"))
                .isEqualTo(trial.one("SELECT COUNT(*) FROM _tried_gho"))
                .isEqualTo(Integer.toString(rows));
    }

    private static boolean hasRows(AlterTrial trial, String table, int rows) {
        try {
            return trial.one("SELECT COUNT(*) FROM " + table).equals(Integer.toString(rows));
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** One table is changed, another one half copied; then the first server is lost, and the end of what it did with it. */
    private static void runUntilLost(EmbeddedServer first, TestServer second, TestDatabase database, AlterTrial there)
            throws Exception {
        try (Scene before = new Scene(first.server(), database)) {
            for (String table : new String[] {"t", "t_twin", "done", "done_twin"}) {
                before.trial.execute(
                        "CREATE TABLE " + table + " (id INT NOT NULL PRIMARY KEY, v VARCHAR(600) NULL) ENGINE=InnoDB");
                before.fill(table, "id, v", "n, CONCAT('v', n)", ROWS);
            }
            new AlterTrial(first.server(), database).rules(Scene.UNCHECKED).alter("done", NOTE);
            before.start("t", NOTE).untilHalf();
            write(before.trial, "t", 1);
            before.until("its checkpoint is on the replica", () -> hasCheckpoint(there));
            execute(second, "STOP SLAVE IO_THREAD");
            write(before.trial, "t", 2);
            long applied = before.status().rowsApplied();
            before.trial.execute("DELETE FROM t WHERE id <= 20", "DELETE FROM t_twin WHERE id <= 20");
            before.until(
                    "the ghost has what the replica lacks",
                    () -> before.status().rowsApplied() > applied);
            first.kill();
            assertThat(before.open().end()).isInstanceOf(MigrationException.class);
        }
    }

    private static boolean hasCheckpoint(AlterTrial trial) {
        try {
            return trial.one("SELECT MAX(JSON_LENGTH(JSON_EXTRACT(state, '$.arrived'))) FROM _t_ghk")
                    .equals("1");
        } catch (SQLException | NullPointerException notYet) {
            return false;
        }
    }

    /** Writes a table and its twin alike. */
    private static void write(AlterTrial trial, String table, int round) throws SQLException {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String each : new String[] {table, table + "_twin"}) {
                s.execute("UPDATE " + each + " SET v = CONCAT(v, '/" + round + "') WHERE id % 7 = " + round);
                s.execute("DELETE FROM " + each + " WHERE id % 100 = " + round);
                s.execute("INSERT INTO " + each + " (id, v) VALUES (" + (1000 + round) + ", 'new')");
                s.execute("UPDATE " + each + " SET id = id + 2000 WHERE id % 100 = " + (50 + round));
            }
            connection.commit();
        }
    }

    private static void requireTwins(AlterTrial trial, String table) throws SQLException {
        String rows = trial.one("SELECT COUNT(*) FROM " + table + "_twin");
        assertThat(trial.one("SELECT COUNT(*) FROM " + table)).isEqualTo(rows);
        assertThat(trial.one("SELECT COUNT(*) FROM " + table + " a JOIN " + table + "_twin b USING (id, v)"))
                .isEqualTo(rows);
    }

    @ServerTest
    void whatAnotherServerWroteIsNotMisread(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, v", "n, n", ROWS);
            scene.start("t", NOTE).untilHalf();
            scene.until("a checkpoint", () -> hasCheckpoint(scene.trial));
            scene.trial.cancel.request();
            assertThat(scene.end()).isInstanceOf(MigrationException.class);

            String saved = scene.trial.one("SELECT state FROM _t_ghk");
            requireRefused(
                    server, database, "'$.history.server', 'other', '$.position.gtids', ''", "without GTIDs", "other");
            String unknown = server.kind().isMariaDb() ? "0-9-99999999" : "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-7";
            requireRefused(
                    server, database, "'$.history.server', 'other', '$.history.executed', '" + unknown + "'", unknown);
            requireRefused(
                    server, database, "'$.history.server', 'other', '$.position.gtids', '" + unknown + "'", unknown);
            if (server.kind().isMariaDb()) {
                requireRefused(server, database, "'$.history.server', 'other'", "log_slave_updates is OFF");
            }
            try (Connection connection = scene.trial.connect();
                    var s = connection.prepareStatement("UPDATE _t_ghk SET state = ?")) {
                s.setString(1, saved);
                s.execute();
            }
            new AlterTrial(server, database).rules(Scene.UNCHECKED).alter("t", NOTE);
            assertThat(scene.trial.one("SELECT SUM(note) FROM t")).isEqualTo(Integer.toString(ROWS));
        }
    }

    private static void requireRefused(TestServer server, TestDatabase database, String other, String... parts)
            throws SQLException {
        AlterTrial trial = new AlterTrial(server, database).rules(Scene.UNCHECKED);
        String saved = trial.one("SELECT state FROM _t_ghk");
        trial.execute("UPDATE _t_ghk SET state = JSON_SET(state, " + other + ")");
        assertThatThrownBy(() -> trial.alter("t", NOTE))
                .isInstanceOf(MigrationException.class)
                .hasMessageStartingWith("cannot go on with the change of ")
                .hasMessageContainingAll(parts)
                .hasMessageContaining("--initially-drop-ghost-table");
        assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
        try (Connection connection = trial.connect();
                var s = connection.prepareStatement("UPDATE _t_ghk SET state = ?")) {
            s.setString(1, saved);
            s.execute();
        }
    }

    private static EmbeddedServer replicating(ServerKind kind, int id, String logsForeign) {
        return EmbeddedServer.of(kind)
                .bufferPoolMebibytes(16)
                .option("--server-id=" + id)
                .option("--log-slave-updates=" + logsForeign)
                .start();
    }

    private static void follow(TestServer source, TestServer replica) throws SQLException {
        String address = "MASTER_HOST='" + source.host() + "', MASTER_PORT=" + source.port() + ", MASTER_USER='"
                + source.user() + "', MASTER_PASSWORD='" + source.password() + "', ";
        if (source.kind().isMariaDb()) {
            String begin;
            try (Connection connection = source.connect("");
                    Statement s = connection.createStatement();
                    ResultSet r = s.executeQuery("SELECT @@GLOBAL.gtid_binlog_pos")) {
                r.next();
                begin = r.getString(1);
            }
            execute(
                    replica,
                    "RESET MASTER",
                    "SET GLOBAL gtid_slave_pos = '" + begin + "'",
                    "CHANGE MASTER TO " + address
                            + "MASTER_USE_GTID=slave_pos, MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0",
                    "START SLAVE");
        } else {
            execute(
                    replica,
                    "CHANGE MASTER TO " + address + "MASTER_AUTO_POSITION=1, GET_MASTER_PUBLIC_KEY=1",
                    "START SLAVE");
        }
    }

    private static void execute(TestServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect("");
                Statement s = connection.createStatement()) {
            for (String sql : statements) {
                s.execute(sql);
            }
        }
    }
}
