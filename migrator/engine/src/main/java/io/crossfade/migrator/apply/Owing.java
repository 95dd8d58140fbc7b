package io.crossfade.migrator.apply;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are not in the ghost though their images were applied, and why: duplicates, which are tried again until the value
 * comes free, and misfits, which only a newer image of their row can end.
 *
 * <p>One thread at a time, but for the counts.
 */
final class Owing {

    /** The one that waits for its turn longest comes first. */
    private final Map<List<String>, Image> duplicates = new LinkedHashMap<>();

    private final Map<List<String>, Misfit> misfits = new LinkedHashMap<>();
    private final AtomicInteger duplicatesCount = new AtomicInteger();
    private final AtomicInteger misfitsCount = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * A row that the new structure cannot hold.
     *
     * @param place where and by which error, without the value
     */
    record Misfit(Image image, String place) {}

    void addDuplicate(Image image) {
        duplicates.put(image.key(), image);
        added(image);
    }

    void addMisfit(Image image, String place) {
        misfits.put(image.key(), new Misfit(image, place));
        added(image);
    }

    void addAll(Owing others) {
        others.duplicates.values().forEach(this::addDuplicate);
        others.misfits.values().forEach(m -> addMisfit(m.image(), m.place()));
    }

    private void added(Image image) {
        bytes.addAndGet(image.bytes());
        count();
    }

    /** The row's newest image is another one, or it is tried again. */
    @Nullable
    Image remove(List<String> key) {
        Image image = duplicates.remove(key);
        Misfit misfit = misfits.remove(key);
        if (misfit != null) {
            image = misfit.image();
        }
        if (image != null) {
            bytes.addAndGet(-image.bytes());
            count();
        }
        return image;
    }

    private void count() {
        duplicatesCount.set(duplicates.size());
        misfitsCount.set(misfits.size());
    }

    boolean has(Image image) {
        Image duplicate = duplicates.get(image.key());
        Misfit misfit = misfits.get(image.key());
        return (duplicate != null && duplicate.ordinal() == image.ordinal())
                || (misfit != null && misfit.image().ordinal() == image.ordinal());
    }

    /** The duplicates that have waited longest. */
    List<Image> first(int max) {
        return duplicates.values().stream().limit(max).toList();
    }

    Set<List<String>> duplicateKeys() {
        return new LinkedHashSet<>(duplicates.keySet());
    }

    Set<Long> ordinals() {
        Set<Long> ordinals = misfitOrdinals();
        duplicates.values().forEach(image -> ordinals.add(image.ordinal()));
        return ordinals;
    }

    Set<Long> misfitOrdinals() {
        Set<Long> ordinals = new LinkedHashSet<>();
        misfits.values().forEach(misfit -> ordinals.add(misfit.image().ordinal()));
        return ordinals;
    }

    /** Where a misfit does not fit. */
    String place(long ordinal) {
        return misfits.values().stream()
                .filter(misfit -> misfit.image().ordinal() == ordinal)
                .map(Misfit::place)
                .findFirst()
                .orElse("");
    }

    int duplicates() {
        return duplicatesCount.get();
    }

    int misfitRows() {
        return misfitsCount.get();
    }

    /** The memory that all of them take. */
    long bytes() {
        return bytes.get();
    }
}
