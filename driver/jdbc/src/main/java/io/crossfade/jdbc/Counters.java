package io.crossfade.jdbc;

import io.crossfade.flag.Shares;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often what was refused, kept on the old side, or chosen for a comparison and not fit for one, and why, for the status. The words are our own and short. Safe for many threads. */
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

    void notCompared(String reason) {
        count("not-compared:" + reason);
    }

    void leaseLost() {
        count("refused:lease-lost");
    }

    /**
     * {@code {"flag-percent:orders-status":20,"kept-old:like":3,"refused:multi-table-update":1}}; null where nothing was
     * counted.
     *
     * @param flags what a source of flags asks for at this client
     */
    @Nullable
    String json(Shares flags) {
        Map<String, Number> all = new TreeMap<>();
        counts.forEach((reason, count) -> all.put(reason, count.sum()));
        flags.percents().forEach((change, percent) -> all.put("flag-percent:" + change, percent));
        if (all.isEmpty()) {
            return null;
        }
        StringBuilder json = new StringBuilder("{");
        all.forEach((word, number) -> json.append(json.length() == 1 ? "" : ",")
                .append('"')
                .append(word.replace("\\", "").replace("\"", ""))
                .append("\":")
                .append(number));
        return json.append('}').toString();
    }

    private void count(String reason) {
        String key = counts.containsKey(reason) || counts.size() < REASONS_MAX ? reason : "other";
        counts.computeIfAbsent(key, k -> new LongAdder()).increment();
    }
}
