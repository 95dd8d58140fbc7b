package io.crossfade.migrator.throttle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Holds back while a file exists; which one may change. Immutable. */
public record FlagFile(Supplier<Optional<Path>> file) implements Throttle {

    public FlagFile(Path file) {
        this(() -> Optional.of(file));
    }

    @Override
    public Optional<String> reason() {
        return file.get().filter(Files::exists).map(f -> "flag file " + f + " exists");
    }

    @Override
    public Duration every() {
        return EVERY_LOCAL;
    }
}
