package io.crossfade.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HooksTest {

    /** Longer than any test. */
    private static final Duration BOUND = Duration.ofHours(1);

    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Cancel cancel = new Cancel();

    private final List<String> log = new CopyOnWriteArrayList<>();

    private Hooks hooks(Duration bound) {
        return new Hooks(folder, () -> Map.of("TABLE_NAME", "users", "HOOKS_HINT", "a b"), log::add, bound, cancel);
    }

    private void script(String name, String body) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\ncd '" + folder + "'\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void hooksOfAPlaceRunInTheOrderOfTheirNamesAndAreToldWhatTheyNeed() throws IOException {
        script("gh-ost-on-startup-2", "echo \"2 $CROSSFADE_TABLE_NAME\" >> out");
        script("gh-ost-on-startup-1", "echo \"1 $GH_OST_TABLE_NAME $GH_OST_HOOKS_HINT\" >> out");
        script("gh-ost-on-success", "echo never >> out");
        Files.writeString(folder.resolve("gh-ost-on-startup-3"), "not executable");
        hooks(BOUND).reached(Milestone.STARTED);
        assertThat(Files.readAllLines(folder.resolve("out"))).containsExactly("1 users a b", "2 users");
    }

    @Test
    void everyPlaceHasItsHook() throws IOException {
        for (String place : List.of(
                "startup",
                "validated",
                "rowcount-complete",
                "before-row-copy",
                "row-copy-complete",
                "begin-postponed",
                "stop-replication",
                "start-replication",
                "before-cut-over",
                "success",
                "failure")) {
            script("gh-ost-on-" + place, "echo " + place + " >> out");
        }
        for (Milestone each : Milestone.values()) {
            hooks(BOUND).reached(each);
        }
        assertThat(Files.readAllLines(folder.resolve("out"))).hasSize(Milestone.values().length);
    }

    @Test
    void oneThatFailsEndsTheRunButNotWhereItOnlyTells() throws IOException {
        script("gh-ost-on-before-cut-over", "echo not now; exit 3");
        script("gh-ost-on-failure", "exit 4");
        script("gh-ost-on-status", "echo \"$GH_OST_STATUS\" > out; exit 5");
        assertThatThrownBy(() -> hooks(BOUND).reached(Milestone.BEFORE_CUT_OVER))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("ended with 3, saying: not now");
        hooks(BOUND).reached(Milestone.FAILURE);
        hooks(BOUND).status("Copy: 1/2");
        await().until(() -> log.stream().anyMatch(l -> l.contains("ended with 5")));
        assertThat(Files.readAllLines(folder.resolve("out"))).containsExactly("Copy: 1/2");
        assertThat(log).anyMatch(l -> l.contains("ended with 4"));
    }

    @Test
    void oneOfAChunkThatIsCopiedOnceMoreIsToldTheErrorAndDecidesNothing() throws IOException {
        script(
                "gh-ost-on-batch-copy-retry",
                "echo \"$GH_OST_LAST_BATCH_COPY_ERROR $GH_OST_TABLE_NAME\" >> out; exit 6");
        hooks(BOUND).copiedAgain("no room");
        assertThat(Files.readAllLines(folder.resolve("out"))).containsExactly("no room users");
        assertThat(log).anyMatch(l -> l.contains("ended with 6"));
        script("gh-ost-on-batch-copy-retry", "exec sleep 600");
        cancel.request("stopped: panic");
        assertThatThrownBy(() -> hooks(BOUND).copiedAgain("no room")).hasMessageContaining("stopped: panic");
    }

    @Test
    void aCommandMayBeRejected() throws IOException {
        script("gh-ost-on-interactive-command", "test \"$GH_OST_COMMAND\" != panic");
        assertThat(hooks(BOUND).command("status")).isEmpty();
        assertThat(hooks(BOUND).command("panic")).contains("ended with 1");
    }

    @Test
    void oneThatDoesNotEndIsEnded() throws IOException {
        script("gh-ost-on-validated", "exec sleep 60");
        assertThatThrownBy(() -> hooks(Duration.ofMillis(200)).reached(Milestone.VALIDATED))
                .hasMessageContaining("did not end");
    }

    /** Its process and those that it started are gone then. */
    @Test
    void aWishToStopEndsTheWaitForOneAndItsProcess() throws Exception {
        script("gh-ost-on-before-cut-over", "sleep 600 & echo $! > child; mv child started; wait");
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> hooks(BOUND).reached(Milestone.BEFORE_CUT_OVER));
        Path started = folder.resolve("started");
        await().atMost(WAIT_MAX).until(() -> Files.exists(started) || waiting.isDone());
        ProcessHandle child = ProcessHandle.of(
                        Long.parseLong(Files.readString(started).strip()))
                .orElseThrow();
        cancel.request("stopped: panic");
        await().atMost(WAIT_MAX).until(waiting::isDone);
        assertThatThrownBy(waiting::join)
                .hasCauseInstanceOf(MigrationException.class)
                .hasMessageContaining("stopped: panic");
        await().atMost(WAIT_MAX).until(() -> !child.isAlive());
    }

    @Test
    void oneThatTellsOfTheStopIsNotEndedByIt() throws IOException {
        script("gh-ost-on-failure", "sleep 0.5; echo told > out");
        cancel.request();
        hooks(BOUND).reached(Milestone.FAILURE);
        assertThat(folder.resolve("out")).hasContent("told");
    }

    @Test
    void oneOfTheStatusThatHangsHoldsNobodyUpAndIsToldOnce() throws IOException {
        script(
                "gh-ost-on-status",
                "echo \"$GH_OST_STATUS\" >> out; i=0; while test ! -e go -a $i -lt 300; do sleep 0.1; i=$((i+1)); done;"
                        + " test -e go || echo unheard >> out");
        Hooks hooks = hooks(BOUND);
        hooks.status("one");
        await().until(() -> Files.exists(folder.resolve("out")));
        hooks.status("two");
        hooks.status("three");
        assertThat(log).filteredOn(l -> l.contains("has not ended")).hasSize(1);
        Files.createFile(folder.resolve("go"));
        await().until(() -> {
            hooks.status("four");
            return Files.readAllLines(folder.resolve("out")).contains("four");
        });
        assertThat(Files.readAllLines(folder.resolve("out"))).startsWith("one", "four");
        // One more may have been begun, and write while the folder is deleted.
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("crossfade-hook-status")));
    }

    @Test
    void aFolderThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> new Hooks(folder.resolve("none"), Map::of, log::add, BOUND, cancel))
                .hasMessageContaining("is no folder");
    }
}
