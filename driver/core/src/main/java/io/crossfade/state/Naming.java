package io.crossfade.state;

import io.crossfade.model.Side;

/**
 * That a statement names columns of one side of a change, as the application wrote it. Immutable.
 *
 * @param change the change's id
 * @param side which columns: those that go, or those that come
 * @param byStar whether no column is named, and the whole row is meant, as the application's version of the table has it
 * @param verb the statement's first word, in capitals
 * @param shape the statement without its literals, shortened; parameter marks and literals are all {@code ?}
 */
public record Naming(String change, Side side, boolean byStar, String verb, String shape) {}
