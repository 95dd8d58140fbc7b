package io.crossfade.migrator.checksum;

import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.ghost.TableChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Copies single rows anew into the ghost. The source's rows are read under a shared lock, which waits for a transaction whose event has come
 * already and whose row is not visible yet. What the log brings later of these rows is applied over it, so nothing is lost.
 *
 * <p>One thread at a time.
 */
final class Repair extends Mender {
    private final TableChange change;
    private final GhostSql sql;

    Repair(TableChange change, GhostSql sql) {
        this.change = change;
        this.sql = sql;
    }

    @Override
    void mend(Connection connection, List<List<String>> one) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.executeUpdate(sql.delete(one));
            s.executeUpdate("INSERT INTO " + change.ghostKey().quotedTable() + " (" + sql.ghostColumns() + ") SELECT "
                    + sql.sourceColumns() + " FROM " + change.sourceKey().indexed() + " WHERE "
                    + change.sourceKey().in(one) + " LOCK IN SHARE MODE");
        }
    }
}
