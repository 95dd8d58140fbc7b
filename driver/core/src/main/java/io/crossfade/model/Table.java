package io.crossfade.model;

import java.util.List;
import java.util.Optional;

/**
 * A table as the server's catalog shows it. Immutable.
 *
 * @param columns in order
 * @param primaryKey the names of the columns that tell its rows apart, in the table's order; empty where that is not known
 * @param stored the columns as rows have them, those among them that the catalog does not show; as a rule the same
 */
public record Table(TableName name, List<Column> columns, List<String> primaryKey, List<Column> stored) {

    public Table {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        stored = List.copyOf(stored);
    }

    /** A table whose catalog shows all. */
    public Table(TableName name, List<Column> columns, List<String> primaryKey) {
        this(name, columns, primaryKey, columns);
    }

    /** A table whose key does not matter. */
    public Table(TableName name, List<Column> columns) {
        this(name, columns, List.of());
    }

    /** The same under another name. */
    public Table called(TableName other) {
        return new Table(other, columns, primaryKey, stored);
    }

    public Optional<Column> column(String column) {
        return columns.stream().filter(c -> c.name().equalsIgnoreCase(column)).findFirst();
    }

    public boolean has(String column) {
        return column(column).isPresent();
    }
}
