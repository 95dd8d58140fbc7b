package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.mysql.NamedLock;
import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;

class StartTest {

    @ServerTest
    void renameIsExpandedFilledAndIndexed(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, shop INT NOT NULL, status VARCHAR(20) NOT NULL DEFAULT"
                        + " 'new' COMMENT 'it''s', touched TIMESTAMP NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,"
                        + " KEY (status), UNIQUE KEY shop_status (shop, status))",
                "INSERT INTO t (shop, status, touched) VALUES (1, 'new', '2020-01-01'), (1, 'paid', '2020-01-01'), (2, 'Paid',"
                        + " '2020-01-01')",
                "INSERT INTO t (shop, status, touched) SELECT id * 10 + shop, status, touched FROM t");
        Trial trial = new Trial(database);
        ChangeRow row = trial.with(m -> m.start(trial.change("rename: {from: status, to: order_status}")));
        assertThat(row.state().stage()).isEqualTo(Stage.SHADOW);
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE BINARY order_status = BINARY status"))
                .isEqualTo(6);
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE touched = '2020-01-01'"))
                .isEqualTo(6);
        assertThat(database.query("SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_NAME = 't'"
                        + " AND TABLE_SCHEMA = DATABASE() AND INDEX_NAME LIKE '%order_status' ORDER BY 1"))
                .hasSize(2);
    }

    /** New code may say DEFAULT from dualwrite on; the rows that were there are not touched by it. */
    @ServerTest
    void theNewColumnHasItsDefaultBeforeAnybodyWritesIt(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20) NOT NULL DEFAULT 'new', price DECIMAL(6,2) NULL DEFAULT 1.5)",
                "INSERT INTO t VALUES (1, 'paid', 2)");
        Trial trial = new Trial(database);
        trial.with(
                m -> m.start(
                        trial.change(
                                "rename: {from: status, to: order_status}",
                                "retype: {from: price, to: cents, type: INT, up: 'CAST(price * 100 AS SIGNED)', down: 'cents / 100'}")));
        database.execute("INSERT INTO t (id, order_status, cents, status) VALUES (2, DEFAULT, DEFAULT, 'x')");
        assertThat(database.query("SELECT order_status, cents FROM t ORDER BY id")
                        .toString())
                .isEqualTo("[[paid, 200], [new, 150]]");
    }

    /** Clients serve one change of a table; and a file that was edited since is not the change that is open. */
    @ServerTest
    void aSecondChangeOfTheTableAndAnEditedFileAreRefused(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20) NULL, name VARCHAR(20) NULL)");
        Trial trial = new Trial(database);
        trial.with(m -> m.start(trial.change("rename: {from: status, to: order_status}")));
        assertThatThrownBy(() -> trial.with(m -> m.start(trial.change("rename: {from: status, to: other_status}"))))
                .hasMessageContaining("another definition");
        Change second = ChangeFile.parse(
                "b.yaml",
                "change: b\ntable: " + database.name() + ".t\ncolumns:\n  - rename: {from: name, to: title}\n");
        assertThatThrownBy(() -> trial.with(m -> m.start(second)))
                .hasMessageContaining("change c of the same table is open");
        assertThat(database.queryLong("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = 't'"))
                .isEqualTo(4);
    }

    /** A run whose host is gone has the lock until the server notices; KILL gives it free. */
    @ServerTest(ServerKind.MYSQL_80)
    void aChangeThatAnotherRunWorksOnIsRefusedWithItsConnection(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20) NULL)");
        Trial trial = new Trial(database);
        try (Connection gone = database.connect()) {
            NamedLock lock = NamedLock.ofChange(gone, "crossfade", "c");
            assertThat(lock.take(0)).isTrue();
            long id = database.queryLong("SELECT IS_USED_LOCK('" + lock.name() + "')");
            assertThatThrownBy(() -> trial.with(m -> m.start(trial.change("rename: {from: status, to: order_status}"))))
                    .hasMessageContaining("another run of crossfade works on change c (connection " + id + ", "
                            + database.user() + "@")
                    .hasMessageMatching(".*, last heard of \\d+ s ago\\).*")
                    .hasMessageContaining("half a minute where its host is gone, or end it by KILL " + id + ", ");
            database.execute("KILL " + id);
        }
        trial.with(m -> m.start(trial.change("rename: {from: status, to: order_status}")));
    }
}
