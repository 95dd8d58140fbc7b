package io.crossfade.migrator.cutover;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Brings the incoming tables up to date while the locks are held. */
@FunctionalInterface
public interface Drain {

    /**
     * Applies everything that was written to the locked tables.
     *
     * @param writer the session that may write to the incoming tables, and to those that were named beside them: in autocommit mode; where it is the one that holds the
     *     locks, {@code START TRANSACTION} would give them up, so only {@code SET autocommit} may be used
     * @param atMost what is left of the time that writers may be held
     * @return false where the time did not suffice; nothing is broken then, and the cut-over is given up
     */
    boolean drain(Connection writer, Duration atMost) throws SQLException;
}
