package io.crossfade.migrator.checksum;

import io.crossfade.migrator.session.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Makes rows of the table beside what they are in the table in use. One thread at a time. */
abstract class Mender {

    /**
     * Mends rows, each in a transaction of its own; one that is locked stays as it was.
     *
     * @param connection in manual commit
     * @return the keys of rows that the table beside refuses: another one holds their value of a unique key
     */
    final List<List<String>> rows(Connection connection, Collection<List<String>> keys) throws SQLException {
        List<List<String>> refused = new ArrayList<>();
        for (List<String> key : keys) {
            try {
                mend(connection, List.of(key));
                connection.commit();
            } catch (SQLException e) {
                if (SqlFailure.isLostConnection(e)) {
                    throw e;
                }
                connection.rollback();
                if (SqlFailure.isDuplicate(e)) {
                    refused.add(key);
                } else if (!isPassing(e)) {
                    throw e;
                }
            }
        }
        return refused;
    }

    /**
     * Mends a row, and does not commit.
     *
     * @param one its key alone
     */
    abstract void mend(Connection connection, List<List<String>> one) throws SQLException;

    /** Whether another look may find the row otherwise. */
    boolean isPassing(SQLException e) {
        return SqlFailure.isLock(e);
    }
}
