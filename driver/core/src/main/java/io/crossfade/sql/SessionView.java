package io.crossfade.sql;

import io.crossfade.dialect.SqlMode;
import io.crossfade.model.Side;
import java.util.Set;

/**
 * What of a session decides how its statements are rewritten. Part of a plan's key. Immutable.
 *
 * @param schema the session's current database; empty where it has none
 * @param mode its sql_mode
 * @param view which version of the tables the application was written for
 * @param readsNew ids of the changes at stage live whose new side this transaction reads
 */
public record SessionView(String schema, SqlMode mode, Side view, Set<String> readsNew) {

    public SessionView {
        readsNew = Set.copyOf(readsNew);
    }
}
