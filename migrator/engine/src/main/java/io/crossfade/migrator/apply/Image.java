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

    public Image {
        key = List.copyOf(key);
    }
}
