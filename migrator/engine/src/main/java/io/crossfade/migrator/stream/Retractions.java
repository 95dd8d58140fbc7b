package io.crossfade.migrator.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows events of the transaction under way that ROLLBACK TO SAVEPOINT took back. The log seldom holds such: only where a
 * transaction also wrote to a table that cannot roll back. They are handed on before that is known, so the transaction is then
 * read a second time, without them.
 *
 * <p>Confined to the reader's thread.
 */
final class Retractions {
    private final Map<String, Integer> savepoints = new HashMap<>();
    private final List<Span> taken = new ArrayList<>();

    /** Rows events by their number in the transaction, the end excluded. */
    private record Span(int from, int to) {}

    /** A transaction begins, perhaps for the second time. */
    void begin() {
        savepoints.clear();
    }

    void end() {
        savepoints.clear();
        taken.clear();
    }

    void savepoint(String name, int rowEvents) {
        savepoints.put(name.toLowerCase(Locale.ROOT), rowEvents);
    }

    /** Whether this is new, so that the transaction has to be read again. */
    boolean rollBack(String name, int rowEvents) {
        Span span = new Span(savepoints.getOrDefault(name.toLowerCase(Locale.ROOT), 0), rowEvents);
        if (span.from() == span.to() || taken.contains(span)) {
            return false;
        }
        taken.add(span);
        return true;
    }

    /** Whether a rows event was taken back. */
    boolean holds(int rowEvent) {
        return taken.stream().anyMatch(s -> s.from() <= rowEvent && rowEvent < s.to());
    }
}
