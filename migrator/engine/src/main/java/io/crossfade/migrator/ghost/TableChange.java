package io.crossfade.migrator.ghost;

import io.crossfade.migrator.chunk.Key;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.util.List;

/**
 * One table on its way to another structure. Immutable.
 *
 * @param source the table as it stands
 * @param ghost the shadow copy with the new structure
 * @param old the name that the source takes at the cut-over
 * @param pairs every source column whose values are copied, in the source's order; generated columns of the ghost are none
 * @param sourceKey the unique key that rows are told apart by, in the source's names
 * @param ghostKey the same key in the ghost's names
 * @param uniqueKeysAdded columns (in the ghost's names) of unique keys that the source does not have as they are
 */
public record TableChange(
        Table source,
        Table ghost,
        TableName old,
        List<ColumnPair> pairs,
        Key sourceKey,
        Key ghostKey,
        List<List<String>> uniqueKeysAdded) {

    public TableChange {
        pairs = List.copyOf(pairs);
        uniqueKeysAdded = uniqueKeysAdded.stream().map(List::copyOf).toList();
    }

    /** Whether a TIMESTAMP becomes something else or comes of it, so that the zone of the session decides about its value. */
    public boolean convertsTimeStamps() {
        return pairs.stream().anyMatch(p -> !p.isSameType() && isTimeStamp(p.source()) != isTimeStamp(p.ghost()));
    }

    private static boolean isTimeStamp(Column column) {
        return column.baseType().equalsIgnoreCase("timestamp");
    }

    /** Whether some column's values are converted on their way. */
    public boolean converts() {
        return pairs.stream().anyMatch(p -> !p.isSameType());
    }
}
