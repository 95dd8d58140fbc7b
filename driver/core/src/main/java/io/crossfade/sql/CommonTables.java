package io.crossfade.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/**
 * The common table expressions that are in sight where a statement is being read, each with its labels. Confined to the binder
 * that fills it.
 */
final class CommonTables {
    private final Map<String, @Nullable List<@Nullable String>> labels = new HashMap<>();

    /** The name of a common table as it is looked up. */
    static String name(WithItem<?> item) {
        return lower(SqlParser.unquoted(item.getAliasName()));
    }

    /** {@code WITH r (n, status) AS (…)}: the labels in the parentheses; null where there are none. */
    static @Nullable List<@Nullable String> declared(WithItem<?> item) {
        if (item.getWithItemList() == null) {
            return null;
        }
        List<@Nullable String> names = new ArrayList<>();
        item.getWithItemList().forEach(i -> names.add(SqlParser.unquoted(i.toString())));
        return names;
    }

    /** Brings one into sight; its labels are null where they are not known. */
    void put(String name, @Nullable List<@Nullable String> its) {
        labels.put(name, its);
    }

    boolean has(String table) {
        return labels.containsKey(lower(table));
    }

    @Nullable
    List<@Nullable String> labels(String table) {
        return labels.get(lower(table));
    }

    /** What is in sight now, to be shown again behind a query that brings its own. */
    Map<String, @Nullable List<@Nullable String>> inSight() {
        return new HashMap<>(labels);
    }

    void show(Map<String, @Nullable List<@Nullable String>> inSight) {
        labels.clear();
        labels.putAll(inSight);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
