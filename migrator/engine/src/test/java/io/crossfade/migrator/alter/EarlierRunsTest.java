package io.crossfade.migrator.alter;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.checkpoint.Shape;
import io.crossfade.migrator.checkpoint.Undertaking;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What an earlier run left means what it says, also to a run of other words, and to one of another table. */
final class EarlierRunsTest {
    private static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 7";

    private static AlterTrial trial(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, k INT, w INT)",
                "INSERT INTO t VALUES (1, 10, 100), (2, 20, 200), (3, 30, 300)");
        return trial;
    }

    private static Rules rules(Consumer<SomeRules> wishes) {
        return SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            wishes.accept(r);
        });
    }

    private static Alteration change(AlterTrial trial, String table, String alter) {
        return trial.alteration(new TableAlter(trial.table(table), alter));
    }

    /** Ends the run where it comes to this milestone. */
    private static void stopAt(AlterTrial trial, Milestone milestone) {
        trial.listener = progress -> {
            trial.progress.add(progress);
            if (progress instanceof Progress.Reached reached && reached.milestone() == milestone) {
                trial.cancel.request();
            }
        };
    }

    private static AlterTrial again(TestServer server, TestDatabase database, AlterTrial before) {
        return new AlterTrial(server, database).rules(before.rules);
    }

    /** The server carries out what was sent, later than the next run looks. */
    @ServerTest({MYSQL_80, MARIADB_114})
    void aGhostThatAKilledRunIsStillMakingIsWaitedFor(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        TableAlter alter = new TableAlter(trial.table("t"), NOTE);
        GhostNames names = GhostNames.of(alter, trial.rules, Instant.now());
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Connection killed = trial.connect();
                Claim making = Claim.making(killed, alter.table())) {
            making.check();
            begunAndKilled(killed, alter, names, trial.rules);
            Future<?> next = other.submit(() -> {
                trial.alter("t", NOTE);
                return null;
            });
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> next.isDone()
                            || !trial.column("SELECT ID FROM information_schema.PROCESSLIST WHERE STATE = 'User lock'"
                                            + " AND DB = DATABASE()")
                                    .isEmpty());
            trial.execute("CREATE TABLE _t_gho (id INT PRIMARY KEY)");
            killed.close();
            next.get(30, TimeUnit.SECONDS);
            assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("21");
        } finally {
            other.shutdownNow();
        }
    }

    /** Its checkpoint tells that it was at it, and no more. */
    private static void begunAndKilled(Connection killed, TableAlter alter, GhostNames names, Rules rules)
            throws Exception {
        CheckpointTable checkpoints = new CheckpointTable(Server.of(killed).dialect(), names.checkpoint());
        checkpoints.create(killed);
        checkpoints.save(
                killed,
                AlterCheckpoint.begin(
                        "killed",
                        new Undertaking(
                                alter.table().toString(),
                                NOTE,
                                null,
                                rules.deciding(),
                                names.ghost().table(),
                                names.old().table(),
                                List.of(),
                                Shape.of(killed, Server.of(killed).dialect(), alter.table())
                                        .orElseThrow(),
                                null)));
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void aGhostThatAKilledRunHasJustMadeIsNotInTheWay(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        TableAlter alter = new TableAlter(trial.table("t"), NOTE);
        try (Connection killed = trial.connect()) {
            begunAndKilled(killed, alter, GhostNames.of(alter, trial.rules, Instant.now()), trial.rules);
        }
        trial.execute("CREATE TABLE _t_gho LIKE t");
        trial.alter("t", NOTE);
        assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("21");
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void whatGhOstLeftIsNamedAndDroppedWhenAsked(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        trial.rules = rules(r -> {});
        for (String left : new String[] {
            "_t_ghc (id BIGINT AUTO_INCREMENT PRIMARY KEY, last_update TIMESTAMP, hint VARCHAR(64), value VARCHAR(400))",
            "_t_ghk (gh_ost_chk_id BIGINT AUTO_INCREMENT PRIMARY KEY, gh_ost_chk_timestamp BIGINT)"
        }) {
            trial.execute("CREATE TABLE " + left);
            assertThatThrownBy(() -> trial.alter("t", NOTE))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(
                            left.substring(0, 6) + "\" exists, which an earlier run or gh-ost may have left")
                    .hasMessageContaining("--initially-drop-ghost-table");
        }
        trial.rules = rules(r -> r.dropsGhostFirst = true);
        trial.alter("t", NOTE);
        assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("21");
        // gh-ost again, between the cut-over and the way back.
        trial.execute("CREATE TABLE _t_ghc (id BIGINT PRIMARY KEY, hint VARCHAR(64))");
        assertThatThrownBy(() -> change(trial, "t", NOTE).revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("_t_ghc\" exists and has other columns");
        trial.execute("DROP TABLE _t_ghc");
        change(trial, "t", NOTE).revert();
    }

    @ServerTest
    void aRunThatWasEndedInItsCutOverCanBeGivenUp(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = new Scene(server, database)) {
            scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NULL) ENGINE=InnoDB");
            scene.fill("t", "id, v", "n, n", 600);
            scene.start("t", NOTE).untilHalf();
            scene.trial.cancel.request();
            assertThat(scene.end()).isInstanceOf(MigrationException.class);
        }
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute(
                "UPDATE _t_ghk SET state = JSON_SET(state, '$.step', 'CUTTING_OVER')",
                "ALTER TABLE t ADD COLUMN other INT");
        assertThatThrownBy(() -> trial.alter("t", NOTE)).hasMessageContaining("--initially-drop-ghost-table");
        trial.rules(rules(r -> r.dropsGhostFirst = true)).alter("t", NOTE);
        assertThat(trial.one("SELECT COUNT(note) FROM t WHERE other IS NULL")).isEqualTo("600");
    }

    @ServerTest(MYSQL_80)
    void nobodyGoesBackToAHalfDroppedTable(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database).rules(rules(r -> r.dropsOldAfter = true));
        stopBeforeTheDrop(trial);
        assertThatThrownBy(() -> trial.alter("t", NOTE)).isInstanceOf(MigrationException.class);
        trial.execute("DELETE FROM _t_del ORDER BY id LIMIT 2");

        AlterTrial keeping = new AlterTrial(server, database);
        assertThat(change(keeping, "t", NOTE).standings().get(0).obstacles())
                .singleElement()
                .asString()
                .contains("being dropped");
        assertThatThrownBy(() -> change(keeping, "t", NOTE).revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("dropping");
        assertThatThrownBy(() -> keeping.alter("t", "ADD COLUMN other INT"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("half dropped", NOTE);
        keeping.alter("t", NOTE);
        assertThat(keeping.column("SHOW TABLES")).containsExactly("t");
        assertThat(keeping.one("SELECT COUNT(*) FROM t WHERE note = 7")).isEqualTo("3");
    }

    /** The names are exchanged, and somebody reads the old table, so that it cannot be dropped. */
    private static void stopBeforeTheDrop(AlterTrial trial) {
        trial.listener = progress -> {
            trial.progress.add(progress);
            if (progress instanceof Progress.Note note && note.text().startsWith("cut over")) {
                trial.cancel.request();
            }
        };
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void twoTablesWhoseLongNamesBeginAlikeHaveGhostsOfTheirOwn(TestServer server, TestDatabase database)
            throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        String first = "a".repeat(61) + "1";
        String second = "a".repeat(61) + "2";
        for (String table : new String[] {first, second}) {
            trial.execute(
                    "CREATE TABLE " + table + " (id INT PRIMARY KEY, k INT)",
                    "INSERT INTO " + table + " VALUES (1, 1)");
            trial.alter(table, NOTE);
            trial.execute("INSERT INTO " + table + " (id, k) VALUES (2, " + table.substring(61) + ")");
        }
        change(trial, second, NOTE).revert();
        assertThat(trial.column("SELECT CONCAT_WS(' ', id, k) FROM " + second + " ORDER BY id"))
                .containsExactly("1 1", "2 2");
        assertThat(trial.column("SELECT CONCAT_WS(' ', id, k, note) FROM " + first + " ORDER BY id"))
                .containsExactly("1 1 7", "2 1 7");
    }

    @ServerTest(MYSQL_80)
    void aNameThatIsForcedUponTwoTablesIsTheFirstOnes(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database).rules(rules(r -> r.names = "both"));
        trial.execute("CREATE TABLE u (id INT PRIMARY KEY, k INT)", "INSERT INTO u VALUES (9, 9)");
        trial.alter("t", NOTE);
        for (boolean isBack : new boolean[] {false, true}) {
            assertThatThrownBy(() -> {
                        if (isBack) {
                            change(trial, "u", NOTE).revert();
                        } else {
                            trial.alter("u", NOTE);
                        }
                    })
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("_both_ghk", ".t\"", "--force-table-names");
        }
        assertThat(trial.column("SELECT k FROM u")).containsExactly("9");
    }

    @ServerTest(MYSQL_80)
    void aTableThatWasAlteredSinceIsNotTakenBack(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        trial.alter("t", NOTE);
        trial.execute("UPDATE t SET k = 11 WHERE id = 1");
        for (String since : new String[] {"MODIFY w INT AFTER id", "MODIFY w BIGINT AFTER k"}) {
            trial.execute("ALTER TABLE t " + since);
            assertThat(change(trial, "t", NOTE).standings().get(0).isRevertible())
                    .isFalse();
            assertThatThrownBy(() -> change(trial, "t", NOTE).revert())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("columns of", ".t ");
        }
        assertThat(trial.one("SELECT CONCAT_WS(' ', k, w) FROM t WHERE id = 1")).isEqualTo("11 100");
    }

    @ServerTest(MYSQL_80)
    void aTableThatWasAlteredThereAndBackIsNotTakenBackEither(TestServer server, TestDatabase database)
            throws Exception {
        AlterTrial trial = trial(server, database);
        trial.alter("t", NOTE);
        trial.execute(
                "ALTER TABLE t MODIFY w INT AFTER id",
                "UPDATE t SET k = 11 WHERE id = 1",
                "ALTER TABLE t MODIFY w INT AFTER k");
        assertThatThrownBy(() -> change(trial, "t", NOTE).revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("stopped: revert of", "ALTER");
        assertThat(trial.one("SELECT CONCAT_WS(' ', k, w) FROM t WHERE id = 1")).isEqualTo("11 100");
    }

    @ServerTest(MYSQL_80)
    void anIndexMoreIsInNobodysWayBack(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        trial.alter("t", NOTE);
        trial.execute(
                "ALTER TABLE t ADD INDEX ks (k), ALTER COLUMN note SET DEFAULT 8",
                "INSERT INTO t (id, k, w) VALUES (4, 40, 400)");
        change(trial, "t", NOTE).revert();
        assertThat(trial.column("SELECT CONCAT_WS(' ', id, k, w) FROM t WHERE id = 4"))
                .containsExactly("4 40 400");
    }

    @ServerTest(MYSQL_80)
    void whatWasBegunWithOtherFlagsIsNotGoneOnWith(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database).rules(rules(r -> r.approvesRenamed = true));
        String rename = "CHANGE k kk INT";
        stopAt(trial, Milestone.ROW_COPY_COMPLETE);
        assertThatThrownBy(() -> trial.alter("t", rename)).isInstanceOf(MigrationException.class);
        AlterTrial other = new AlterTrial(server, database).rules(rules(r -> r.skipsRenamed = true));
        assertThatThrownBy(() -> other.alter("t", rename))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll(
                        "begun with --approve-renamed-columns",
                        "now asked for with --skip-renamed-columns",
                        "--initially-drop");
        again(server, database, trial).alter("t", rename);
        assertThat(trial.column("SELECT kk FROM t ORDER BY id")).containsExactly("10", "20", "30");
        // The way back goes by the flags of the way there.
        change(new AlterTrial(server, database), "t", rename).revert();
        assertThat(trial.column("SELECT k FROM t ORDER BY id")).containsExactly("10", "20", "30");
    }

    @ServerTest(MYSQL_80)
    void aTriggerThatCameMeanwhileIsNotLost(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        trial.listener = progress -> {
            trial.progress.add(progress);
            if (progress instanceof Progress.Reached reached && reached.milestone() == Milestone.BEFORE_CUT_OVER) {
                assertThat(catching(
                                () -> trial.execute("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.w = 1")))
                        .isNull();
            }
        };
        assertThatThrownBy(() -> trial.alter("t", NOTE)).isInstanceOf(MigrationException.class);
        assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
    }

    private static Throwable catching(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return org.assertj.core.api.Assertions.catchThrowable(call);
    }

    @ServerTest(MYSQL_80)
    void theSameAlterIsCarriedOutAgainWhereItIsWanted(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        trial.alter("t", NOTE);
        trial.alter("t", NOTE);
        assertThat(trial.said()).anyMatch(t -> t.contains("already"));
        trial.execute("ALTER TABLE t DROP COLUMN note");
        // The old table of the first one is in the way now.
        assertThatThrownBy(() -> trial.alter("t", NOTE))
                .hasMessageContainingAll("_t_del", "--initially-drop-old-table");
        AlterTrial freeing = again(server, database, trial).rules(rules(r -> r.dropsOldFirst = true));
        freeing.alter("t", NOTE);
        assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).containsExactly("note");
    }

    @ServerTest(MYSQL_80)
    void aTableThatIsToBeWrittenAnewIsWrittenAnewEachTime(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database).rules(rules(r -> {
            r.dropsOldFirst = true;
            r.timestampsOld = false;
        }));
        String anew = "ENGINE=InnoDB";
        String id = "SELECT TABLE_ID FROM information_schema.INNODB_TABLES WHERE NAME = '" + database.name() + "/t'";
        trial.alter("t", anew);
        String first = trial.one(id);
        trial.alter("t", anew);
        assertThat(trial.one(id)).isNotEqualTo(first);
    }

    @ServerTest(MYSQL_80)
    void anOldTableWithTheTimeInItsNameLeavesTheNextOneFree(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database).rules(rules(r -> r.timestampsOld = true));
        trial.alter("t", NOTE);
        String old = trial.one("SHOW TABLES LIKE '\\_t\\_2%'");
        trial.execute("RENAME TABLE " + old + " TO _t_20000101000000_del");
        trial.execute("UPDATE _t_ghk SET state = REPLACE(state, '" + old + "', '_t_20000101000000_del')");
        trial.alter("t", "ADD COLUMN other INT");
        assertThat(trial.column("SHOW TABLES LIKE '\\_t\\_2%'")).hasSize(2);
    }
}
