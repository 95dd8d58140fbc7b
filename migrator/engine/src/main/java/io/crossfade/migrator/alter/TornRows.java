package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Image;
import io.crossfade.migrator.row.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a large open transaction held before it, of which images have been handed over already: should the transaction be
 * torn and read again, they are put back. One thread at a time.
 */
final class TornRows {
    private final long bytesMax;
    private final Map<Touched, Optional<Row>> before = new LinkedHashMap<>();
    private long bytes;
    private boolean isLost;

    private record Touched(TableRun table, List<String> key) {}

    /** Takes what a row held, null for nothing. */
    @FunctionalInterface
    interface Taker {
        void take(TableRun table, List<String> key, @Nullable Row row);
    }

    /**
     * @param bytesMax where there is more, all is given up
     */
    TornRows(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Remembers what a key held; of several images of it the first counts. */
    void remember(TableRun table, List<String> key, @Nullable Row row) {
        if (isLost) {
            return;
        }
        if (before.putIfAbsent(new Touched(table, key), Optional.ofNullable(row)) == null) {
            bytes += Image.bytes(key, row);
        }
        if (bytes > bytesMax) {
            forget();
            isLost = true;
        }
    }

    /** Whether there was more than is kept. */
    boolean isLost() {
        return isLost;
    }

    void forEach(Taker taker) {
        before.forEach((touched, row) -> taker.take(touched.table(), touched.key(), row.orElse(null)));
    }

    /** The transaction has ended, one way or the other. */
    void forget() {
        before.clear();
        bytes = 0;
        isLost = false;
    }
}
