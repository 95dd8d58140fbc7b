package io.crossfade.migrator.chunk;

import java.util.List;

/**
 * A key with what it is ordered by. Immutable.
 *
 * @param values as {@link KeyColumn} writes them
 * @param ranks one comparable for each column: a number, or text whose order is the server's
 */
public record KeyPoint(List<String> values, List<Comparable<?>> ranks) implements Comparable<KeyPoint> {

    public KeyPoint {
        values = List.copyOf(values);
        ranks = List.copyOf(ranks);
    }

    @Override
    @SuppressWarnings("unchecked")
    public int compareTo(KeyPoint other) {
        for (int i = 0; i < ranks.size(); i++) {
            int order = ((Comparable<Object>) ranks.get(i)).compareTo(other.ranks.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Whether the server takes both for the same key, be their bytes the same or not. */
    @Override
    public boolean equals(Object other) {
        return other instanceof KeyPoint point && compareTo(point) == 0;
    }

    @Override
    public int hashCode() {
        return ranks.hashCode();
    }
}
