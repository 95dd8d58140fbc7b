package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** A column change whose sessions are lost ends by one clear line, and the same command goes on. */
class LostServerCommandTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @ServerTest
    void aLostServerEndsTheCommandWhichGoesOn(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20) NOT NULL)", "INSERT INTO t VALUES (1, 'new')");
        Path file = Files.writeString(
                directory.resolve("c.yaml"),
                "change: c\ntable: " + database.name()
                        + ".t\ncolumns:\n  - rename: {from: status, to: order_status}\n");
        Path flag = Files.createFile(directory.resolve("hold"));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream told = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(told);
            System.setErr(told);
            FutureTask<Integer> started = new FutureTask<>(() -> start(database, file, "--throttle-flag-file=" + flag));
            Thread thread = new Thread(started, "start");
            thread.setDaemon(true);
            thread.start();
            await().atMost(WAIT_MAX)
                    .until(() -> bytes.toString(StandardCharsets.UTF_8).contains("holding back"));
            for (List<Object> session : database.query("SELECT ID FROM information_schema.PROCESSLIST"
                    + " WHERE DB = DATABASE() AND ID <> CONNECTION_ID()")) {
                kill(database, session.get(0));
            }
            Files.delete(flag);
            int code = started.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
            assertThat(code).as(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(4);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .last()
                .asString()
                .startsWith("crossfade: stopped: ")
                .contains(" was lost", "all that was done is saved; run the same command again");
        assertThat(start(database, file, "--nice-ratio=0")).isZero();
    }

    private static int start(TestDatabase database, Path file, String more) {
        return Crossfade.run(
                new Interruption(),
                "start",
                file.toString(),
                "--discovery-millis=0",
                more,
                "--url",
                database.jdbcUrl() + "&password=" + database.password(),
                "--user",
                database.user());
    }

    private static void kill(TestDatabase database, Object session) {
        try {
            database.execute("KILL " + session);
        } catch (SQLException e) {
            // It had ended by itself.
            return;
        }
    }
}
