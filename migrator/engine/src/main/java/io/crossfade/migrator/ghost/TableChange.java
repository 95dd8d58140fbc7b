package io.crossfade.migrator.ghost;

import io.crossfade.migrator.chunk.Key;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.util.List;
import java.util.stream.Stream;

/**
 * One table on its way to another structure. Immutable.
 *
 * @param source the table as it stands
 * @param ghost the shadow copy with the new structure
 * @param old the name that the source takes at the cut-over
 * @param pairs every source column whose values are copied, in the source's order; generated columns of the ghost are none
 * @param sourceKey the unique key that rows are told apart by, in the source's names
 * @param ghostKey the same key in the ghost's names
 * @param uniqueKeysAdded columns (in the ghost's names), or expressions, of unique keys that the source does not have as they are
 * @param derived what the server puts into the rows by itself
 * @param cut the word of sql_mode by which the server cuts parts of a second, where that is not its usual way; else empty
 */
public record TableChange(
        Table source,
        Table ghost,
        TableName old,
        List<ColumnPair> pairs,
        Key sourceKey,
        Key ghostKey,
        List<List<String>> uniqueKeysAdded,
        Derived derived,
        String cut) {

    public TableChange {
        pairs = List.copyOf(pairs);
        uniqueKeysAdded = uniqueKeysAdded.stream().map(List::copyOf).toList();
    }

    /** One whose tables hold nothing but what is put into them. */
    public TableChange(
            Table source,
            Table ghost,
            TableName old,
            List<ColumnPair> pairs,
            Key sourceKey,
            Key ghostKey,
            List<List<String>> uniqueKeysAdded) {
        this(source, ghost, old, pairs, sourceKey, ghostKey, uniqueKeysAdded, Derived.NOTHING, "");
    }

    /**
     * The part of it in which a row of the one table is certainly what the row of the other tells, also after the way back has written some of
     * them: columns that are copied as they are ({@link ColumnPair#isPlain}), and none that the source computes itself. An ALTER may have made a
     * plain column of such a one, which has got values of its own since.
     */
    public TableChange plain() {
        boolean readsZone = derived.sourceReadsZone() || derived.ghostReadsZone();
        return new TableChange(
                source,
                ghost,
                old,
                pairs.stream().filter(ColumnPair::isPlain).toList(),
                sourceKey,
                ghostKey,
                uniqueKeysAdded,
                new Derived(List.of(), readsZone, readsZone),
                cut);
    }

    /** A sql_mode in which its rows are written, made of one that is so for all. */
    public String mode(String usual) {
        return cut.isEmpty() ? usual : usual + "," + cut;
    }

    /** The columns that must come out the same: those that are copied, and those that the server computes and stores. */
    public List<ColumnPair> compared() {
        return Stream.concat(pairs.stream(), derived.stored().stream()).toList();
    }

    /** Whether rows of the ghost have to be written in the server's own time zone; else they are in UTC. */
    public boolean isZoned() {
        return convertsTimeStamps() || derived.ghostReadsZone();
    }

    /** The same of the source, on the way back. */
    public boolean isZonedBack() {
        return convertsTimeStamps() || derived.sourceReadsZone();
    }

    /** Whether a TIMESTAMP becomes something else or comes of it, so that the zone of the session decides about its value. */
    public boolean convertsTimeStamps() {
        return pairs.stream().anyMatch(p -> !p.isSameType() && isTimeStamp(p.source()) != isTimeStamp(p.ghost()));
    }

    /** Whether rows are told apart by a TIMESTAMP, which only UTC tells apart. */
    public boolean hasTimeStampKey() {
        return sourceKey.columns().stream()
                .map(c -> source.column(c.name()).orElseThrow())
                .anyMatch(TableChange::isTimeStamp);
    }

    private static boolean isTimeStamp(Column column) {
        return column.baseType().equalsIgnoreCase("timestamp");
    }

    /** Whether some column's values are converted on their way. */
    public boolean converts() {
        return pairs.stream().anyMatch(p -> !p.isSameType());
    }
}
