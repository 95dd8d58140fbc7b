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
     * Their columns in the ghost's names. A key that a unique key of the source is part of is none: it cannot be broken by rows
     * that the source holds.
     */
    static List<List<String>> added(SharedKey.Sides sides) {
        List<List<String>> added = new ArrayList<>();
        for (Index index : sides.ghostIndexes()) {
            if (index.isUnique()
                    && sides.sourceIndexes().stream().noneMatch(s -> s.isUnique() && implies(sides, s, index))) {
                added.add(index.parts().stream()
                        .map(Index.Part::column)
                        .filter(c -> !c.isEmpty())
                        .toList());
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
            ColumnPair pair = sides.pair(part.column()).orElse(null);
            if (pair == null
                    || !whole.contains(pair.ghost().name().toLowerCase(Locale.ROOT) + ":" + part.prefixChars())
                    || !(pair.isSameType() || KeyTypes.areAlike(pair.source(), pair.ghost()))) {
                return false;
            }
        }
        return true;
    }
}
