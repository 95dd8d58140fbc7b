package io.crossfade.migrator.mysql;

import io.crossfade.model.Change;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which indexes the new columns need: one for each index of the old columns, with the new ones in their place, and those
 * that the change file asks for.
 *
 * <p>{@code KEY shop_status (shop_id, status)} → {@code KEY shop_order_status (shop_id, order_status)}. Immutable.
 */
public final class Mirror {

    /** MySQL's bound on an identifier. */
    private static final int NAME_CHARS_MAX = 64;

    private final Change change;
    private final List<Index> before;

    /**
     * @param before the table's indexes, those on old columns among them
     */
    public Mirror(Change change, List<Index> before) {
        this.change = change;
        this.before = List.copyOf(before);
    }

    /** An index of the old side and its counterpart. */
    public record Pair(Index old, Index counterpart) {}

    /** The counterparts of all indexes that hold a replaced column; the primary key has none. */
    public List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (Index index : before) {
            boolean holdsOld = index.parts().stream()
                    .anyMatch(p -> change.ofOld(p.column()).isPresent());
            if (holdsOld && !index.isPrimary() && index.type().equals("BTREE")) {
                pairs.add(new Pair(index, counterpart(index)));
            }
        }
        return pairs;
    }

    /** The indexes that the change file asks for by {@code index: true}. */
    public List<Index> wanted() {
        List<Index> wanted = new ArrayList<>();
        for (Mapping mapping : change.mappings()) {
            for (NewColumn column : mapping.news()) {
                if (column.index()) {
                    Index.Part part = new Index.Part(column.name(), 0, false);
                    wanted.add(new Index("ix_" + column.name(), false, "BTREE", List.of(part)).shortened());
                }
            }
        }
        return wanted;
    }

    /** Every index that the new side needs. */
    public List<Index> all() {
        List<Index> all = new ArrayList<>();
        pairs().forEach(p -> all.add(p.counterpart()));
        for (Index index : wanted()) {
            if (all.stream()
                    .noneMatch(a -> a.parts().get(0).equals(index.parts().get(0)))) {
                all.add(index);
            }
        }
        return all;
    }

    private Index counterpart(Index index) {
        List<Index.Part> parts = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        String name = index.name();
        for (Index.Part part : index.parts()) {
            Optional<Mapping> mapping = change.ofOld(part.column());
            if (mapping.isEmpty()) {
                parts.add(part);
                continue;
            }
            for (NewColumn column : mapping.get().news()) {
                if (seen.add(column.name())) {
                    parts.add(new Index.Part(column.name(), prefix(part, mapping.get(), column), part.isDescending()));
                }
            }
            name = renamed(name, part.column(), mapping.get().news().get(0).name());
        }
        String distinct = name.equals(index.name()) ? name + "_cf" : name;
        return new Index(distinct, index.isUnique(), index.type(), parts).shortened();
    }

    /** A prefix makes sense for text and bytes only. */
    private static int prefix(Index.Part part, Mapping mapping, NewColumn column) {
        if (mapping.isIdentity() || part.prefixChars() == 0) {
            return part.prefixChars();
        }
        String type = column.type();
        Column plain = Column.plain(column.name(), type == null ? "" : type);
        return plain.isText() || plain.baseType().endsWith("blob") ? part.prefixChars() : 0;
    }

    private static String renamed(String name, String from, String to) {
        int at = name.toLowerCase(Locale.ROOT).indexOf(from.toLowerCase(Locale.ROOT));
        return at < 0 ? name : name.substring(0, at) + to + name.substring(at + from.length());
    }

    static String shortened(String name) {
        return name.length() <= NAME_CHARS_MAX
                ? name
                : name.substring(0, NAME_CHARS_MAX - 9) + "_" + Integer.toHexString(name.hashCode());
    }
}
