package io.crossfade.migrator.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table change was begun as, and stays to its end. Immutable.
 *
 * @param table the table, as {@code schema.table}; the tables beside it may bear a name that would be another's too
 * @param alter the ALTER as it was asked for; another one does not go on from here
 * @param mode the words of the server's sql_mode by which the ALTER was read; null where an earlier version did not write them
 * @param flags those that decide what becomes of the rows; with others it does not go on either
 * @param ghost the ghost's name
 * @param old the name that the table has after the cut-over
 * @param indexes what the ghost's plain indexes are that it gets when every row is in, each as SHOW CREATE TABLE writes it
 * @param before what the table looked like when its ghost was made
 * @param after what the ghost looked like right before the cut-over; null until then
 */
public record Undertaking(
        String table,
        String alter,
        @Nullable String mode,
        List<String> flags,
        String ghost,
        String old,
        List<String> indexes,
        @Nullable Shape before,
        @Nullable Shape after) {

    public Undertaking {
        flags = List.copyOf(flags);
        indexes = List.copyOf(indexes);
    }

    Undertaking withIndexes(List<String> later) {
        return new Undertaking(table, alter, mode, flags, ghost, old, later, before, after);
    }

    Undertaking withAfter(Shape shape) {
        return new Undertaking(table, alter, mode, flags, ghost, old, indexes, before, shape);
    }

    /** Whether it only writes the table anew: then the same ALTER may well be meant once more. */
    public boolean isRebuild() {
        return before != null && after != null && before.definition().equals(after.definition());
    }
}
