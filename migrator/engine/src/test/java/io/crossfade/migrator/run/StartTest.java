package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
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
}
