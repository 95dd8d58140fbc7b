package io.crossfade.migrator.throttle;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Holds back while something that the run measures itself is too high: the lag by heartbeat, the time of a commit. Immutable.
 *
 * @param name what is measured
 * @param unit of both numbers
 * @param now negative where it is not known, which holds back
 * @param max the greatest value that is still good; negative for no limit
 */
public record OwnMeasure(String name, String unit, LongSupplier now, LongSupplier max) implements Throttle {

    /** How far the reader of the change log is behind. */
    public static OwnMeasure heartbeat(LongSupplier lagMillis, LongSupplier maxMillis) {
        return new OwnMeasure("heartbeat lag", "ms", lagMillis, maxMillis);
    }

    /** How long the run's own commits take. */
    public static OwnMeasure commit(LongSupplier commitMicros, LongSupplier maxMicros) {
        return new OwnMeasure("commit latency", "µs", commitMicros, maxMicros);
    }

    @Override
    public Optional<String> reason() {
        long limit = max.getAsLong();
        if (limit < 0) {
            return Optional.empty();
        }
        long value = now.getAsLong();
        if (value < 0) {
            return Optional.of(name + " is not known");
        }
        return value > limit
                ? Optional.of(name + " is " + value + " " + unit + ", above " + limit + " " + unit)
                : Optional.empty();
    }

    @Override
    public Duration every() {
        return EVERY_LOCAL;
    }
}
