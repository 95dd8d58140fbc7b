package io.crossfade.cli.hook;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operator's programs at the places of a run: executables whose names begin with {@code gh-ost-on-} and the place's, in the
 * order of their names. One that fails ends the run, but for those that only tell: success, failure, status, batch-copy-retry.
 *
 * <p>Safe for many threads.
 */
public final class Hooks {

    /** One that only tells, or says whether a command is allowed, has this long at most. Judged, not measured: longer than over a slow net. */
    static final Duration TELL_BOUND = Duration.ofMinutes(10);

    /** How soon one that waits for a hook hears that the run has to end. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** What a hook has for its own tidying up when it is ended. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Of what a failing hook said, enough to see why. */
    private static final int SAID_BYTES_MAX = 2_000;

    private static final String PREFIX = "gh-ost-on-";

    private final @Nullable Path folder;
    private final Supplier<Map<String, String>> facts;
    private final Consumer<String> log;
    private final Duration bound;
    private final Cancel cancel;
    private final Object copyAgain = new Object();
    private final AtomicBoolean isTellingStatus = new AtomicBoolean();
    private volatile boolean isStatusLate;

    /**
     * @param folder where they are; null for none
     * @param facts what each is told, as environment variables without their prefix
     * @param log is told of each
     * @param bound how long one on the run's way may take
     * @param cancel the operator's wish to stop, which ends the wait for one on the run's way
     */
    public Hooks(
            @Nullable Path folder,
            Supplier<Map<String, String>> facts,
            Consumer<String> log,
            Duration bound,
            Cancel cancel) {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "cannot use --hooks-path: " + folder + " is no folder; name the one that holds the hooks");
        }
        if (bound.isZero() || bound.isNegative()) {
            throw new IllegalArgumentException("cannot use --hooks-timeout: " + bound.toSeconds()
                    + " s is no time for a hook; give 1 second at least");
        }
        this.folder = folder;
        this.facts = facts;
        this.log = log;
        this.bound = bound;
        this.cancel = cancel;
    }

    /** Runs those of a place on the run's way. */
    public void reached(Milestone milestone) {
        switch (milestone) {
            case STARTED -> run("startup");
            case VALIDATED -> run("validated");
            case ROWS_COUNTED -> run("rowcount-complete");
            case BEFORE_ROW_COPY -> run("before-row-copy");
            case ROW_COPY_COMPLETE -> run("row-copy-complete");
            case POSTPONED -> run("begin-postponed");
            case STOPPING_REPLICATION -> run("stop-replication");
            case STARTING_REPLICATION -> tell("start-replication", Map.of());
            case BEFORE_CUT_OVER -> run("before-cut-over");
            case SUCCESS -> tell("success", Map.of());
            case FAILURE -> tell("failure", Map.of());
        }
    }

    /** Runs those of a chunk that is copied once more, one chunk after the other; the copy waits, and a wish to stop ends that. */
    public void copiedAgain(String error) {
        synchronized (copyAgain) {
            first("batch-copy-retry", Map.of("LAST_BATCH_COPY_ERROR", error), new Patience(tellBound(), true))
                    .ifPresent(log);
        }
    }

    /**
     * Runs those of the status on a thread of their own; they decide nothing and hold nobody up. While they have not ended they are not
     * run again, which is said once.
     */
    public void status(String line) {
        if (!isTellingStatus.compareAndSet(false, true)) {
            if (!isStatusLate) {
                isStatusLate = true;
                log.accept("hook " + PREFIX
                        + "status has not ended since its last time; it is not run until it has, and is ended after "
                        + tellBound().toMinutes() + " min");
            }
            return;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        first("status", Map.of("STATUS", line), told()).ifPresent(log);
                    } catch (MigrationException e) {
                        log.accept(String.valueOf(e.getMessage()));
                    } finally {
                        isStatusLate = false;
                        isTellingStatus.set(false);
                    }
                },
                "crossfade-hook-status");
        thread.setDaemon(true);
        thread.start();
    }

    /** How long a hook may take, and whether a wish to stop ends it: not where it may be that very wish that it tells of. */
    private record Patience(Duration atMost, boolean hearsStop) {}

    private Patience told() {
        return new Patience(tellBound(), false);
    }

    private Duration tellBound() {
        return bound.compareTo(TELL_BOUND) < 0 ? bound : TELL_BOUND;
    }

    /** Runs those of a command; gives why it is rejected, or an empty text. */
    public String command(String command) {
        return first("interactive-command", Map.of("COMMAND", command), told()).orElse("");
    }

    private void run(String place) {
        first(place, Map.of(), new Patience(bound, true)).ifPresent(failure -> {
            throw MigrationException.stopped("stopped: " + failure + "; mend the hook and run the same command again");
        });
    }

    private void tell(String place, Map<String, String> more) {
        first(place, more, told()).ifPresent(log);
    }

    /** Runs all of a place up to the first that fails; says how. */
    private Optional<String> first(String place, Map<String, String> more, Patience patience) {
        for (Path hook : of(place)) {
            log.accept("hook " + hook.getFileName());
            Optional<String> failure = execute(hook, more, patience);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    private List<Path> of(String place) {
        Path here = folder;
        if (here == null) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(here)) {
            return all.filter(p -> p.getFileName().toString().startsWith(PREFIX + place))
                    .filter(p -> Files.isRegularFile(p) && Files.isExecutable(p))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw MigrationException.stopped("stopped: cannot list the hooks in " + here + "; " + e.getMessage()
                    + "; make the folder readable and run the same command again");
        }
    }

    private Optional<String> execute(Path hook, Map<String, String> more, Patience patience) {
        Path said = null;
        try {
            said = Files.createTempFile("crossfade-hook", ".log");
            ProcessBuilder builder = new ProcessBuilder(hook.toAbsolutePath().toString());
            put(builder.environment(), facts.get());
            put(builder.environment(), more);
            builder.environment().remove("CROSSFADE_PASSWORD");
            builder.environment().remove("CROSSFADE_MASTER_PASSWORD");
            builder.redirectErrorStream(true).redirectOutput(said.toFile());
            Process process = builder.start();
            process.getOutputStream().close();
            try {
                if (!hasEnded(process, patience)) {
                    return Optional.of("hook " + hook.getFileName() + " did not end within "
                            + patience.atMost().toSeconds() + " s");
                }
            } finally {
                end(process);
            }
            int code = process.exitValue();
            return code == 0
                    ? Optional.empty()
                    : Optional.of("hook " + hook.getFileName() + " ended with " + code + saying(said));
        } catch (IOException e) {
            return Optional.of("hook " + hook.getFileName() + " could not be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("hook " + hook.getFileName() + " was interrupted");
        } finally {
            delete(said);
        }
    }

    private boolean hasEnded(Process process, Patience patience) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + patience.atMost().toNanos();
        while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (patience.hearsStop()) {
                cancel.check();
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
        }
        return true;
    }

    /** Ends what is still there of it: first as Ctrl-C does, then outright. */
    private static void end(Process process) throws InterruptedException {
        if (process.isAlive()) {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static String saying(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(SAID_BYTES_MAX), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "" : ", saying: " + text.replace("\n", " / ");
        }
    }

    private static void put(Map<String, String> environment, Map<String, String> values) {
        values.forEach((name, value) -> {
            environment.put("GH_OST_" + name, value);
            environment.put("CROSSFADE_" + name, value);
        });
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // A file in the temporary folder is left.
        }
    }
}
