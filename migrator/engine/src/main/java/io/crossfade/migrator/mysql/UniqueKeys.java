package io.crossfade.migrator.mysql;

import io.crossfade.migrator.ghost.ColumnPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The unique keys of a ghost that its source does not have: two rows of the source may meet in them. */
final class UniqueKeys {

    private UniqueKeys() {}

    /**
     * Their columns in the ghost's names, or expressions. A key that a unique key of the source is part of is none: it cannot be broken by rows
     * that the source holds.
     */
    static List<List<String>> added(SharedKey.Sides sides) {
        List<List<String>> added = new ArrayList<>();
        for (Index index : sides.ghostIndexes()) {
            if (index.isUnique()
                    && sides.sourceIndexes().stream().noneMatch(s -> s.isUnique() && implies(sides, s, index))) {
                added.add(index.parts().stream().map(Index.Part::shown).toList());
            }
        }
        return added;
    }

    /** Whether rows that differ in the source's key differ in the ghost's. */
    private static boolean implies(SharedKey.Sides sides, Index source, Index ghost) {
        Set<String> whole = ghost.parts().stream()
                .map(p -> p.column().toLowerCase(Locale.ROOT) + ":" + p.prefixChars())
                .collect(Collectors.toSet());
        for (Index.Part part : source.parts()) {
            if (part.column().isEmpty()) {
                if (ghost.parts().stream().noneMatch(g -> g.expression().equals(part.expression()))
                        || !keepsValue(sides, part)) {
                    return false;
                }
                continue;
            }
            ColumnPair pair = sides.pairOrComputed(part.column()).orElse(null);
            if (pair == null
                    || !whole.contains(pair.ghost().name().toLowerCase(Locale.ROOT) + ":" + part.prefixChars())
                    || !(pair.isSameType() || KeyTypes.areAlike(pair.source(), pair.ghost()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether an expression gives the same for a row on both sides. A server renames no column that is in one. */
    private static boolean keepsValue(SharedKey.Sides sides, Index.Part part) {
        String expression = part.expression().toLowerCase(Locale.ROOT);
        return sides.source().columns().stream()
                .filter(c -> expression.contains("`" + c.name().toLowerCase(Locale.ROOT) + "`"))
                .allMatch(c -> sides.pairOrComputed(c.name())
                        .filter(p -> p.isSameType() || isSameText(p))
                        .isPresent());
    }

    /** A number may be printed in another way by another type, and what is made of it be another value then. */
    private static boolean isSameText(ColumnPair pair) {
        return pair.source().isText() && KeyTypes.areAlike(pair.source(), pair.ghost());
    }
}
