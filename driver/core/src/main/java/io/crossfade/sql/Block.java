package io.crossfade.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One query block: a SELECT with its FROM list, inside another or on its own. Confined to the binder that fills it.
 */
final class Block {
    final @Nullable Block outer;
    final List<Source> sources = new ArrayList<>();
    /** The labels of its select items, in order; null where an item has none that is known. */
    final List<@Nullable String> labels = new ArrayList<>();
    /** Which of the labels are explicit aliases. */
    final List<String> aliases = new ArrayList<>();
    /** Whether columns of two sources are shown as one: NATURAL and USING. */
    boolean mergesColumns;
    /** Whether a star stands among the items, so that ordinals do not tell. */
    boolean hasStar;

    Block(@Nullable Block outer) {
        this.outer = outer;
    }

    boolean hasLabel(String name) {
        return labels.stream().anyMatch(name::equalsIgnoreCase);
    }

    boolean hasAlias(String name) {
        return aliases.stream().anyMatch(name::equalsIgnoreCase);
    }
}
