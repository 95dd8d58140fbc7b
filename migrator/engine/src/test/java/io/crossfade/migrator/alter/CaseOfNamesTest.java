package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;

/** Tables whose names differ in case alone, on servers that tell them apart. */
class CaseOfNamesTest {
    private static final String ROWS = "SELECT CONCAT_WS(' ', id, v) FROM ";

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void whatHappensToANeighbourIsNobodysBusiness(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, v INT NOT NULL)",
                    "CREATE TABLE T (id INT PRIMARY KEY, v INT NOT NULL)",
                    "CREATE TABLE child (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES T (id))",
                    "CREATE TRIGGER tr BEFORE UPDATE ON T FOR EACH ROW SET NEW.v = NEW.v + 1",
                    "INSERT INTO T VALUES (1, 1), (2, 2)");
            scene.fill("t", "id, v", "n, n", 1000);
            scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 7").untilHalf();

            trial.execute("UPDATE T SET v = -1", "INSERT INTO T VALUES (5000, 5000)", "DELETE FROM T WHERE id = 2");
            trial.execute("ALTER TABLE T ADD COLUMN more INT", "INSERT INTO T VALUES (6000, 0, 0)");
            scene.open().finish();

            assertThat(scene.repaired()).as("%s", trial.said()).isZero();
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(v)) FROM t")).isEqualTo("1000 500500");

            trial.execute("UPDATE t SET v = 77 WHERE id = 7", "UPDATE T SET v = 99", "ALTER TABLE T DROP COLUMN more");
            trial.execute("DROP TABLE child", "TRUNCATE T", "INSERT INTO T VALUES (7, 7)");
            trial.alteration(new TableAlter(trial.table("t"), "ADD COLUMN note INT NOT NULL DEFAULT 7"))
                    .revert();
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(v)) FROM t")).isEqualTo("1000 500570");
            assertThat(trial.column(ROWS + "T")).containsExactly("7 7");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void neighboursAreChangedInOneRun(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            AlterTrial trial = scene.trial;
            trial.execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, v INT NOT NULL)",
                    "CREATE TABLE T (id INT PRIMARY KEY, v INT NOT NULL)");
            scene.fill("t", "id, v", "n, n", 1000);
            trial.execute("INSERT INTO T SELECT id, 0 FROM t WHERE id <= 10");
            scene.start(
                            new TableAlter(trial.table("t"), "ADD COLUMN note INT"),
                            new TableAlter(trial.table("T"), "ADD COLUMN note INT"))
                    .untilHalf();
            trial.execute("UPDATE t SET v = 0 WHERE id < 5", "UPDATE T SET v = 1 WHERE id < 3");
            scene.open().finish();

            assertThat(scene.repaired()).as("%s", trial.said()).isZero();
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(v)) FROM t")).isEqualTo("1000 500490");
            assertThat(trial.one("SELECT CONCAT(COUNT(*), ' ', SUM(v)) FROM T")).isEqualTo("10 2");
        }
    }
}
