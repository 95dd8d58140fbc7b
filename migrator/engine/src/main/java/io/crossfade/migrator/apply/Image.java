package io.crossfade.migrator.apply;

import io.crossfade.migrator.row.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the change log says that a key holds from now on. Immutable.
 *
 * @param ordinal its place in the order of all events
 * @param key as {@link io.crossfade.migrator.chunk.KeyColumn} writes it
 * @param row the whole row; null where the key is gone
 */
public record Image(long ordinal, List<String> key, @Nullable Row row) {

    /** The objects around an image of a key of one column, in the frontier and among those that owe: counted, 320. */
    private static final int IMAGE_BYTES = 320;

    public Image {
        key = List.copyOf(key);
    }

    /** About the memory that it takes while it waits. */
    public long bytes() {
        return bytes(key, row);
    }

    /** About the memory that an image of this key and row takes. */
    public static long bytes(List<String> key, @Nullable Row row) {
        long bytes = IMAGE_BYTES + (row == null ? 0 : row.bytes());
        for (String value : key) {
            bytes += value.length();
        }
        return bytes;
    }
}
