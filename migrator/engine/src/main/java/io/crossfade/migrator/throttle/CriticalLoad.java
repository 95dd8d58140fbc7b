package io.crossfade.migrator.throttle;

import io.crossfade.migrator.signal.MigrationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends the run where the server is loaded far too much; or, as asked, has it lie still for some time instead. One thread at a
 * time.
 */
public final class CriticalLoad implements Throttle {
    private final StatusVariables variables;
    private final Supplier<List<Limit>> limits;
    private final Duration secondLook;
    private final Duration hibernation;
    private final LongSupplier clockNanos;
    private @Nullable Long firstSeenNanos;
    private @Nullable Long awakeNanos;

    /**
     * @param limits above one of these it is critical
     * @param secondLook it has to be critical still after this; zero ends at first sight
     * @param hibernation instead of ending, nothing is done for so long; zero ends
     */
    public CriticalLoad(
            ReplicaLag.Connections server, Supplier<List<Limit>> limits, Duration secondLook, Duration hibernation) {
        this(server, limits, secondLook, hibernation, System::nanoTime);
    }

    CriticalLoad(
            ReplicaLag.Connections server,
            Supplier<List<Limit>> limits,
            Duration secondLook,
            Duration hibernation,
            LongSupplier clockNanos) {
        this.variables = new StatusVariables(server);
        this.limits = limits;
        this.secondLook = secondLook;
        this.hibernation = hibernation;
        this.clockNanos = clockNanos;
    }

    @Override
    public Optional<String> reason() throws SQLException {
        long now = clockNanos.getAsLong();
        Long awake = awakeNanos;
        if (awake != null && now - awake < 0) {
            return Optional.of("critical-load: hibernating for another "
                    + Duration.ofNanos(awake - now).toSeconds() + " s");
        }
        awakeNanos = null;
        Optional<String> tooMuch = variables.broken(limits.get());
        if (tooMuch.isEmpty()) {
            firstSeenNanos = null;
            return tooMuch;
        }
        if (!hibernation.isZero()) {
            awakeNanos = now + hibernation.toNanos();
            return Optional.of(
                    "critical-load: " + tooMuch.get() + "; hibernating for " + hibernation.toSeconds() + " s");
        }
        Long first = firstSeenNanos;
        if (first == null && !secondLook.isZero()) {
            firstSeenNanos = now;
            return Optional.of(
                    "critical-load: " + tooMuch.get() + "; a second look follows in " + secondLook.toMillis() + " ms");
        }
        if (first != null && now - first < secondLook.toNanos()) {
            return Optional.of("critical-load: " + tooMuch.get());
        }
        throw MigrationException.stopped("stopped: critical load; " + tooMuch.get()
                + "; run the same command again when the server has calmed down");
    }

    @Override
    public Duration every() {
        return firstSeenNanos != null && secondLook.compareTo(EVERY) < 0 ? secondLook : EVERY;
    }

    @Override
    public String name() {
        return "critical-load";
    }

    @Override
    public void release() {
        variables.release();
    }
}
