package io.crossfade.migrator.throttle;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Holds back while the operator says so. Immutable. */
public record ByHand(BooleanSupplier isWished) implements Throttle {

    @Override
    public Optional<String> reason() {
        return isWished.getAsBoolean() ? Optional.of("commanded by user") : Optional.empty();
    }

    @Override
    public Duration every() {
        return EVERY_LOCAL;
    }
}
