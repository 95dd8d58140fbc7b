package io.crossfade.migrator.run;

import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.walk.Pacing;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a run goes about its work. Immutable.
 *
 * @param pacing how hard chunks are worked at
 * @param fenceTimeout how long one fence may take before the run stops, resumable
 * @param discovery how long a newly opened change waits for idle clients to register
 * @param forcedClients clients past their lease that are passed over although they could not be fenced
 * @param allowsInplace whether the server rebuilds the table in place, and no ghost is made, where rows have to be touched
 * @param log where the server's change log is read, for a ghost table; null where that is not known
 * @param quietFor for how long nobody may have named the old columns, or written without the driver, before the last stages; nothing
 *     is asked where it is zero
 * @param allowsUnproxied whether complete is reached although somebody writes without the driver
 * @param gateMax how long clients may be held while the table's lock is waited for; zero: there is no gate
 */
public record Settings(
        Pacing pacing,
        Duration fenceTimeout,
        Duration discovery,
        Set<UUID> forcedClients,
        boolean allowsInplace,
        @Nullable Endpoint log,
        Duration quietFor,
        boolean allowsUnproxied,
        Duration gateMax) {

    /** Twice the slowest poll of an idle client, which is 3 s. */
    public static final Duration DISCOVERY = Duration.ofSeconds(6);

    /** A process that was paused for longer than this is somebody's decision. */
    public static final Duration FENCE_TIMEOUT = Duration.ofMinutes(10);

    /** Longer than this would be a stall. */
    public static final Duration GATE_LONGEST = Duration.ofSeconds(1);

    /** As long as nobody takes a pause for one. */
    public static final Duration GATE_MAX = Duration.ofMillis(200);

    public static final Settings DEFAULT = new Settings(
            Pacing.DEFAULT, FENCE_TIMEOUT, DISCOVERY, Set.of(), false, null, Duration.ZERO, false, GATE_MAX);

    public Settings withPacing(Pacing other) {
        return new Settings(
                other, fenceTimeout, discovery, forcedClients, allowsInplace, log, quietFor, allowsUnproxied, gateMax);
    }

    public Settings withFenceTimeout(Duration other) {
        return new Settings(
                pacing, other, discovery, forcedClients, allowsInplace, log, quietFor, allowsUnproxied, gateMax);
    }

    public Settings withDiscovery(Duration other) {
        return new Settings(
                pacing, fenceTimeout, other, forcedClients, allowsInplace, log, quietFor, allowsUnproxied, gateMax);
    }

    public Settings withForcedClients(Set<UUID> other) {
        return new Settings(
                pacing,
                fenceTimeout,
                discovery,
                Set.copyOf(other),
                allowsInplace,
                log,
                quietFor,
                allowsUnproxied,
                gateMax);
    }

    public Settings withInplaceAllowed(boolean other) {
        return new Settings(
                pacing, fenceTimeout, discovery, forcedClients, other, log, quietFor, allowsUnproxied, gateMax);
    }

    public Settings withLog(@Nullable Endpoint other) {
        return new Settings(
                pacing,
                fenceTimeout,
                discovery,
                forcedClients,
                allowsInplace,
                other,
                quietFor,
                allowsUnproxied,
                gateMax);
    }

    public Settings withQuietFor(Duration other) {
        return new Settings(
                pacing, fenceTimeout, discovery, forcedClients, allowsInplace, log, other, allowsUnproxied, gateMax);
    }

    public Settings withUnproxiedAllowed(boolean other) {
        return new Settings(
                pacing, fenceTimeout, discovery, forcedClients, allowsInplace, log, quietFor, other, gateMax);
    }

    public Settings withGate(Duration other) {
        return new Settings(
                pacing, fenceTimeout, discovery, forcedClients, allowsInplace, log, quietFor, allowsUnproxied, other);
    }
}
