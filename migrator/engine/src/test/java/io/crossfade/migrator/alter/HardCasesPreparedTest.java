package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Hard case 19: what a client's session has prepared on the server, over a cut-over and over the way back. */
class HardCasesPreparedTest {

    /** Its columns stand elsewhere afterwards, and are of other types. */
    private static final String ALTER =
            "ADD COLUMN note VARCHAR(10) NOT NULL DEFAULT 'new' FIRST, MODIFY v BIGINT NOT NULL, MODIFY w VARCHAR(90)";

    @ServerTest
    void statementsThatWerePreparedBeforeGoOnAndGiveWhatIsThere(TestServer server, TestDatabase database)
            throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v INT NOT NULL, w VARCHAR(40)) ENGINE=InnoDB",
                "INSERT INTO t VALUES (1, 10, 'one'), (2, 20, NULL)");
        try (Connection control = database.connect()) {
            new ControlStore(control).install();
        }
        try (HikariDataSource pool = GateLoad.pool(database, "&useServerPrepStmts=true&cachePrepStmts=true", 1);
                Connection connection = pool.getConnection();
                PreparedStatement all = connection.prepareStatement("SELECT * FROM t WHERE id = ?");
                PreparedStatement some = connection.prepareStatement("SELECT v, w FROM t WHERE id = ?");
                PreparedStatement update = connection.prepareStatement("UPDATE t SET v = v + ? WHERE id = ?");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, v) VALUES (?, ?)")) {
            // The connector keeps this one for the next who asks for its text.
            try (PreparedStatement other = connection.prepareStatement("SELECT * FROM t WHERE id = ?")) {
                assertThat(rows(other, 2)).containsExactly("id=2 v=20 w=null");
                assertThat(rows(all, 1)).containsExactly("id=1 v=10 w=one");
            }
            assertThat(rows(some, 1)).containsExactly("v=10 w=one");
            write(update, insert, 3);

            long before = preparedAgain(connection);
            trial.alter("t", ALTER);
            assertThat(rows(all, 1)).containsExactly("note=new id=1 v=11 w=one");
            assertThat(rows(some, 1)).containsExactly("v=11 w=one");
            write(update, insert, 4);
            assertThat(rows(all, 4)).containsExactly("note=new id=4 v=7 w=null");
            assertThat(preparedAgain(connection) - before)
                    .as("statements that the server has prepared again by itself")
                    .isGreaterThanOrEqualTo(4);

            trial.alteration(new TableAlter(trial.table("t"), ALTER)).revert();
            assertThat(rows(all, 1)).containsExactly("id=1 v=12 w=one");
            assertThat(rows(some, 4)).containsExactly("v=7 w=null");
            write(update, insert, 5);
        }
        assertThat(trial.column("SELECT CONCAT(id, ' ', v) FROM t ORDER BY id"))
                .containsExactly("1 13", "2 20", "3 7", "4 7", "5 7");
    }

    private static void write(PreparedStatement update, PreparedStatement insert, int id) throws SQLException {
        update.setInt(1, 1);
        update.setInt(2, 1);
        assertThat(update.executeUpdate()).isOne();
        insert.setInt(1, id);
        insert.setInt(2, 7);
        assertThat(insert.executeUpdate()).isOne();
    }

    private static List<String> rows(PreparedStatement prepared, int id) throws SQLException {
        prepared.setInt(1, id);
        List<String> rows = new ArrayList<>();
        try (ResultSet r = prepared.executeQuery()) {
            ResultSetMetaData columns = r.getMetaData();
            while (r.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    String label = columns.getColumnLabel(i);
                    assertThat(r.getString(label)).isEqualTo(r.getString(i));
                    values.add(label + "=" + r.getString(i));
                }
                rows.add(String.join(" ", values));
            }
        }
        return rows;
    }

    private static long preparedAgain(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW SESSION STATUS LIKE 'Com_stmt_reprepare'")) {
            r.next();
            return r.getLong(2);
        }
    }
}
