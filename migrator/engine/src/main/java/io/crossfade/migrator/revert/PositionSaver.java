package io.crossfade.migrator.revert;

import io.crossfade.migrator.stream.LogPosition;
import java.sql.Connection;
import java.sql.SQLException;

/** Keeps how far the old table has been brought. */
@FunctionalInterface
public interface PositionSaver {

    /** Writes the position in the session's open transaction, which holds the rows up to it. */
    void save(Connection connection, LogPosition position) throws SQLException;
}
