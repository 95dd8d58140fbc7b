package io.crossfade.migrator.checksum;

import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.session.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Copies single rows anew into the ghost. The source's rows are read under a shared lock, which waits for a transaction whose event has come
 * already and whose row is not visible yet. What the log brings later of these rows is applied over it, so nothing is lost.
 *
 * <p>One thread at a time.
 */
final class Repair {
    private final TableChange change;
    private final GhostSql sql;

    Repair(TableChange change, GhostSql sql) {
        this.change = change;
        this.sql = sql;
    }

    /**
     * Copies rows anew, each in a transaction of its own.
     *
     * @param connection in manual commit
     * @return the keys of rows that a unique key of the ghost refuses
     */
    List<List<String>> rows(Connection connection, Collection<List<String>> keys) throws SQLException {
        List<List<String>> refused = new ArrayList<>();
        for (List<String> key : keys) {
            List<List<String>> one = List.of(key);
            try (Statement s = connection.createStatement()) {
                s.executeUpdate(sql.delete(one));
                s.executeUpdate("INSERT INTO " + change.ghostKey().quotedTable() + " (" + sql.ghostColumns()
                        + ") SELECT "
                        + sql.sourceColumns() + " FROM " + change.sourceKey().indexed() + " WHERE "
                        + change.sourceKey().in(one) + " LOCK IN SHARE MODE");
                connection.commit();
            } catch (SQLException e) {
                if (SqlFailure.isLostConnection(e)) {
                    throw e;
                }
                connection.rollback();
                if (SqlFailure.isDuplicate(e)) {
                    refused.add(key);
                } else if (!SqlFailure.isLock(e)) {
                    throw e;
                }
            }
        }
        return refused;
    }
}
