package io.crossfade.migrator.ghost;

import io.crossfade.model.Column;

/**
 * A column of the source and the one of the ghost that takes its values. Immutable.
 *
 * @param sourceIndex the source column's place in row images, from 0
 * @param isSameType whether type, character set and collation are the same, so that values pass unchanged
 */
public record ColumnPair(Column source, int sourceIndex, Column ghost, boolean isSameType) {

    /** A pair of two columns; tells by their definitions whether values pass unchanged. */
    public static ColumnPair of(Column source, int sourceIndex, Column ghost) {
        boolean isSame = source.type().equalsIgnoreCase(ghost.type())
                && java.util.Objects.equals(source.charset(), ghost.charset())
                && java.util.Objects.equals(source.collation(), ghost.collation());
        return new ColumnPair(source, sourceIndex, ghost, isSame);
    }
}
