package io.crossfade.migrator.ghost;

import io.crossfade.model.Column;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A column of the source and the one of the ghost that takes its values. Immutable.
 *
 * @param sourceIndex the source column's place in row images, from 0
 * @param isSameType whether type, character set and collation are the same, so that values pass unchanged
 */
public record ColumnPair(Column source, int sourceIndex, Column ghost, boolean isSameType) {

    /** From narrow to wide. */
    private static final List<String> WHOLE = List.of("tinyint", "smallint", "mediumint", "int", "bigint");

    /** A pair of two columns; tells by their definitions whether values pass unchanged. */
    public static ColumnPair of(Column source, int sourceIndex, Column ghost) {
        boolean isSame = source.type().equalsIgnoreCase(ghost.type())
                && Objects.equals(source.charset(), ghost.charset())
                && Objects.equals(source.collation(), ghost.collation());
        return new ColumnPair(source, sourceIndex, ghost, isSame);
    }

    /**
     * Whether every value of the source passes unchanged, and every value of the ghost that the source can hold passes back unchanged: the same
     * type, a whole number that got wider, a text that got longer.
     */
    public boolean isPlain() {
        boolean isKept = !source.generated() && (ghost.nullable() || !source.nullable());
        return isKept && (isSameType || isWiderNumber() || isLongerText());
    }

    private boolean isWiderNumber() {
        int from = WHOLE.indexOf(source.baseType());
        int to = WHOLE.indexOf(ghost.baseType());
        boolean isSameSign = isUnsigned(source) == isUnsigned(ghost);
        return from >= 0 && to >= 0 && (isSameSign ? to >= from : isUnsigned(source) && to > from);
    }

    private static boolean isUnsigned(Column column) {
        return column.type().toLowerCase(Locale.ROOT).contains("unsigned");
    }

    private boolean isLongerText() {
        return source.baseType().equals("varchar")
                && ghost.baseType().equals("varchar")
                && Objects.equals(source.charset(), ghost.charset())
                && Objects.equals(source.collation(), ghost.collation())
                && length(source) <= length(ghost);
    }

    /** Of {@code varchar(20)}. */
    private static int length(Column column) {
        String type = column.type();
        return Integer.parseInt(type.substring(type.indexOf('(') + 1, type.indexOf(')')));
    }
}
