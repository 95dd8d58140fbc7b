package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.ReplicaLag;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that restart, are full, or go away in the middle of a run: one clear message, the table as it was, and a way on. */
class ServerFailuresTest {
    private static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 1";
    private static final int ROWS = 600;

    private static Scene table(TestServer server, TestDatabase database) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(600) NULL) ENGINE=InnoDB");
        scene.fill("t", "id, v", "n, CONCAT('secret', n)", ROWS);
        return scene;
    }

    private static void requireResumable(@Nullable Throwable end, String... parts) {
        assertThat(end).isInstanceOf(MigrationException.class);
        assertThat(end)
                .hasMessageStartingWith("stopped: ")
                .hasMessageContainingAll(parts)
                .hasMessageContaining("run the same command again")
                .hasMessageNotContaining("secret");
    }

    private static void requireDone(TestServer server, TestDatabase database, String rows) throws Exception {
        AlterTrial again = new AlterTrial(server, database).rules(Scene.UNCHECKED);
        again.alter("t", NOTE);
        assertThat(again.said()).anyMatch(said -> said.startsWith("going on from the checkpoint"));
        assertThat(again.one("SELECT SUM(note) FROM t WHERE v LIKE 'secret%'")).isEqualTo(rows);
        assertThat(again.said()).anyMatch(said -> said.endsWith(" 0 repaired"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void aServerThatIsRestartedWithinTheCopyEndsTheRunAndTheSameCommandGoesOn(ServerKind kind) throws Exception {
        try (EmbeddedServer own =
                        EmbeddedServer.of(kind).bufferPoolMebibytes(16).start();
                TestDatabase database = TestDatabase.create(own.server());
                Scene scene = table(own.server(), database)) {
            scene.start("t", NOTE).untilHalf();
            own.stop();
            own.startAgain();
            scene.trial.execute(
                    "UPDATE t SET v = CONCAT(v, 'x') WHERE id % 2 = 0", "DELETE FROM t WHERE id IN (1, 600)");
            scene.open();

            requireResumable(scene.end(), "claim", ".t");
            assertThat(scene.trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
            requireDone(own.server(), database, Integer.toString(ROWS - 2));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void aServerThatIsKilledWhileTheGhostCatchesUpEndsTheRunAndTheSameCommandGoesOn(ServerKind kind) throws Exception {
        try (EmbeddedServer own =
                        EmbeddedServer.of(kind).bufferPoolMebibytes(16).start();
                TestDatabase database = TestDatabase.create(own.server());
                Scene scene = table(own.server(), database)) {
            scene.trial.controls.postpone();
            scene.open().start("t", NOTE);
            scene.until("postponed", () -> scene.status().state().equals("postponing cut-over"));
            scene.trial.execute("UPDATE t SET v = CONCAT(v, 'x')", "DELETE FROM t WHERE id = 7");
            own.kill();
            own.startAgain();
            scene.trial.execute("UPDATE t SET v = CONCAT(v, 'y')", "DELETE FROM t WHERE id = 8");
            scene.trial.controls.unpostpone();

            requireResumable(scene.end(), "claim", ".t");
            assertThat(scene.trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
            assertThat(scene.trial.one("SELECT COUNT(*) FROM t WHERE v LIKE 'secret%xy'"))
                    .isEqualTo(Integer.toString(ROWS - 2));
            requireDone(own.server(), database, Integer.toString(ROWS - 2));
        }
    }

    /** Nobody waits for it by opening sessions again and again: the claim is lost with the server. */
    @Test
    void aServerThatDoesNotComeBackEndsTheRun() throws Exception {
        try (EmbeddedServer own = EmbeddedServer.of(ServerKind.MYSQL_80)
                        .bufferPoolMebibytes(16)
                        .start();
                TestDatabase database = TestDatabase.create(own.server());
                Scene scene = table(own.server(), database)) {
            scene.trial.controls.postpone();
            scene.open().start("t", NOTE);
            scene.until("postponed", () -> scene.status().state().equals("postponing cut-over"));
            own.kill();

            requireResumable(scene.end(), "claim", ".t");
            own.startAgain();
            scene.trial.controls.unpostpone();
            requireDone(own.server(), database, Integer.toString(ROWS));
        }
    }

    /** The tablespace has a bound, as a disk has. */
    @Test
    void aFullDiskEndsTheRunAndTheSameCommandGoesOnWhenThereIsRoom() throws Exception {
        try (EmbeddedServer own = EmbeddedServer.of(ServerKind.MYSQL_80)
                        .bufferPoolMebibytes(16)
                        .option("--innodb-file-per-table=OFF")
                        .option("--innodb-data-file-path=ibdata1:12M:autoextend:max:36M")
                        .start();
                TestDatabase database = TestDatabase.create(own.server());
                Scene scene = table(own.server(), database)) {
            scene.trial.execute("UPDATE t SET v = RPAD(v, 600, '.')", "CREATE TABLE filler LIKE t");
            scene.start("t", NOTE).untilHalf();
            fillUp(scene.trial);
            scene.open();

            requireResumable(scene.end(), "no room", ".t", "make room");
            assertThat(scene.trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
            assertThat(scene.trial.one("SELECT COUNT(*) FROM t")).isEqualTo(Integer.toString(ROWS));
            scene.trial.execute("DROP TABLE filler");
            requireDone(own.server(), database, Integer.toString(ROWS));
        }
    }

    /** Until not one more page is to be had. */
    private static void fillUp(AlterTrial trial) throws SQLException {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            for (int rows = ROWS; rows >= 1; ) {
                try {
                    s.execute("INSERT INTO filler SELECT id + (SELECT COALESCE(MAX(id), 0) FROM filler f), v FROM t"
                            + " WHERE id <= " + rows);
                } catch (SQLException full) {
                    assertThat(full.getErrorCode()).isEqualTo(1114);
                    rows /= 8;
                }
            }
        }
    }

    @Test
    void aReplicaThatVanishesHoldsTheRunByNameUntilItIsBack() throws Exception {
        try (EmbeddedServer own = replicating(1);
                EmbeddedServer replica = replicating(2);
                TestDatabase database = TestDatabase.create(own.server());
                Scene scene = table(own.server(), database)) {
            TestServer source = own.server();
            try (Connection connection = replica.server().connect("");
                    Statement s = connection.createStatement()) {
                s.execute("CHANGE MASTER TO MASTER_HOST='" + source.host() + "', MASTER_PORT=" + source.port()
                        + ", MASTER_USER='" + source.user() + "', MASTER_PASSWORD='" + source.password()
                        + "', MASTER_AUTO_POSITION=1, GET_MASTER_PUBLIC_KEY=1");
                s.execute("START SLAVE");
            }
            Answers lag =
                    new Answers(new ReplicaLag("r:1", () -> replica.server().connect(""), Duration.ofSeconds(600)));
            scene.trial.throttles.add(lag);
            scene.start("t", NOTE).untilHalf();
            replica.kill();
            scene.until("the replica is missed", () -> lag.last.contains("cannot be asked"));
            scene.open();
            scene.until(
                    "the replica is named",
                    () -> scene.status().throttledBy().startsWith("replica r:1 cannot be asked"));
            long copied = scene.status().rowsCopied();
            assertThat(copied).isLessThan(ROWS);
            synchronized (scene.trial.progress) {
                assertThat(scene.trial.progress)
                        .noneMatch(p -> p instanceof Progress.Throttled t
                                && t.toString().contains(source.password() + "@"));
            }
            replica.startAgain();

            scene.finish();
            assertThat(scene.trial.one("SELECT SUM(note) FROM t")).isEqualTo(Integer.toString(ROWS));
        }
    }

    /** A throttle whose answers can be seen. */
    private static final class Answers implements Throttle {
        private final Throttle asked;
        private volatile String last = "";

        private Answers(Throttle asked) {
            this.asked = asked;
        }

        @Override
        public Optional<String> reason() throws SQLException {
            try {
                Optional<String> reason = asked.reason();
                last = reason.orElse("");
                return reason;
            } catch (SQLException e) {
                last = "cannot be asked";
                throw e;
            }
        }

        @Override
        public String name() {
            return asked.name();
        }

        @Override
        public void release() {
            asked.release();
        }
    }

    private static EmbeddedServer replicating(int id) {
        return EmbeddedServer.of(ServerKind.MYSQL_80)
                .bufferPoolMebibytes(16)
                .option("--server-id=" + id)
                .start();
    }
}
