package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;

/** What is applied last, while the table is locked, is converted too. */
class ConvertingCutOverTest {

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aConvertedTableIsCutOverAmongWriters(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB ROW_FORMAT=COMPRESSED",
                "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        try (var connection = trial.connect();
                var statement = connection.createStatement()) {
            trial.listener = progress -> {
                trial.progress.add(progress);
                try {
                    statement.execute("UPDATE t SET v = v + 1");
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            };
            Thread writer = new Thread(() -> {
                try (var other = trial.connect();
                        var s = other.createStatement()) {
                    while (trial.column("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                                    + " AND TABLE_NAME = '_t_del'")
                            .isEmpty()) {
                        s.execute("UPDATE t SET v = v + 1 WHERE id = 2");
                    }
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.setDaemon(true);
            writer.start();
            trial.alter("t", "MODIFY COLUMN v VARCHAR(20) NOT NULL, ROW_FORMAT=COMPRESSED");
            writer.join(60_000);
        }
        assertThat(trial.said()).noneMatch(t -> t.contains("cut short") || t.startsWith("warning"));
        assertThat(trial.one("SELECT COUNT(*) FROM _t_del a JOIN t b ON a.id = b.id AND b.v >= a.v"))
                .isEqualTo("3");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aConvertedRowThatIsWrongInTheGhostIsMended(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB",
                "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        trial.listener = progress -> {
            trial.progress.add(progress);
            if (progress.equals(new Progress.Reached(Milestone.ROW_COPY_COMPLETE))) {
                try {
                    trial.execute("UPDATE _t_gho SET v = 'bent' WHERE id = 2");
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        trial.alter("t", "MODIFY COLUMN v VARCHAR(20) NOT NULL, ROW_FORMAT=COMPRESSED");
        assertThat(trial.column("SELECT v FROM t ORDER BY id")).containsExactly("1", "2", "3");
        assertThat(trial.said()).anyMatch(t -> t.contains(" 1 repaired"));
    }
}
