package io.crossfade.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of a FROM list, as names bind to it. Immutable.
 *
 * @param alias the name that qualifies its columns: its alias, else the table's name
 * @param schema the schema where the table is written with one, else null
 * @param qualifier SQL that qualifies its columns, with the dot behind it
 * @param changing the changing table that it is, or null
 * @param columns the columns that it has in the application's eyes; null where that is not known
 */
record Source(
        String alias,
        @Nullable String schema,
        String qualifier,
        @Nullable ChangingTable changing,
        @Nullable List<String> columns) {

    boolean isNamed(@Nullable String schemaName, String name) {
        if (!alias.equalsIgnoreCase(name)) {
            return false;
        }
        return schemaName == null || schema == null || schema.equalsIgnoreCase(schemaName);
    }

    /** Whether the application's version of it has this column; false where that is not known. */
    boolean appHas(String column) {
        if (changing != null) {
            return changing.appHas(column);
        }
        return columns != null && columns.stream().anyMatch(column::equalsIgnoreCase);
    }

    /** Whether it is a changing table, and its change is about this column, on either side. */
    boolean isMapped(String column) {
        return changing != null && changing.isMapped(column);
    }
}
