package io.crossfade.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One query block: a SELECT with its FROM list, inside another or on its own, and what a name may be in it. Confined to the
 * binder that fills it.
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

    /** The source that a qualifier names, in this block or else in the nearest around it; null where there is none. */
    @Nullable
    Source named(@Nullable String schema, String qualifier) {
        for (Block b = this; b != null; b = b.outer) {
            Source source = b.namedHere(schema, qualifier);
            if (source != null) {
                return source;
            }
        }
        return null;
    }

    /** The source of this block alone that a qualifier names. */
    @Nullable
    Source namedHere(@Nullable String schema, String qualifier) {
        for (Source source : sources) {
            if (source.isNamed(schema, qualifier)) {
                return source;
            }
        }
        return null;
    }

    /**
     * The innermost source that has this column in the application's eyes; null where there is none.
     *
     * @param otherSideToo whether columns count that only the other version of a changing table has
     */
    @Nullable
    Source find(String column, boolean otherSideToo) {
        for (Block b = this; b != null; b = b.outer) {
            Source found = b.findHere(column, otherSideToo);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Source findHere(String column, boolean otherSideToo) {
        Source found = null;
        for (Source source : sources) {
            if (source.changing() == null && source.columns() == null) {
                throw new Unbound("unknown-columns", "a bare name may belong to a source whose columns are not known");
            }
            boolean has = source.appHas(column) || (otherSideToo && source.isMapped(column));
            if (has && found == null) {
                found = source;
            } else if (has && !mergesColumns) {
                throw new Unbound("unbound-name", "a bare name may belong to two tables");
            }
        }
        return found;
    }

    /** Whether the server would find this column in a changing table that is as near as its own source or nearer. */
    boolean shadows(Source owner, String column) {
        for (Block b = this; b != null; b = b.outer) {
            if (b.sources.stream().anyMatch(s -> !s.equals(owner) && s.isMapped(column))) {
                return true;
            }
            if (b.sources.contains(owner)) {
                return false;
            }
        }
        return false;
    }
}
