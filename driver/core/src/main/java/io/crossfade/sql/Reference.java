package io.crossfade.sql;

import io.crossfade.model.Mapping;
import io.crossfade.model.Side;

/**
 * A place in a statement that names a column of a changing table which the change is about. Immutable.
 *
 * @param from its first token, the qualifier's where it has one
 * @param to after its last token
 * @param table the table that it is bound to
 * @param mapping the mapping that the column belongs to
 * @param side which side the column is on
 * @param column the column's name as declared
 * @param qualifier SQL that names the table at this place, with a dot behind it; empty where columns stand bare
 * @param place the clause that it stands in
 * @param mustQualify whether the server would not bind the bare name as the application does
 */
record Reference(
        int from,
        int to,
        ChangingTable table,
        Mapping mapping,
        Side side,
        String column,
        String qualifier,
        Place place,
        boolean mustQualify) {

    /** Where in a statement a reference stands, as far as it matters. */
    enum Place {
        /** The whole of a select item, or a part of one. */
        ITEM,
        /** Anywhere that filters, joins, groups or sorts. */
        PREDICATE,
        /** The right side of an assignment. */
        VALUE,
        /** Inside {@code VALUES(column)} of an ON DUPLICATE KEY UPDATE. */
        INSERTED
    }
}
