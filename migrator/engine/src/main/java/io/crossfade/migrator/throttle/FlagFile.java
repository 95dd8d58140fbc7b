package io.crossfade.migrator.throttle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Waits while a file exists. Immutable. */
public record FlagFile(Path file) implements Throttle {

    @Override
    public Optional<String> reason() {
        return Files.exists(file) ? Optional.of("flag file " + file + " exists") : Optional.empty();
    }
}
