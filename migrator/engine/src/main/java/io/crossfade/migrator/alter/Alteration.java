package io.crossfade.migrator.alter;

import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.throttle.Throttles;
import java.sql.SQLException;
import java.time.Duration;

/**
 * One run of a table change. {@link #run} goes on from the last checkpoint where an earlier run left one; so the same command
 * is right after every kind of end.
 *
 * <p>One thread at a time, but for {@link #status}.
 */
public final class Alteration {
    private final AlterRequest request;

    public Alteration(
            AlterRequest request,
            Connections connections,
            Endpoint log,
            Controls controls,
            Throttles throttles,
            Cancel cancel,
            Listener listener) {
        this.request = request;
    }

    /** Changes the tables. */
    public void run() throws SQLException {
        if (!request.tables().isEmpty()) {
            throw new UnsupportedOperationException("not yet: " + request);
        }
    }

    /** Goes back after the cut-over, with everything that was written since. */
    public void revert() throws SQLException {
        if (!request.tables().isEmpty()) {
            throw new UnsupportedOperationException("not yet: " + request);
        }
    }

    /** How it stands now; for any thread. */
    public Status status() {
        return new Status("preparing", 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, "", 0, "", Duration.ZERO, 0);
    }
}
