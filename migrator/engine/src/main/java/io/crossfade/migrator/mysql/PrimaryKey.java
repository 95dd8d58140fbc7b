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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the key that a table is walked by, mostly its primary one. */
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

    /**
     * A key by which a table may be walked once from its beginning to its end: the primary one, else a unique one without NULLs. Empty where
     * there is none; a time stamp is none, since an hour of it may come twice as it is printed.
     */
    static Optional<Key> ofWalk(Connection connection, Dialect dialect, Table table) throws SQLException {
        return Index.of(connection, table.name()).stream()
                .filter(i -> i.isUnique() && i.isVisible() && i.type().equals("BTREE"))
                .sorted(Comparator.comparing(i -> !i.isPrimary()))
                .flatMap(i -> walk(dialect, table, i).stream())
                .findFirst();
    }

    private static Optional<Key> walk(Dialect dialect, Table table, Index index) {
        List<KeyColumn> columns = new ArrayList<>();
        for (Index.Part part : index.parts()) {
            Optional<Column> column = table.column(part.column());
            if (part.prefixChars() > 0
                    || column.isEmpty()
                    || column.get().nullable()
                    || column.get().baseType().equals("timestamp")) {
                return Optional.empty();
            }
            try {
                columns.add(KeyColumn.of(column.get()).towards(index.goesDown(part)));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(new Key(dialect, table.name(), index.name(), columns));
    }
}
