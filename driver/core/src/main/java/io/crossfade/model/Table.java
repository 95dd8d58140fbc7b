package io.crossfade.model;

import java.util.List;
import java.util.Optional;

/**
 * A table as the server's catalog shows it. Immutable.
 *
 * @param columns in order
 * @param primaryKey the names of the columns that tell its rows apart, in the table's order; empty where that is not known
 */
public record Table(TableName name, List<Column> columns, List<String> primaryKey) {

    public Table {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
    }

    /** A table whose key does not matter. */
    public Table(TableName name, List<Column> columns) {
        this(name, columns, List.of());
    }

    public Optional<Column> column(String column) {
        return columns.stream().filter(c -> c.name().equalsIgnoreCase(column)).findFirst();
    }

    public boolean has(String column) {
        return column(column).isPresent();
    }
}
