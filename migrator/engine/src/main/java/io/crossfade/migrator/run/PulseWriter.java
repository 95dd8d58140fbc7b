package io.crossfade.migrator.run;

import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.state.ControlStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Writes the pulse of a walk, and hands all progress on. Confined to the thread of the run. */
final class PulseWriter implements Listener {

    /** As often as somebody looks. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final ControlStore store;
    private final String changeId;
    private final Listener next;
    private Pulse last = new Pulse("", 0, 0, 0, Instant.EPOCH, "");
    private long nextNanos = System.nanoTime();

    PulseWriter(ControlStore store, String changeId, Listener next) {
        this.store = store;
        this.changeId = changeId;
        this.next = next;
    }

    @Override
    public void on(Progress progress) {
        next.on(progress);
        Instant now = Instant.now();
        if (progress instanceof Progress.Rows rows) {
            last = new Pulse(rows.task(), rows.rowsDone(), rows.rowsTotal(), Math.round(rows.rowsPerSecond()), now, "");
        } else if (progress instanceof Progress.Throttled throttled) {
            last = last.because(throttled.reason(), now);
        } else {
            return;
        }
        if (System.nanoTime() - nextNanos >= 0) {
            nextNanos = System.nanoTime() + EVERY.toNanos();
            try {
                last.save(store, changeId);
            } catch (SQLException e) {
                // A pulse is for onlookers; the next one comes in a moment. A connection that is gone ends the run
                // elsewhere.
                next.on(new Progress.Note(
                        "the pulse of change " + changeId + " could not be written: " + SqlFailure.line(e)));
            }
        }
    }
}
