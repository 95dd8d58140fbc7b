package io.crossfade.migrator.alter;

import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.session.Silence;
import java.time.Duration;

/**
 * How hard, how long and how often. Immutable; what may change while it runs is in {@link Controls}.
 *
 * @param copyThreads chunks copied at once
 * @param chunkTarget how long one chunk should take
 * @param retries attempts of one step before the run stops, resumable
 * @param checkpointEvery at most this is done again after a kill
 * @param writersHeldMax how long a cut-over may hold writers
 * @param cutOverPauseMax the pause between attempts at a cut-over grows up to this
 * @param killsBlockers whether sessions whose transaction is in the way of the cut-over are ended
 * @param heartbeatEvery how often the log's lag is measured
 * @param gateMax how long clients may be held at the gate of a cut-over; zero: there is no gate
 * @param room how much of the log's rows is held in memory
 * @param silenceMax how long the server waits for the next word of a session that applies the log
 */
public record Bounds(
        int copyThreads,
        Duration chunkTarget,
        int retries,
        Duration checkpointEvery,
        Duration writersHeldMax,
        Duration cutOverPauseMax,
        boolean killsBlockers,
        Duration heartbeatEvery,
        Duration gateMax,
        Room room,
        Duration silenceMax) {

    /** As long as a cut-over may hold writers. */
    public static final Duration GATE_MAX = Duration.ofMillis(200);

    public Bounds(
            int copyThreads,
            Duration chunkTarget,
            int retries,
            Duration checkpointEvery,
            Duration writersHeldMax,
            Duration cutOverPauseMax,
            boolean killsBlockers,
            Duration heartbeatEvery) {
        this(
                copyThreads,
                chunkTarget,
                retries,
                checkpointEvery,
                writersHeldMax,
                cutOverPauseMax,
                killsBlockers,
                heartbeatEvery,
                GATE_MAX,
                Room.DEFAULT,
                Silence.IN_TRANSACTION_MAX);
    }

    public static final Bounds DEFAULT = new Bounds(
            2,
            Duration.ofMillis(100),
            60,
            Duration.ofSeconds(3),
            Duration.ofMillis(200),
            Duration.ofSeconds(64),
            false,
            Duration.ofMillis(100));

    Bounds withRoom(Room other) {
        return new Bounds(
                copyThreads,
                chunkTarget,
                retries,
                checkpointEvery,
                writersHeldMax,
                cutOverPauseMax,
                killsBlockers,
                heartbeatEvery,
                gateMax,
                other,
                silenceMax);
    }

    Bounds withSilence(Duration other) {
        return new Bounds(
                copyThreads,
                chunkTarget,
                retries,
                checkpointEvery,
                writersHeldMax,
                cutOverPauseMax,
                killsBlockers,
                heartbeatEvery,
                gateMax,
                room,
                other);
    }

    public Bounds withGate(Duration other) {
        return new Bounds(
                copyThreads,
                chunkTarget,
                retries,
                checkpointEvery,
                writersHeldMax,
                cutOverPauseMax,
                killsBlockers,
                heartbeatEvery,
                other,
                room,
                silenceMax);
    }

    /** Those of an exchange of names. */
    Limits cutOver() {
        return new Limits(writersHeldMax, retries, cutOverPauseMax, killsBlockers);
    }
}
