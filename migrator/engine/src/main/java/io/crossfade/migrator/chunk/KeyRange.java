package io.crossfade.migrator.chunk;

import java.util.List;

/**
 * The rows whose key lies after one key and up to another. Immutable.
 *
 * @param after exclusive; empty where the range begins with the table
 * @param upTo inclusive; empty where the range has no end, and takes whatever is added behind it
 */
public record KeyRange(List<String> after, List<String> upTo) {

    public KeyRange {
        after = List.copyOf(after);
        upTo = List.copyOf(upTo);
    }
}
