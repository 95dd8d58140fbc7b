package io.crossfade.migrator.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.alter.WatchedSource;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Column;
import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ChangeState;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

class RepairTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);
    private static final KeyRange ALL = new KeyRange(List.of(), List.of("2048"));

    /** Rows that are free but not mended yet are no more held than they have to be: an application may want each of them. */
    @ServerTest
    void aRangeOfWhichSomebodyHoldsARowIsMendedAndLockedByParts(TestDatabase database) throws SQLException {
        table(database);
        Repair repair = repair(database);
        database.execute("ALTER TABLE t ADD COLUMN order_status VARCHAR(20)");
        try (Connection application = manual(database);
                Connection work = manual(database);
                Connection other = manual(database)) {
            lock(application, "id = 2048");
            assertThat(repair.mendUnlocked(work, ALL, true)).isEqualTo(new Repair.Mended(1000, false));
            work.commit();
            assertThat(repair.mendUnlocked(work, ALL, true)).isEqualTo(new Repair.Mended(1000, false));
            assertThat(lock(other, "order_status IS NULL"))
                    .as("rows 2001 to 2047 are free")
                    .isEqualTo(47);
            other.rollback();
            work.commit();
            assertThat(repair.mendUnlocked(work, ALL, true)).isEqualTo(new Repair.Mended(47, false));
            work.commit();
            application.rollback();
            assertThat(repair.mendUnlocked(work, ALL, true)).isEqualTo(new Repair.Mended(1, false));
            work.commit();
            assertThat(repair.mendUnlocked(work, ALL, true)).isEqualTo(new Repair.Mended(0, true));
        }
    }

    /**
     * The server looks for a deadlock already when a lock is asked for, also where an UPDATE of a range would not wait in the end: for a row
     * of the range that does not differ.
     */
    @ServerTest
    void aTransactionThatHoldsARowWhichDoesNotDifferIsNoVictim(TestDatabase database) throws Exception {
        table(database);
        Repair repair = repair(database);
        database.execute(
                "ALTER TABLE t ADD COLUMN order_status VARCHAR(20)",
                "UPDATE t SET order_status = status WHERE id = 2000");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection application = manual(database)) {
            lock(application, "id = 2000");
            AtomicReference<Future<Integer>> write = new AtomicReference<>();
            WatchedSource.Watch watch = new WatchedSource.Watch() {
                @Override
                public void before(Connection session, String sql) {
                    if (sql.startsWith("UPDATE") && write.get() == null) {
                        write.set(
                                thread.submit(() -> execute(application, "UPDATE t SET status = 'paid' WHERE id = 1")));
                        await().atMost(WAIT_MAX).until(() -> write.get().isDone() || isRowAwaited(database));
                    }
                }
            };
            try (Connection work = manual(new WatchedSource(database::connect, watch).open())) {
                Repair.Mended mended = repair.mendUnlocked(work, ALL, false);
                work.commit();
                assertThat(write.get().get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS))
                        .as("rows of the application's second statement")
                        .isOne();
                assertThat(mended).isEqualTo(new Repair.Mended(2047, true));
            }
        } finally {
            thread.shutdownNow();
        }
    }

    /** As many rows can be locked as differed before, and yet one that did is held by somebody: another has come to differ meanwhile. */
    @ServerTest
    void aRowThatSomebodyHoldsIsNotTakenForMended(TestDatabase database) throws Exception {
        table(database);
        Repair repair = repair(database);
        database.execute(
                "ALTER TABLE t ADD COLUMN order_status VARCHAR(20)", "UPDATE t SET order_status = status WHERE id = 5");
        WatchedSource.Watch watch = new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) throws SQLException {
                if (sql.endsWith("SKIP LOCKED")) {
                    database.execute("UPDATE t SET order_status = 'lost' WHERE id = 5");
                }
            }
        };
        try (Connection application = manual(database);
                Connection work = manual(new WatchedSource(database::connect, watch).open())) {
            lock(application, "id = 2000");
            assertThat(repair.mendUnlocked(work, ALL, false)).isEqualTo(new Repair.Mended(2047, false));
            work.rollback();
        }
    }

    private static boolean isRowAwaited(TestDatabase database) throws SQLException {
        return database.queryLong("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")
                > 0;
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            return s.executeUpdate(sql);
        }
    }

    private static void table(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20))", "INSERT INTO t VALUES (1, 'new')");
        for (int i = 1; i < 2048; i *= 2) {
            database.execute("INSERT INTO t SELECT id + " + i + ", status FROM t");
        }
    }

    private static Connection manual(TestDatabase database) throws SQLException {
        return manual(database.connect());
    }

    private static Connection manual(Connection connection) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        return connection;
    }

    /** Locks the rows of a condition that nobody else has; gives how many. */
    private static int lock(Connection connection, String condition) throws SQLException {
        int rows = 0;
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT id FROM t WHERE " + condition + " FOR UPDATE SKIP LOCKED")) {
            while (r.next()) {
                rows++;
            }
        }
        return rows;
    }

    private static Repair repair(TestDatabase database) throws SQLException {
        TableName table = new TableName(database.name(), "t");
        Change change = ChangeFile.parse(
                "test.yaml",
                "change: c\ntable: " + table + "\ncolumns:\n  - rename: {from: status, to: order_status}\n");
        try (Connection connection = database.connect()) {
            MySqlDialect dialect = MySqlDialect.of(connection.getMetaData().getDatabaseProductVersion());
            ChangeState state = new ChangeState(
                    change,
                    new CatalogReader(connection).table(table).orElseThrow(),
                    Stage.DUALWRITE,
                    Direction.FORWARD,
                    0);
            Key key = new Key(dialect, table, "PRIMARY", List.of(KeyColumn.of(Column.plain("id", "int"))));
            return new Repair(dialect, state, key, Side.NEW);
        }
    }
}
