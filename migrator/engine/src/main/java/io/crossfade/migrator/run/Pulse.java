package io.crossfade.migrator.run;

import io.crossfade.state.Checkpoint;
import io.crossfade.state.ControlStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run at work leaves in the control tables every second, so that {@code crossfade status} can tell from another
 * machine how it gets on. Immutable.
 *
 * @param task the walk that is going on
 * @param rowsDone rows behind it
 * @param rowsTotal the server's estimate of all rows
 * @param rowsPerSecond since it was begun or resumed
 * @param at when, by the clock of the run's machine
 * @param throttledBecause why it holds back; empty where it does not
 */
public record Pulse(
        String task, long rowsDone, long rowsTotal, long rowsPerSecond, Instant at, String throttledBecause) {

    private static final String TASK = "pulse";

    /** An older pulse is that of a run that ended. Clocks of two machines may be some seconds apart. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** The pulse of the run that works on a change just now. */
    public static Optional<Pulse> of(ControlStore store, String changeId) throws SQLException {
        String text = store.checkpoints().at(changeId, TASK).position();
        String[] parts = text.split("\t", 6);
        if (parts.length < 6) {
            return Optional.empty();
        }
        Pulse pulse = new Pulse(
                parts[0],
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Instant.ofEpochMilli(Long.parseLong(parts[4])),
                parts[5]);
        boolean isFresh = Duration.between(pulse.at, Instant.now()).abs().compareTo(FRESH) < 0;
        return isFresh ? Optional.of(pulse) : Optional.empty();
    }

    void save(ControlStore store, String changeId) throws SQLException {
        String text = String.join(
                "\t",
                task,
                Long.toString(rowsDone),
                Long.toString(rowsTotal),
                Long.toString(rowsPerSecond),
                Long.toString(at.toEpochMilli()),
                throttledBecause);
        store.checkpoints().save(changeId, new Checkpoint(TASK, text, false, rowsDone, 0));
    }

    /** How long the rest takes at this rate; zero where that is not known. */
    public Duration left() {
        long rows = Math.max(0, rowsTotal - rowsDone);
        return rowsPerSecond <= 0 ? Duration.ZERO : Duration.ofSeconds(rows / rowsPerSecond);
    }

    Pulse because(String reason, Instant when) {
        return new Pulse(task, rowsDone, rowsTotal, rowsPerSecond, when, reason);
    }
}
