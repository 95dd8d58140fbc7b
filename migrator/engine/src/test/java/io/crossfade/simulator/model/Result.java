package io.crossfade.simulator.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement gives back. Immutable.
 *
 * @param labels of the columns; empty where there is no result set
 * @param count rows matched, for what is no query
 */
public record Result(List<String> labels, List<@Nullable Object[]> rows, int count) {

    public static final Result NONE = new Result(List.of(), List.of(), 0);

    static Result count(int rows) {
        return new Result(List.of(), List.of(), rows);
    }

    static Result one(String label, @Nullable Object value) {
        List<@Nullable Object[]> rows = new java.util.ArrayList<>();
        rows.add(new Object[] {value});
        return new Result(List.of(label), rows, 0);
    }

    public boolean isQuery() {
        return !labels.isEmpty();
    }
}
