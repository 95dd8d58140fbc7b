package io.crossfade.migrator.checksum;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What the checksum has to know of the change log. */
public interface CatchUp {

    /**
     * Waits until everything that was committed before this call is in the table beside: in the ghost, on the way back in the old table.
     *
     * @return false where that takes longer
     */
    boolean await(Duration atMost) throws SQLException;

    /** Is called now and then while something else takes long. */
    default void pass() throws SQLException {}

    /** From now on remembers which of these keys come down the log; an earlier watch is forgotten. */
    void watch(Collection<List<String>> keys);

    /** The watched keys that have come since. */
    Set<List<String>> came();
}
