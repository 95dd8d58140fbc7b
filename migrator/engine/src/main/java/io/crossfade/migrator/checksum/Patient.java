package io.crossfade.migrator.checksum;

import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Cancel;
import java.sql.SQLException;

/**
 * Reads that somebody else's lock on the whole table holds up, an ALTER that waits for a long query, say: they are tried again, with the
 * log carried on in between. Immutable.
 */
record Patient(Between between, Cancel cancel) {

    /** Each try waits some seconds for the lock by itself, so these are minutes. */
    private static final int TRIES_MAX = 60;

    /** What is done between two tries. */
    interface Between {
        void pass() throws SQLException;
    }

    <T> T read(Lane lane, Lane.Work<T> work) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                return lane.run(work);
            } catch (SQLException e) {
                if (!SqlFailure.isLock(e) || tries == TRIES_MAX) {
                    throw e;
                }
                cancel.check();
                between.pass();
            }
        }
    }
}
