package io.crossfade.migrator.checksum;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Makes rows of the table beside what they are in the table in use. */
interface Mender {

    /**
     * Mends rows, each in a transaction of its own; one that is locked stays as it was.
     *
     * @param connection in manual commit
     * @return the keys of rows that the table beside refuses: another one holds their value of a unique key
     */
    List<List<String>> rows(Connection connection, Collection<List<String>> keys) throws SQLException;
}
