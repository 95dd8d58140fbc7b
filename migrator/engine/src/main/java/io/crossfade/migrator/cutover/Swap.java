package io.crossfade.migrator.cutover;

import io.crossfade.model.TableName;

/**
 * One table of a cut-over: {@code RENAME TABLE table TO outgoing, incoming TO table}. Immutable.
 *
 * @param table the name that the application knows
 * @param incoming the table that takes this name (the ghost; the old table, when reverting)
 * @param outgoing the name that the present one takes
 */
public record Swap(TableName table, TableName incoming, TableName outgoing) {}
