package io.crossfade.jdbc;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often what was refused or kept on the old side, and why. The words are our own and short. Safe for many threads. */
final class Counters {

    /** More reasons than the planner has; beyond it they are counted together. */
    private static final int REASONS_MAX = 64;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void refused(String reason) {
        count("refused:" + reason);
    }

    void keptOld(String reason) {
        count("kept-old:" + reason);
    }

    void leaseLost() {
        count("refused:lease-lost");
    }

    /** {@code {"kept-old:like":3,"refused:multi-table-update":1}}; null where nothing was counted. */
    @Nullable
    String json() {
        if (counts.isEmpty()) {
            return null;
        }
        StringBuilder json = new StringBuilder("{");
        new TreeMap<>(counts).forEach((reason, count) -> json.append(json.length() == 1 ? "" : ",")
                .append('"')
                .append(reason.replace("\\", "").replace("\"", ""))
                .append("\":")
                .append(count.sum()));
        return json.append('}').toString();
    }

    private void count(String reason) {
        String key = counts.containsKey(reason) || counts.size() < REASONS_MAX ? reason : "other";
        counts.computeIfAbsent(key, k -> new LongAdder()).increment();
    }
}
