package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.util.List;

/** Keys that go up in one column and down in another: the copy walks along them, and what is applied meanwhile agrees where it stands. */
class TurnedKeyTest {
    private static final String SUM = "SELECT CONCAT(COUNT(*), ' ', BIT_XOR(CRC32(CONCAT_WS('#', a, w, v)))) FROM ";

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void rowsThatCrossTheCopyArriveOnce(TestServer server, TestDatabase database) throws Exception {
        for (String key : List.of("a DESC, w", "a, w DESC")) {
            for (String after : List.of("", ", DROP PRIMARY KEY, ADD PRIMARY KEY (a, w)")) {
                try (Scene scene = new Scene(server, database)) {
                    AlterTrial trial = scene.trial;
                    trial.rules = Scene.UNCHECKED;
                    trial.execute(
                            "DROP TABLE IF EXISTS t, twin, _t_del",
                            "CREATE TABLE t (a INT NOT NULL, w VARCHAR(9) NOT NULL, v INT NOT NULL, PRIMARY KEY (" + key
                                    + "))");
                    scene.fill("t", "a, w, v", "n DIV 250, CONCAT('w', n % 250), n", 1000);
                    trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");

                    scene.start("t", "ADD COLUMN note INT NOT NULL DEFAULT 1" + after)
                            .untilHalf();
                    for (String table : List.of("t", "twin")) {
                        trial.execute(
                                "UPDATE " + table + " SET v = v + 10000 WHERE v % 3 = 0",
                                // Over to the other end of the walk, within one group and from group to group.
                                "UPDATE " + table + " SET a = 4 - a, w = CONCAT('x', w) WHERE v % 5 = 0",
                                "UPDATE " + table + " SET w = CONCAT(CHAR(ASCII('z') - v % 26), v) WHERE v % 7 = 0",
                                "DELETE FROM " + table + " WHERE v % 11 = 0");
                    }
                    scene.open().finish();

                    assertThat(trial.one(SUM + "t")).as(key + after).isEqualTo(trial.one(SUM + "twin"));
                    assertThat(scene.repaired()).as("%s", trial.said()).isZero();
                }
            }
        }
    }
}
