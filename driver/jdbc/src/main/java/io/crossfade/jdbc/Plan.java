package io.crossfade.jdbc;

import io.crossfade.sql.Comparison;
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

    /** Whether its rows tell if their two sides agree, in columns that the application must not see. */
    boolean compares() {
        return comparison() != null;
    }

    /** What the hidden columns are; null where there are none. */
    @Nullable
    Comparison comparison() {
        Comparison comparison = rewriting.comparison();
        return comparison == null || comparison.unfit() != null ? null : comparison;
    }
}
