package io.crossfade.cli.hook;

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
 * order of their names. One that fails ends the run, but for those that only tell: success, failure, status.
 *
 * <p>Safe for many threads.
 */
public final class Hooks {

    /** gh-ost waits for ever; a hook that takes a day was forgotten. */
    static final Duration HOOK_BOUND = Duration.ofHours(24);

    /**
     * One of the status decides nothing and is run again and again: it has this long. Judged, not measured: longer than one that tells
     * somebody over a slow net.
     */
    static final Duration STATUS_BOUND = Duration.ofMinutes(10);

    /** Of what a failing hook said, enough to see why. */
    private static final int SAID_BYTES_MAX = 2_000;

    private static final String PREFIX = "gh-ost-on-";

    private final @Nullable Path folder;
    private final Supplier<Map<String, String>> facts;
    private final Consumer<String> log;
    private final Duration bound;
    private final AtomicBoolean isTellingStatus = new AtomicBoolean();
    private volatile boolean isStatusLate;

    /**
     * @param folder where they are; null for none
     * @param facts what each is told, as environment variables without their prefix
     * @param log is told of each
     */
    public Hooks(@Nullable Path folder, Supplier<Map<String, String>> facts, Consumer<String> log) {
        this(folder, facts, log, HOOK_BOUND);
    }

    Hooks(@Nullable Path folder, Supplier<Map<String, String>> facts, Consumer<String> log, Duration bound) {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "cannot use --hooks-path: " + folder + " is no folder; name the one that holds the hooks");
        }
        this.folder = folder;
        this.facts = facts;
        this.log = log;
        this.bound = bound;
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
                        + STATUS_BOUND.toMinutes() + " min");
            }
            return;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        first("status", Map.of("STATUS", line), least(bound, STATUS_BOUND))
                                .ifPresent(log);
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

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Runs those of a command; gives why it is rejected, or an empty text. */
    public String command(String command) {
        return first("interactive-command", Map.of("COMMAND", command), bound).orElse("");
    }

    private void run(String place) {
        first(place, Map.of(), bound).ifPresent(failure -> {
            throw MigrationException.stopped("stopped: " + failure + "; mend the hook and run the same command again");
        });
    }

    private void tell(String place, Map<String, String> more) {
        first(place, more, bound).ifPresent(log);
    }

    /** Runs all of a place up to the first that fails; says how. */
    private Optional<String> first(String place, Map<String, String> more, Duration atMost) {
        for (Path hook : of(place)) {
            log.accept("hook " + hook.getFileName());
            Optional<String> failure = execute(hook, more, atMost);
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

    private Optional<String> execute(Path hook, Map<String, String> more, Duration atMost) {
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
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return Optional.of("hook " + hook.getFileName() + " did not end within " + atMost);
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
