package io.crossfade.migrator.run;

import io.crossfade.model.Change;
import java.sql.SQLException;
import java.util.Optional;

/** Puts ALTERs that may touch rows to the table of a change. Confined to the thread of the run. */
interface Alters {

    /** Gives a run the way in which it alters a table. */
    @FunctionalInterface
    interface Source {
        Alters of(Session session, Change change);
    }

    /** Adds columns. Where nothing is left to add, clears away what an earlier run may have left. */
    void add(Optional<String> clauses) throws SQLException;

    /** Carries out any other ALTER. Where nothing is left to do, clears away what an earlier run may have left. */
    void run(Optional<String> clauses) throws SQLException;

    /**
     * Builds an index.
     *
     * @param definition such as {@code UNIQUE KEY `by_handle` (`handle`)}
     */
    void addIndex(String definition) throws SQLException;

    /** Clears away what an earlier run may have left. */
    void clear() throws SQLException;
}
