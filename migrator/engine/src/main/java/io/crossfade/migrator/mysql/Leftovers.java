package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Tables that an earlier run left behind, under the names that this one needs. */
final class Leftovers {

    private Leftovers() {}

    /** The ghost's and the old table's names, as far as something stands there. */
    static List<TableName> of(Connection connection, GhostNames names) throws SQLException {
        List<TableName> found = new ArrayList<>();
        for (TableName name : List.of(names.ghost(), names.old())) {
            if (TableFacts.of(connection, name).isPresent()) {
                found.add(name);
            }
        }
        return found;
    }

    /** Drops what may be dropped; refused where something else is in the way. */
    static void clear(Connection connection, Dialect dialect, GhostNames names, Rules rules) throws SQLException {
        List<TableName> dropped = new ArrayList<>();
        for (TableName name : of(connection, names)) {
            boolean isGhost = name.equals(names.ghost());
            if (isGhost ? !rules.dropsGhostFirst() : !rules.dropsOldFirst()) {
                throw MigrationException.refused("cannot alter table \"" + names.table() + "\"; table \"" + name
                        + "\" exists, which an earlier run may have left; drop it, or say "
                        + (isGhost ? "--initially-drop-ghost-table" : "--initially-drop-old-table")
                        + (isGhost ? "" : ", or --timestamp-old-table for another name"));
            }
            dropped.add(name);
        }
        for (TableName name : dropped) {
            try (Statement s = connection.createStatement()) {
                s.execute("DROP TABLE " + dialect.quote(name.schema()) + "." + dialect.quote(name.table()));
            }
        }
    }
}
