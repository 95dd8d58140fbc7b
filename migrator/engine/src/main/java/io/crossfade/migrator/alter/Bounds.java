package io.crossfade.migrator.alter;

import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.session.Silence;
import java.time.Duration;

/**
 * How hard, how long and how often. Immutable; what may change while it runs is in {@link Controls}.
 *
 * @param cutOver of the exchange of names, there and back
 * @param gateMax how long clients may be held at the gate of a cut-over; zero: there is no gate
 */
public record Bounds(Copy copy, Rhythm rhythm, Log log, Limits cutOver, Duration gateMax) {

    /** As long as a cut-over may hold writers. */
    public static final Duration GATE_MAX = Duration.ofMillis(200);

    public static final Bounds DEFAULT = new Bounds(
            new Copy(2, Duration.ofMillis(100)),
            new Rhythm(Duration.ofSeconds(3), Duration.ofMillis(100)),
            new Log(Room.DEFAULT, Silence.IN_TRANSACTION_MAX),
            new Limits(Duration.ofMillis(200), 60, Duration.ofSeconds(64), false),
            GATE_MAX);

    /**
     * Of the copy.
     *
     * @param threads chunks copied at once
     * @param chunkTarget how long one chunk should take
     */
    public record Copy(int threads, Duration chunkTarget) {}

    /**
     * What is done again and again.
     *
     * @param checkpoint at most this is done again after a kill
     * @param heartbeat how often the log's lag is measured
     */
    public record Rhythm(Duration checkpoint, Duration heartbeat) {}

    /**
     * Of the change log and of what applies it.
     *
     * @param room how much of its rows is held in memory
     * @param silenceMax how long the server waits for the next word of a session that applies it
     */
    public record Log(Room room, Duration silenceMax) {}

    /** How long one attempt at a cut-over may hold writers, for who tells of it. */
    public Duration writersHeldMax() {
        return cutOver.writersHeldMax();
    }

    public Bounds withCopy(Copy other) {
        return new Bounds(other, rhythm, log, cutOver, gateMax);
    }

    public Bounds withRhythm(Rhythm other) {
        return new Bounds(copy, other, log, cutOver, gateMax);
    }

    public Bounds withLog(Log other) {
        return new Bounds(copy, rhythm, other, cutOver, gateMax);
    }

    public Bounds withCutOver(Limits other) {
        return new Bounds(copy, rhythm, log, other, gateMax);
    }

    public Bounds withGate(Duration other) {
        return new Bounds(copy, rhythm, log, cutOver, other);
    }
}
