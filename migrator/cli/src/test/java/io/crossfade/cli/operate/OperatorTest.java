package io.crossfade.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.alter.Controls;
import io.crossfade.migrator.alter.Status;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.ThrottleSettings;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorTest {
    @TempDir
    private Path folder;

    private final Controls controls = new Controls();
    private final ThrottleSettings throttles = new ThrottleSettings();
    private Status status = status("copying", "", 12, Duration.ofSeconds(63));
    private final OperatedRun run = new OperatedRun(
            "d", "t", "h:3306", "r:3306", () -> status, () -> 10, controls, throttles, false, () -> "# hints");
    private final OperatorCommands commands = new OperatorCommands(run, false, false, c -> "", (c, l) -> {});

    private static Status status(String state, String throttledBy, long leftSeconds, Duration elapsed) {
        return new Status(
                state,
                500,
                1000,
                7,
                3,
                1000,
                0,
                elapsed,
                Duration.ofSeconds(60),
                "binlog.000003:1234",
                10,
                throttledBy,
                Duration.ofSeconds(leftSeconds),
                1000);
    }

    @Test
    void theBacklogIsNeverShownAboveItsBound() {
        Status one = new Status(
                "copying", 1, 2, 3, 60_005, 10_000, 0, Duration.ZERO, Duration.ZERO, "", 0, "", Duration.ZERO, 1);
        assertThat(StatusLine.of(one, 0)).contains("Backlog: 10000/10000;");
    }

    @Test
    void theStatusLineIsGhOsts() {
        assertThat(StatusLine.of(status, 0))
                .isEqualTo("Copy: 500/1000 50.0%; Applied: 7; Backlog: 3/1000; Time: 1m3s(total), 1m0s(copy); streamer:"
                        + " binlog.000003:1234; Lag: 0.01s, HeartbeatLag: 0.01s, State: migrating; ETA: 12s");
        assertThat(StatusLine.of(status("copying", "max-load", -1, Duration.ofHours(2)), 2000))
                .contains("2h0m0s(total)")
                .contains("Lag: 2.00s")
                .contains("State: throttled, max-load; ETA: N/A");
        assertThat(StatusLine.of(status("postponed", "", 0, Duration.ZERO), 0))
                .endsWith("State: postponing cut-over; ETA: due");
    }

    @Test
    void linesComeOftenWhereSomebodyLooksAndSeldomElse() {
        Status far = status("copying", "", 3600, Duration.ofHours(1));
        assertThat(StatusRhythm.isDue(59, far, 999)).isTrue();
        assertThat(StatusRhythm.isDue(61, far, 999)).isFalse();
        assertThat(StatusRhythm.isDue(65, far, 999)).isTrue();
        assertThat(StatusRhythm.isDue(205, far, 999)).isFalse();
        assertThat(StatusRhythm.isDue(210, far, 999)).isTrue();
        assertThat(StatusRhythm.isDue(205, far, 10)).isTrue();
        assertThat(StatusRhythm.isDue(1001, status, 999)).as("the end is near").isTrue();
    }

    @Test
    void everyCommandOfGhOstIsAnswered() {
        for (String each : List.of("help", "status", "sup", "coordinates", "applier", "inspector", "cpu-profile")) {
            assertThat(commands.answer(each)).doesNotContain("Unknown").isNotBlank();
        }
        assertThat(commands.answer("sup")).startsWith("Copy: 500/1000");
        assertThat(commands.answer("status")).startsWith("# hints\nCopy:");
        assertThat(commands.answer("chunk-size=500")).contains("Copy:");
        assertThat(commands.answer("chunk-size=?")).isEqualTo("500");
        assertThat(commands.answer("chunk-size=5")).contains("Copy:");
        assertThat(controls.chunkRows()).isEqualTo(10);
        assertThat(commands.answer("chunk-size=many")).contains("is no number");
        commands.answer("dml-batch-size=20");
        commands.answer("nice-ratio=0.5");
        commands.answer("max-lag-millis = 3000");
        assertThat(commands.answer("max-commit-latency-millis=?")).isEqualTo("0");
        commands.answer("max-commit-latency-millis=250");
        assertThat(commands.answer("max-commit-latency-millis=?")).isEqualTo("250");
        assertThat(throttles.commitMicrosMax()).isEqualTo(250_000);
        commands.answer("max-statement-millis=80");
        assertThat(commands.answer("max-statement-millis=?")).isEqualTo("80");
        assertThat(throttles.statementMillisMax()).isEqualTo(80);
        assertThat(commands.answer("max-statement-millis=-1")).startsWith("cannot set");
        assertThat(throttles.statementMillisMax()).isEqualTo(80);
        commands.answer("max-load=Threads_running=30,Threads_connected=500");
        commands.answer("critical-load=Threads_running=300");
        commands.answer("throttle-query=SELECT a=1");
        commands.answer("throttle-http=http://h/?a=b");
        commands.answer("throttle-control-replicas=a,b:3307");
        Path flag = folder.resolve("postponed");
        commands.answer("postpone-cut-over-flag-file=" + flag);
        assertThat(flag).exists();
        assertThat(commands.answer("postpone-cut-over-flag-file=")).startsWith("cannot set");
        assertThat(commands.answer("postpone-cut-over-flag-file=" + flag.resolve("under/it")))
                .startsWith("cannot make the flag file");
        assertThat(commands.answer("dml-batch-size=?")).isEqualTo("20");
        assertThat(commands.answer("nice-ratio=?")).isEqualTo("0.5");
        assertThat(commands.answer("max-lag-millis=?")).isEqualTo("3000");
        assertThat(commands.answer("max-load=?")).isEqualTo("Threads_running=30,Threads_connected=500");
        assertThat(commands.answer("critical-load=?")).isEqualTo("Threads_running=300");
        assertThat(commands.answer("throttle-query=?")).isEqualTo("SELECT a=1");
        assertThat(commands.answer("throttle-http=?")).isEqualTo("http://h/?a=b");
        assertThat(commands.answer("throttle-control-replicas=?")).isEqualTo("a:3306,b:3307");
        assertThat(commands.answer("postpone-cut-over-flag-file=?")).isEqualTo(flag.toString());
        commands.answer("throttle");
        assertThat(throttles.isThrottledByHand()).isTrue();
        commands.answer("no-throttle");
        assertThat(throttles.isThrottledByHand()).isFalse();
        assertThat(commands.answer("replication-lag-query=SELECT 1")).contains("no effect", "heartbeat");
        assertThat(commands.answer("dance")).startsWith("Unknown command");
    }

    @Test
    void cutOverAndPanicMayHaveToNameTheTable() {
        OperatorCommands named = new OperatorCommands(run, true, true, c -> "", (c, l) -> {});
        controls.postpone();
        assertThat(named.answer("unpostpone")).contains("unpostpone=t");
        assertThat(named.answer("cut-over=other")).contains("changes t");
        assertThat(named.answer("cut-over=t")).contains("not postponed at this moment");
        status = status("postponing cut-over", "", 0, Duration.ZERO);
        assertThat(named.answer("cut-over=t")).isEqualTo("Unpostponed");
        assertThat(controls.isPostponed()).isFalse();
        assertThat(commands.answer("unpostpone")).contains("is not postponed");
        named.answer("postpone-cut-over-flag-file=" + folder.resolve("once more"));
        assertThat(controls.isPostponed()).isTrue();
        assertThat(named.answer("panic")).contains("panic=t");
        assertThat(controls.isPanicking()).isFalse();
        named.answer("panic=t");
        assertThat(controls.isPanicking()).isTrue();
    }

    @Test
    void theComparisonMayBeLeftOutOnTheWayBackAlone() {
        assertThat(commands.answer("skip-checksum")).contains("cannot skip-checksum", "--revert");
        assertThat(controls.skipsChecksumBack()).isFalse();
        OperatedRun back = new OperatedRun(
                "d", "t", "h:3306", "r:3306", () -> status, () -> 10, controls, throttles, true, () -> "# hints");
        assertThat(new OperatorCommands(back, false, false, c -> "", (c, l) -> {}).answer("skip-checksum"))
                .contains("not compared any further");
        assertThat(controls.skipsChecksumBack()).isTrue();
    }

    @Test
    void aHookMayRejectACommand() {
        OperatorCommands strict =
                new OperatorCommands(run, false, false, c -> c.startsWith("panic") ? "no" : "", (c, l) -> {});
        assertThat(strict.answer("panic")).isEqualTo("no");
        assertThat(controls.isPanicking()).isFalse();
    }

    /** A limit on what the server does not show counts as broken: critical-load would end the run over a typing error. */
    @Test
    void aLimitThatTheServerCannotAnswerIsRefused() {
        OperatorCommands asking = new OperatorCommands(run, false, false, c -> "", (command, limits) -> {
            if (limits.stream().anyMatch(l -> l.variable().equals("Thread_running"))) {
                throw MigrationException.refused("cannot use " + command + ": no such variable");
            }
            if (limits.stream().anyMatch(l -> l.variable().equals("Away"))) {
                throw new SQLException("gone");
            }
        });
        for (String name : List.of("critical-load", "max-load")) {
            assertThat(asking.answer(name + "=Threads_running=50")).contains("Copy:");
            assertThat(asking.answer(name + "=Thread_running=9"))
                    .isEqualTo("cannot use " + name + ": no such variable");
            assertThat(asking.answer(name + "=Away=9")).startsWith("cannot set " + name + ": the server");
            assertThat(asking.answer(name + "=?")).as("what held before").isEqualTo("Threads_running=50");
        }
    }

    @Test
    void theSocketAnswersOneLineAndIsTheOwnersAlone() throws IOException {
        Path file = folder.resolve("run.sock");
        try (OperatorSocket socket = new OperatorSocket(commands::answer)) {
            socket.listen(file, false);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(ask(UnixDomainSocketAddress.of(file), "chunk-size=?\n")).isEqualTo("1000\n");
            int port = socket.listen(0);
            assertThat(ask(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "coordinates\n"))
                    .isEqualTo("binlog.000003:1234\n");
            try (OperatorSocket second = new OperatorSocket(commands::answer)) {
                assertThatThrownBy(() -> second.listen(file, false)).hasMessageContaining("somebody listens");
            }
            assertThat(file).exists();
        }
        assertThat(file).doesNotExist();
        try (var folderFiles = Files.list(folder)) {
            assertThat(folderFiles).isEmpty();
        }
    }

    @Test
    void aSocketThatAKilledRunLeftIsReplaced() throws IOException {
        Path file = folder.resolve("run.sock");
        var left = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        left.bind(UnixDomainSocketAddress.of(file));
        left.close();
        assertThat(file).exists();
        try (OperatorSocket socket = new OperatorSocket(commands::answer)) {
            socket.listen(file, false);
            assertThat(ask(UnixDomainSocketAddress.of(file), "chunk-size=?\n")).isEqualTo("1000\n");
        }
    }

    @Test
    void theTimerPrintsAndEnds() {
        List<String> printed = new CopyOnWriteArrayList<>();
        try (StatusTimer timer = new StatusTimer(run, printed::add, s -> {})) {
            timer.start();
            await().until(() -> printed.size() >= 3);
        }
        assertThat(printed.get(0)).isEqualTo("# hints");
        assertThat(printed.get(1)).startsWith("Copy: 500/1000");
    }

    @Test
    void gaugesAreSentWithTheirTags() throws IOException {
        try (DatagramSocket collector = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Statsd statsd = new Statsd("127.0.0.1:" + collector.getLocalPort(), "env:prod")) {
            collector.setSoTimeout(10_000);
            statsd.send(status, 10);
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            collector.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .contains("crossfade.alter.rows_copied:500|g|#env:prod\n");
        }
    }

    private static String ask(SocketAddress address, String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(10_000);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }
}
