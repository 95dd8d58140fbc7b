package io.crossfade.sql;

import io.crossfade.model.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sampled read tells besides its rows: in one column more for each changing table of its FROM list, behind the application's own, whether
 * the two sides of that table's row agree. Such a column is empty where they do, holds the row's key ({@code id=42}) where they
 * do not, and is NULL where an outer join found no row. Immutable.
 *
 * @param tables one for each hidden column, in their order
 * @param unfit why there are none, a short word for counting; null where there are some
 */
public record Comparison(List<Compared> tables, @Nullable String unfit) {

    /**
     * What one hidden column is about.
     *
     * @param change the id of the table's change
     * @param label the column's label, which no application has
     */
    public record Compared(String change, TableName table, String label) {}

    public Comparison {
        tables = List.copyOf(tables);
    }

    static Comparison unfit(String why) {
        return new Comparison(List.of(), why);
    }
}
