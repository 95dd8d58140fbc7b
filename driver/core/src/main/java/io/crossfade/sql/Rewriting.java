package io.crossfade.sql;

import io.crossfade.state.Naming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement as it is to be sent. Immutable.
 *
 * @param sql the text to send: the very same String object where nothing was changed
 * @param namesChanging whether it names a table of an open change, so that a lease is needed to send it
 * @param keptOld why a read was left on the old side that might have gone to new; a short word for counting, null where
 *     nothing was held back
 * @param namings which sides of which changes the application named
 * @param comparison which rows it compares, or why it does not; null where that was not asked for
 */
public record Rewriting(
        String sql,
        boolean namesChanging,
        @Nullable String keptOld,
        List<Naming> namings,
        @Nullable Comparison comparison) {

    /** A statement that names no changing table. */
    public static Rewriting foreign(String sql) {
        return new Rewriting(sql, false, null, List.of(), null);
    }
}
