package io.crossfade.sql;

import org.jspecify.annotations.Nullable;

/**
 * A statement as it is to be sent. Immutable.
 *
 * @param sql the text to send: the very same String object where nothing was changed
 * @param namesChanging whether it names a table of an open change, so that a lease is needed to send it
 * @param keptOld why a read was left on the old side that might have gone to new; a short word for counting, null where
 *     nothing was held back
 */
public record Rewriting(String sql, boolean namesChanging, @Nullable String keptOld) {}
