package io.crossfade.migrator.mysql;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Tables that an earlier run, or gh-ost, left behind under the names that this one needs. */
final class Leftovers {

    private Leftovers() {}

    /** What a table of markers and one of checkpoints have, and gh-ost's own of these names have not. */
    private static final Set<String> OUR_COLUMNS = Set.of("number", "state");

    /** The names of the ghost and the old table, as far as something stands there, and of the others where that is not ours. */
    static List<TableName> of(Connection connection, GhostNames names) throws SQLException {
        List<TableName> found = new ArrayList<>();
        for (TableName name : List.of(names.ghost(), names.old())) {
            if (TableFacts.of(connection, name).isPresent()) {
                found.add(name);
            }
        }
        for (TableName name : List.of(names.changeLog(), names.checkpoint())) {
            Optional<Table> table = new CatalogReader(connection).table(name);
            if (table.isPresent() && OUR_COLUMNS.stream().noneMatch(table.get()::has)) {
                found.add(name);
            }
        }
        return found;
    }

    /**
     * Drops what may be dropped; refused where something else is in the way.
     *
     * @param origin as in {@link GhostTables#makeRoom}
     * @param drop drops them, when all may be dropped
     */
    static void clear(
            Connection connection,
            GhostNames names,
            Rules rules,
            Function<TableName, String> origin,
            GhostTables.Drop drop)
            throws SQLException {
        List<TableName> dropped = new ArrayList<>();
        for (TableName name : of(connection, names)) {
            boolean isGhost = !name.equals(names.old());
            if (isGhost ? !rules.dropsGhostFirst() : !rules.dropsOldFirst()) {
                throw MigrationException.refused("cannot alter table \"" + names.table() + "\"; table \"" + name
                        + "\" exists, " + origin.apply(name) + "; drop it, or say "
                        + (isGhost ? "--initially-drop-ghost-table" : "--initially-drop-old-table")
                        + (isGhost ? "" : ", or --timestamp-old-table for another name"));
            }
            dropped.add(name);
        }
        if (!dropped.isEmpty()) {
            drop.tables(dropped);
        }
    }
}
