package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.cli.AlterCommandTest.Said;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code crossfade alter} with the flags whose work shows in a whole run alone, with rows written while it is under way. */
class WholeRunTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(90);

    private static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 7";

    @TempDir
    private Path folder;

    private Path hooks;

    @BeforeEach
    void makeHooks() throws IOException {
        hooks = Files.createDirectory(folder.resolve("hooks"));
    }

    private void hook(String place, String body) throws IOException {
        Path file = Files.writeString(
                hooks.resolve("gh-ost-on-" + place), "#!/bin/sh\ncd '" + folder + "'\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Said alter(TestDatabase database, String... flags) {
        List<String> arguments = new ArrayList<>(List.of(
                "alter",
                "--url=" + database.jdbcUrl(),
                "--user=" + database.user(),
                "--password=" + database.password(),
                "--table=t",
                "--route=ghost",
                "--hooks-path=" + hooks));
        arguments.addAll(List.of(flags));
        return AlterCommandTest.run(arguments.toArray(new String[0]));
    }

    private interface Work {
        void run() throws SQLException;
    }

    /** The rows are copied, and the changes applied as they come, while the work is done; then the cut-over goes ahead. */
    private Said alterWhile(Work work, TestDatabase database, String... flags) throws Exception {
        Path postponed = folder.resolve("postponed");
        Path standing = folder.resolve("standing");
        hook("begin-postponed", "touch standing");
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("--alter=" + NOTE, "--postpone-cut-over-flag-file=" + postponed, "--execute"));
        CompletableFuture<Said> run = CompletableFuture.supplyAsync(() -> alter(database, all.toArray(new String[0])));
        await().atMost(WAIT_MAX).until(() -> Files.exists(standing) || run.isDone());
        if (!run.isDone()) {
            work.run();
        }
        Files.deleteIfExists(postponed);
        Said said = run.join();
        assertThat(said.code()).as(said.text()).isZero();
        assertThat(standing).as(said.text()).exists();
        return said;
    }

    /** Who holds back on the way back is who reads the log, and is further behind the longer it does. */
    @ServerTest
    void theWayBackIsNotHeldUpByBeingBehind(TestDatabase database) throws Exception {
        create(database, "id INT PRIMARY KEY, v INT NOT NULL", "n, 0", 1000);
        assertThat(alter(database, "--alter=" + NOTE, "--execute").code()).isZero();
        for (int i = 0; i < 10; i++) {
            database.execute("UPDATE t SET v = v + 1");
        }
        Path panic = folder.resolve("panic");
        CompletableFuture<Said> back = CompletableFuture.supplyAsync(
                () -> alter(database, "--revert", "--execute", "--max-lag-millis=100", "--panic-flag-file=" + panic));
        try {
            await().atMost(WAIT_MAX).until(back::isDone);
        } finally {
            Files.writeString(panic, "");
        }
        assertThat(back.join().code()).as(back.join().text()).isZero();
        assertThat(database.query("SELECT COUNT(*), MIN(v) FROM t").toString()).isEqualTo("[[1000, 10]]");
    }

    private static void create(TestDatabase database, String columns, String values, int rows) throws SQLException {
        database.execute(
                "CREATE TABLE t (" + columns + ")",
                "CREATE TABLE digits (d INT PRIMARY KEY)",
                "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
                "INSERT INTO t SELECT " + values + " FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d AS n"
                        + " FROM digits a, digits b, digits c) numbers WHERE n <= " + rows);
    }

    /** Neither the copy nor what comes from the change log may set one off: the table's own have done their work. */
    @ServerTest
    void triggersComeAlongAndEachWriteSetsThemOffOnce(TestDatabase database) throws Exception {
        create(database, "id INT PRIMARY KEY, changed INT NOT NULL", "n, 0", 200);
        database.execute(
                "CREATE TABLE seen (id INT, what VARCHAR(9))",
                "CREATE TRIGGER t_put AFTER INSERT ON t FOR EACH ROW INSERT INTO seen VALUES (NEW.id, 'put')",
                "CREATE TRIGGER t_set BEFORE UPDATE ON t FOR EACH ROW SET NEW.changed = OLD.changed + 1",
                "CREATE TRIGGER t_gone AFTER DELETE ON t FOR EACH ROW INSERT INTO seen VALUES (OLD.id, 'gone')");
        alterWhile(
                () -> database.execute(
                        "INSERT INTO t (id, changed) VALUES (1001, 0)",
                        "UPDATE t SET changed = 0 WHERE id IN (1, 2)",
                        "DELETE FROM t WHERE id = 3"),
                database,
                "--include-triggers",
                "--trigger-suffix=_new");
        database.execute(
                "INSERT INTO t (id, changed) VALUES (1002, 0)",
                "UPDATE t SET changed = 0 WHERE id = 2",
                "DELETE FROM t WHERE id = 4");

        assertThat(database.query("SELECT CONCAT(what, ' ', id) FROM seen ORDER BY id")
                        .toString())
                .isEqualTo("[[gone 3], [gone 4], [put 1001], [put 1002]]");
        assertThat(database.query("SELECT id, changed FROM t WHERE changed > 0 ORDER BY id")
                        .toString())
                .isEqualTo("[[1, 1], [2, 2]]");
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE note = 7")).isEqualTo(200);
        assertThat(database.query("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA ="
                                + " DATABASE() AND EVENT_OBJECT_TABLE = 't' ORDER BY 1")
                        .toString())
                .isEqualTo("[[t_gone_new], [t_put_new], [t_set_new]]");

        Said status = alter(database, "--status");
        assertThat(status.text()).contains("cannot be reverted", "the trigger t_put");
        Said back = alter(database, "--revert", "--execute", "--include-triggers", "--trigger-suffix=_new");
        assertThat(back.code()).as(back.text()).isEqualTo(3);
        assertThat(back.lastLine()).contains("the trigger t_put");
        assertThat(database.query("SHOW COLUMNS FROM t LIKE 'note'")).hasSize(1);
    }

    @ServerTest
    void theServersLogIsSwitchedToRowsWhereThatIsAskedFor(TestDatabase database) throws Exception {
        create(database, "id INT PRIMARY KEY, v INT NOT NULL", "n, 0", 100);
        try {
            database.execute("SET GLOBAL binlog_format = 'STATEMENT'");
            Said refused = alter(database, "--alter=" + NOTE, "--execute");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.lastLine()).contains("binlog_format is STATEMENT", "--switch-to-rbr");

            Said said = alterWhile(
                    () -> database.execute("UPDATE t SET v = id WHERE id <= 10", "DELETE FROM t WHERE id = 20"),
                    database,
                    "--switch-to-rbr");
            assertThat(said.text()).contains("set the server's binlog_format to ROW, as asked; it was STATEMENT");
            assertThat(said.text()).doesNotContain("should not have been necessary");
            assertThat(database.query("SELECT @@GLOBAL.binlog_format").toString())
                    .isEqualTo("[[ROW]]");
            assertThat(database.query("SELECT COUNT(*), SUM(v), SUM(note) FROM t")
                            .toString())
                    .isEqualTo("[[99, 55, 693]]");
        } finally {
            database.execute("SET GLOBAL binlog_format = 'ROW'");
        }
    }

    /** The old table keeps them, and holds the parent's rows until it is dropped. */
    @ServerTest
    void foreignKeysAreGivenUpWhereThatIsAskedFor(TestDatabase database) throws Exception {
        create(database, "id INT PRIMARY KEY, parent INT NOT NULL, KEY (parent)", "n, n % 5", 100);
        database.execute(
                "CREATE TABLE parents (id INT PRIMARY KEY)",
                "INSERT INTO parents SELECT d FROM digits",
                "ALTER TABLE t ADD CONSTRAINT t_parent FOREIGN KEY (parent) REFERENCES parents (id)");
        alterWhile(
                () -> database.execute(
                        "INSERT INTO t VALUES (1001, 9)",
                        "UPDATE t SET parent = 8 WHERE id <= 10",
                        "DELETE FROM t WHERE id = 20"),
                database,
                "--discard-foreign-keys");
        assertThat(database.query("SHOW CREATE TABLE t").toString()).doesNotContain("FOREIGN KEY");
        assertThat(database.query("SELECT COUNT(*), SUM(parent = 8), SUM(parent = 9), SUM(note) FROM t")
                        .toString())
                .isEqualTo("[[100, 10, 1, 700]]");
        database.execute("INSERT INTO t (id, parent) VALUES (1002, 77)");
        assertThatThrownBy(() -> database.execute("DELETE FROM parents WHERE id = 1"))
                .hasMessageContaining("_t_del");
        database.execute("DROP TABLE _t_del", "DELETE FROM parents WHERE id = 1");
    }

    /** Whoever says so has to mend the children's foreign keys: they follow the old table. */
    @ServerTest(ServerKind.MYSQL_80)
    void foreignKeysAreNotLookedForWhereThatIsAskedFor(TestDatabase database) throws Exception {
        create(database, "id INT PRIMARY KEY, v INT NOT NULL", "n, 0", 100);
        database.execute(
                "CREATE TABLE children (id INT PRIMARY KEY, CONSTRAINT of_t FOREIGN KEY (id) REFERENCES t (id))",
                "INSERT INTO children VALUES (1)");
        Said refused = alter(database, "--alter=" + NOTE, "--discard-foreign-keys", "--execute");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.lastLine()).contains("is referenced by", ".children (of_t)");
        alterWhile(
                () -> database.execute("INSERT INTO t VALUES (1001, 1)", "UPDATE t SET v = 2 WHERE id = 1"),
                database,
                "--skip-foreign-key-checks");
        assertThat(database.query("SELECT COUNT(*), SUM(v), SUM(note) FROM t").toString())
                .isEqualTo("[[101, 3, 707]]");
        assertThat(database.query("SELECT REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE"
                                + " CONSTRAINT_SCHEMA = DATABASE()")
                        .toString())
                .isEqualTo("[[_t_del]]");
    }

    /** The change log's cache holds no chunk of this size, on no server; the hook hears of each time, and smaller ones pass. */
    @ServerTest
    void aChunkThatTheChangeLogDoesNotHoldIsCutAndTheHookIsTold(TestDatabase database) throws Exception {
        create(database, "id INT PRIMARY KEY, v VARCHAR(2000) NOT NULL", "n, REPEAT('secret', 250)", 200);
        hook("batch-copy-retry", "echo \"$GH_OST_TABLE_NAME $GH_OST_LAST_BATCH_COPY_ERROR\" >> told");
        Said said;
        try {
            database.execute("SET GLOBAL max_binlog_cache_size = 65536");
            said = alter(database, "--alter=" + NOTE, "--execute");
        } finally {
            database.execute("SET GLOBAL max_binlog_cache_size = DEFAULT");
        }
        assertThat(said.code()).as(said.text()).isZero();
        assertThat(said.text()).doesNotContain("should not have been necessary");
        assertThat(database.queryLong("SELECT COUNT(*) FROM t WHERE note = 7 AND v LIKE 'secret%'"))
                .isEqualTo(200);
        assertThat(Files.readAllLines(folder.resolve("told")))
                .hasSizeGreaterThan(2)
                .allMatch(line -> line.startsWith("t ") && line.contains("max_binlog_cache_size"));
    }
}
