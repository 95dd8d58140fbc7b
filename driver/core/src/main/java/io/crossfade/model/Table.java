package io.crossfade.model;

import java.util.List;
import java.util.Optional;

/** A table as the server's catalog shows it: its columns in order. Immutable. */
public record Table(TableName name, List<Column> columns) {

    public Table {
        columns = List.copyOf(columns);
    }

    public Optional<Column> column(String column) {
        return columns.stream().filter(c -> c.name().equalsIgnoreCase(column)).findFirst();
    }

    public boolean has(String column) {
        return column(column).isPresent();
    }
}
