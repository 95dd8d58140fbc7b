package io.crossfade.samples.shop.traffic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one clerk believes to be in a table: for each row that is the clerk's own, the last value whose writing was
 * acknowledged. Nobody else writes those rows, so any other value in the table is a lost or a wrong write. One thread at
 * a time.
 *
 * @param <R> a row
 */
public final class Ledger<R> {
    private final Map<Long, R> rows = new HashMap<>();
    private final List<Long> ids = new ArrayList<>();
    private final Map<Long, Integer> placeOfId = new HashMap<>();
    private final Set<Long> touched = new HashSet<>();

    /** Notes a row that was there before the clerk began. */
    public void load(long id, R row) {
        if (rows.put(id, row) == null) {
            placeOfId.put(id, ids.size());
            ids.add(id);
        }
    }

    /** Notes a write of the clerk. */
    public void put(long id, R row) {
        load(id, row);
        touched.add(id);
    }

    public void remove(long id) {
        rows.remove(id);
        touched.remove(id);
        Integer place = placeOfId.remove(id);
        if (place != null) {
            long last = ids.remove(ids.size() - 1);
            if (last != id) {
                ids.set(place, last);
                placeOfId.put(last, place);
            }
        }
    }

    public @Nullable R get(long id) {
        return rows.get(id);
    }

    /** The id of any row, each as likely. */
    public long pick(RandomGenerator random) {
        return ids.get(random.nextInt(ids.size()));
    }

    /** Any row, each as likely. */
    public R any(RandomGenerator random) {
        return Objects.requireNonNull(rows.get(pick(random)));
    }

    /** Whether the clerk ever wrote the row: if not, nobody may have, not even its {@code updated_at}. */
    public boolean isTouched(long id) {
        return touched.contains(id);
    }

    public Collection<Long> ids() {
        return List.copyOf(ids);
    }
}
