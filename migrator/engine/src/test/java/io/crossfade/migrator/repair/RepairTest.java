package io.crossfade.migrator.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.MySqlDialect;
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
import java.util.List;

class RepairTest {
    private static final KeyRange ALL = new KeyRange(List.of(), List.of("2048"));

    /** Rows that are free but not mended yet are no more held than they have to be: an application may want each of them. */
    @ServerTest
    void aRangeOfWhichSomebodyHoldsARowIsMendedAndLockedByParts(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20))", "INSERT INTO t VALUES (1, 'new')");
        for (int i = 1; i < 2048; i *= 2) {
            database.execute("INSERT INTO t SELECT id + " + i + ", status FROM t");
        }
        Repair repair = repair(database);
        database.execute("ALTER TABLE t ADD COLUMN order_status VARCHAR(20)");
        try (Connection application = manual(database);
                Connection work = manual(database);
                Connection other = manual(database)) {
            lock(application, "id = 2048");
            assertThat(repair.mendUnlocked(work, ALL, false)).isEqualTo(new Repair.Mended(1000, false));
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

    private static Connection manual(TestDatabase database) throws SQLException {
        Connection connection = database.connect();
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
