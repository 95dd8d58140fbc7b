package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.List;

/** One thing that is looked at before anything is changed. Without state; safe for many threads. */
@FunctionalInterface
public interface Check {

    /** What it found; empty where all is well. Changes nothing. */
    List<Finding> look(Subject subject) throws SQLException;
}
