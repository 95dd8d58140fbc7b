package io.crossfade.migrator.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

class SettlementTest {
    private static final List<List<String>> ROWS = List.of(List.of("1"), List.of("2"), List.of("3"));

    /** A log that brings all rows again in each look, as where they are written all the time. */
    private static final class AlwaysWritten implements CatchUp {
        private final Connection onlooker;
        private final List<List<Integer>> locked = new ArrayList<>();

        private AlwaysWritten(Connection onlooker) {
            this.onlooker = onlooker;
        }

        @Override
        public boolean await(Duration atMost) throws SQLException {
            List<Integer> held = new ArrayList<>();
            for (int id = 1; id <= ROWS.size(); id++) {
                try (Statement s = onlooker.createStatement()) {
                    s.executeQuery("SELECT * FROM t WHERE id = " + id + " FOR UPDATE NOWAIT")
                            .close();
                } catch (SQLException e) {
                    held.add(id);
                }
                onlooker.rollback();
            }
            locked.add(held);
            return true;
        }

        @Override
        public void watch(Collection<List<String>> keys) {}

        @Override
        public Set<List<String>> came() {
            return Set.copyOf(ROWS);
        }
    }

    /** Whoever holds one of them and wants another would wait for us, and we for it: the server would fail the application's statement. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void rowsThatNeverHoldStillAreLockedOneByOne(TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                Connection onlooker = database.connect()) {
            onlooker.setAutoCommit(false);
            TableChange change = change(connection, database);
            MySqlDialect dialect = Server.of(connection).dialect();
            AlwaysWritten log = new AlwaysWritten(onlooker);
            try (Lane reader = lane(database);
                    Lane writer = lane(database)) {
                Settlement settlement = new Settlement(
                        Direction.there(
                                dialect,
                                change,
                                new GhostSql(dialect, change, new TableName(database.name(), "_t_gho"))),
                        log,
                        reader,
                        writer,
                        new Cancel());
                settlement.settle(ROWS);
                assertThat(settlement.repaired()).isEqualTo(ROWS.size());
            }
            assertThat(log.locked).allMatch(held -> held.size() <= 1).contains(List.of(1), List.of(2), List.of(3));
            assertThat(database.query("SELECT id, a FROM _t_gho ORDER BY id"))
                    .isEqualTo(database.query("SELECT id, a FROM t ORDER BY id"));
        }
    }

    /** MariaDB reads the whole table for a DELETE of one table by one key of several columns. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowIsRepairedByTheKey(TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE t (k INT, id INT, a INT, PRIMARY KEY (k, id)) ENGINE=InnoDB");
            s.execute("INSERT INTO t VALUES (1, 1, 1), (1, 2, 2), (2, 3, 3)");
            for (int i = 0; i < 9; i++) {
                s.execute("INSERT INTO t SELECT k, id + " + (3 << i) + ", a FROM t");
            }
            TableAlter alter = new TableAlter(new TableName(database.name(), "t"), "ADD COLUMN note INT");
            GhostTables ghosts =
                    new GhostTables(alter, Rules.DEFAULT, GhostNames.of(alter, Rules.DEFAULT, Instant.now()));
            ghosts.create(connection);
            TableChange change = ghosts.describe(connection);
            s.execute("INSERT INTO _t_gho SELECT k, id, 0, NULL FROM t");
            connection.setAutoCommit(false);
            s.execute("FLUSH STATUS");
            GhostSql sql =
                    new GhostSql(Server.of(connection).dialect(), change, new TableName(database.name(), "_t_gho"));
            assertThat(new Repair(change, sql).rows(connection, List.of(List.of("1", "1"), List.of("2", "3"))))
                    .isEmpty();
            assertThat(TestDatabase.rowsRead(s)).isLessThan(50);
            assertThat(database.queryLong("SELECT SUM(a) FROM _t_gho")).isEqualTo(4);
        }
    }

    private static TableChange change(Connection connection, TestDatabase database) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20)) ENGINE=InnoDB");
            s.execute("INSERT INTO t VALUES (1, 'red'), (2, 'green'), (3, 'blue')");
            TableAlter alter = new TableAlter(new TableName(database.name(), "t"), "ADD COLUMN note INT");
            GhostTables ghosts =
                    new GhostTables(alter, Rules.DEFAULT, GhostNames.of(alter, Rules.DEFAULT, Instant.now()));
            ghosts.create(connection);
            TableChange change = ghosts.describe(connection);
            s.execute("INSERT INTO _t_gho SELECT id, 'lost', NULL FROM t");
            return change;
        }
    }

    private static Lane lane(TestDatabase database) {
        return new Lane(
                "the test",
                () -> {
                    Connection connection = database.connect();
                    connection.setAutoCommit(false);
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    return connection;
                },
                new Cancel());
    }
}
