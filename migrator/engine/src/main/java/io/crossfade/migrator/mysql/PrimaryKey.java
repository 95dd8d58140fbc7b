package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds a table's primary key. */
public final class PrimaryKey {

    private PrimaryKey() {}

    /** The key that the table is walked by; refused where it has none that can be cut into ranges. */
    public static Key of(Connection connection, Dialect dialect, Table table) throws SQLException {
        Optional<Index> primary = Index.of(connection, table.name()).stream()
                .filter(Index::isPrimary)
                .findFirst();
        if (primary.isEmpty()) {
            throw MigrationException.refused("cannot change table \"" + table.name()
                    + "\"; it has no primary key, and without one its rows cannot be told apart; add one first");
        }
        List<KeyColumn> columns = new ArrayList<>();
        for (Index.Part part : primary.get().parts()) {
            Column column = table.column(part.column()).orElseThrow();
            try {
                columns.add(KeyColumn.of(column).towards(primary.get().goesDown(part)));
            } catch (IllegalArgumentException e) {
                throw MigrationException.refused("cannot change table \"" + table.name() + "\"; " + e.getMessage()
                        + "; give it another primary key");
            }
        }
        return new Key(dialect, table.name(), Index.PRIMARY, columns);
    }
}
