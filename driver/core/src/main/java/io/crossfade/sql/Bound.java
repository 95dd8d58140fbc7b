package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.sf.jsqlparser.schema.Table;

/** What the binder found in one statement. Filled by it, then only read. */
final class Bound {

    /**
     * A select item that has no alias, by its tokens; where its text changes, it is given the label that it had.
     *
     * @param column the token that names the column which it is, in parentheses or not; -1 for any other expression
     */
    record Item(int from, int to, int column) {}

    /** A star over a source that is a changing table, or over a list of sources with one among them. */
    record Star(int from, int to, List<Source> sources, boolean mergesColumns) {}

    /** What each changing table of a FROM list is, by the parser's node. */
    final IdentityHashMap<Table, Source> sources = new IdentityHashMap<>();

    final List<Reference> references = new ArrayList<>();
    final List<Item> items = new ArrayList<>();
    final List<Star> stars = new ArrayList<>();
    /** Edits that hold whatever side is read: names that must be qualified to go on meaning what they mean. */
    final List<Edit> fixes = new ArrayList<>();
    /** The names whose meaning is known; any other that matters stands where nobody looks. */
    final AccountedNames accounted;

    final Set<ChangingTable> tables = new LinkedHashSet<>();
    boolean hasIndexHint;

    Bound(Tokens tokens) {
        accounted = new AccountedNames(tokens);
    }
}
