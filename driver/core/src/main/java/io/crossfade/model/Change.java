package io.crossfade.model;

import java.util.List;
import java.util.Optional;

/**
 * One declared schema change of one table. Immutable.
 *
 * @param id unique in its database: letters, digits, dash and underscore, at most 64
 * @param table the table that changes
 * @param mappings what changes in it, at least one
 * @param acceptsLossy whether the file says {@code accept: lossy}
 */
public record Change(String id, TableName table, List<Mapping> mappings, boolean acceptsLossy) {

    /** As long as the control table's key. */
    public static final int ID_CHARS_MAX = 64;

    public Change {
        mappings = List.copyOf(mappings);
        if (!id.matches("[A-Za-z0-9_-]{1," + ID_CHARS_MAX + "}")) {
            throw new IllegalArgumentException("\"" + id + "\" is not an id; use up to " + ID_CHARS_MAX
                    + " letters, digits, dashes and underscores");
        }
        if (mappings.isEmpty()) {
            throw new IllegalArgumentException("change " + id + " changes nothing; give at least one column");
        }
    }

    /** The mapping that replaces or reads this column on the old side. */
    public Optional<Mapping> ofOld(String column) {
        return mappings.stream()
                .filter(m -> m.kind().replacesOld() && m.hasOld(column))
                .findFirst();
    }

    /** The mapping that makes this column. */
    public Optional<Mapping> ofNew(String column) {
        return mappings.stream().filter(m -> m.hasNew(column)).findFirst();
    }

    public boolean isLossy() {
        return mappings.stream().anyMatch(Mapping::isLossy);
    }

    /** Whether any old column goes away at contract. A change of derives and adds ends at complete. */
    public boolean dropsColumns() {
        return mappings.stream().anyMatch(m -> m.kind().replacesOld());
    }
}
