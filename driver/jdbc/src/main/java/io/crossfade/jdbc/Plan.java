package io.crossfade.jdbc;

import io.crossfade.sql.Rewriting;
import io.crossfade.sql.SessionView;
import io.crossfade.state.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A statement as it is sent, and what that was decided on. Immutable.
 *
 * @param rewriting the text to send
 * @param snapshot the control state that it was made under
 * @param view the session as it was; null where the text passes whatever the session is like
 */
record Plan(Rewriting rewriting, Snapshot snapshot, @Nullable SessionView view) {

    String sql() {
        return rewriting.sql();
    }
}
