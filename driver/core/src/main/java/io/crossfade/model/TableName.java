package io.crossfade.model;

import java.util.Locale;

/** A table with its schema. Both names are as the server's catalog spells them. Immutable. */
public record TableName(String schema, String table) {

    public TableName {
        if (schema.isEmpty() || table.isEmpty()) {
            throw new IllegalArgumentException(
                    "a table name needs a schema and a table; seen \"" + schema + "\".\"" + table + "\"");
        }
    }

    /**
     * Whether both name the same table. Case is ignored: on a server that tells {@code Orders} from {@code orders} this
     * may take one for the other, and the preflight refuses a change of a table that has such a twin.
     */
    public boolean isSame(TableName other) {
        return schema.equalsIgnoreCase(other.schema) && table.equalsIgnoreCase(other.table);
    }

    /** The same name for two spellings that {@link #isSame} takes for one. */
    public String key() {
        return (schema + "." + table).toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
