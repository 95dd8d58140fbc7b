package io.crossfade.model;

import java.util.List;
import java.util.Set;

/**
 * One line of a change: the old columns, the new columns, and how each side is computed from the other. Immutable.
 *
 * @param kind what sort of mapping it is
 * @param olds the old columns: those replaced, or for a derive those that {@code up} reads; empty for an add
 * @param news the new columns, at least one
 * @param facts what its author states of it
 * @param unmappable what happens to a row whose old value has no new one
 */
public record Mapping(
        MappingKind kind, List<OldColumn> olds, List<NewColumn> news, Set<Fact> facts, Unmappable unmappable) {

    /** What happens to a value that {@code up} or {@code down} cannot map. */
    public enum Unmappable {
        /** It becomes NULL on the other side. */
        NULL,
        /** The statement that writes it fails, as the server's strict mode has it. */
        FAIL
    }

    public Mapping {
        olds = List.copyOf(olds);
        news = List.copyOf(news);
        facts = Set.copyOf(facts);
        if (news.isEmpty()) {
            throw new IllegalArgumentException("a mapping needs at least one new column");
        }
    }

    /** Whether both sides hold the same bytes: a rename. */
    public boolean isIdentity() {
        return kind == MappingKind.RENAME;
    }

    public boolean has(Fact fact) {
        return isIdentity() || facts.contains(fact);
    }

    /** Whether old values may change on the way to new and back. A mapping that drops nothing loses nothing. */
    public boolean isLossy() {
        return kind.replacesOld() && !has(Fact.LOSSLESS);
    }

    /** Whether there is anything to write on the new side when the old one is written. */
    public boolean hasUp() {
        return news.stream().anyMatch(n -> n.up() != null) || isIdentity();
    }

    public boolean hasOld(String column) {
        return olds.stream().anyMatch(o -> o.name().equalsIgnoreCase(column));
    }

    public boolean hasNew(String column) {
        return news.stream().anyMatch(n -> n.name().equalsIgnoreCase(column));
    }
}
