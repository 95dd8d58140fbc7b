package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The unique key by which a row is the same row in the source and in the ghost. Immutable.
 *
 * @param source in the source's names
 * @param ghost in the ghost's
 */
record SharedKey(Key source, Key ghost) {

    /** Integers are the shortest and the quickest to compare. */
    private static final List<String> QUICK = List.of("tinyint", "smallint", "mediumint", "int", "bigint");

    /** Finds the best one; refused where there is none, with what was looked at. */
    static SharedKey find(Dialect dialect, Sides sides, boolean allowsNullableKey) {
        List<String> seen = new ArrayList<>();
        List<Candidate> candidates = new ArrayList<>();
        for (Index index : sides.sourceIndexes()) {
            if (index.isUnique()) {
                Look look = look(sides, index, allowsNullableKey);
                if (look instanceof Candidate candidate) {
                    candidates.add(candidate);
                } else if (look instanceof Unfit unfit) {
                    seen.add("\"" + index.name() + "\" " + unfit.reason());
                }
            }
        }
        return candidates.stream()
                .min(Comparator.comparingInt(Candidate::rank)
                        .thenComparing(c -> c.source().name()))
                .map(c -> c.key(dialect, sides))
                .orElseThrow(() -> MigrationException.refused("cannot alter table \""
                        + sides.source().name() + "\"; its rows cannot be told apart on both sides: "
                        + (seen.isEmpty() ? "it has no unique key" : "key " + String.join("; key ", seen))
                        + "; give it a unique key of NOT NULL columns that the change leaves alone"));
    }

    /**
     * What is known of both tables.
     *
     * @param pairs the columns that are copied
     * @param computed those that the server computes, and comes to the same on both sides
     */
    record Sides(
            Table source,
            Table ghost,
            List<ColumnPair> pairs,
            List<ColumnPair> computed,
            List<Index> sourceIndexes,
            List<Index> ghostIndexes) {

        Optional<ColumnPair> pair(String sourceColumn) {
            return find(pairs, sourceColumn);
        }

        /** The same among those, too, that are not copied. */
        Optional<ColumnPair> pairOrComputed(String sourceColumn) {
            return pair(sourceColumn).or(() -> find(computed, sourceColumn));
        }

        private static Optional<ColumnPair> find(List<ColumnPair> pairs, String sourceColumn) {
            return pairs.stream()
                    .filter(p -> p.source().name().equalsIgnoreCase(sourceColumn))
                    .findFirst();
        }
    }

    /** What came of looking at an index. */
    private sealed interface Look {}

    private record Unfit(String reason) implements Look {}

    private record Candidate(Index source, Index ghost, List<ColumnPair> columns) implements Look {

        /** The primary key first, then one without NULLs, of integers, of few columns. */
        int rank() {
            boolean hasNull = columns.stream().anyMatch(p -> p.source().nullable());
            boolean isQuick =
                    columns.stream().allMatch(p -> QUICK.contains(p.source().baseType()));
            return (source.isPrimary() ? 0 : 10_000) + (hasNull ? 1_000 : 0) + (isQuick ? 0 : 100) + columns.size();
        }

        SharedKey key(Dialect dialect, Sides sides) {
            return new SharedKey(
                    new Key(
                            dialect,
                            sides.source().name(),
                            source.name(),
                            directed(columns.stream().map(ColumnPair::source).toList())),
                    new Key(
                            dialect,
                            sides.ghost().name(),
                            ghost.name(),
                            directed(columns.stream().map(ColumnPair::ghost).toList())));
        }

        /** Both sides are walked in the order of the source's index, whichever directions the ghost's has. */
        private List<KeyColumn> directed(List<Column> side) {
            return IntStream.range(0, side.size())
                    .mapToObj(i -> KeyColumn.of(side.get(i))
                            .towards(source.goesDown(source.parts().get(i))))
                    .toList();
        }
    }

    private static Look look(Sides sides, Index index, boolean allowsNullableKey) {
        if (!index.type().equals("BTREE") || !index.isVisible()) {
            return new Unfit("is " + (index.isVisible() ? index.type() : "hidden from the optimizer"));
        }
        List<ColumnPair> columns = new ArrayList<>();
        for (Index.Part part : index.parts()) {
            if (part.column().isEmpty() || part.prefixChars() > 0) {
                return new Unfit(
                        part.column().isEmpty()
                                ? "is of an expression"
                                : "holds only the beginning of " + part.column());
            }
            Column column = sides.source().column(part.column()).orElseThrow();
            Optional<ColumnPair> pair = sides.pair(part.column());
            if (pair.isEmpty()) {
                return new Unfit("holds " + part.column() + ", which is not copied");
            }
            if (column.nullable() && !allowsNullableKey) {
                return new Unfit("holds " + part.column() + ", which may be NULL");
            }
            if (column.generated()) {
                return new Unfit("holds " + part.column() + ", which is generated");
            }
            Optional<String> unusable = unusable(pair.get());
            if (unusable.isPresent()) {
                return new Unfit("holds " + part.column() + ", " + unusable.get());
            }
            columns.add(pair.get());
        }
        List<String> wanted = lower(columns.stream().map(p -> p.ghost().name()).toList());
        for (Index other : sides.ghostIndexes()) {
            if (other.isUnique() && other.isVisible() && holds(other, wanted)) {
                return new Candidate(index, other, columns);
            }
        }
        return new Unfit("("
                + columns.stream().map(p -> p.ghost().name()).collect(Collectors.joining(", "))
                + ") has no counterpart after the change, a unique key of exactly these columns in this order");
    }

    private static Optional<String> unusable(ColumnPair pair) {
        // Their order is the server's own and not that of their text.
        if (List.of("uuid", "inet4", "inet6").contains(pair.source().baseType())) {
            return Optional.of("whose type " + pair.source().baseType() + " is not ordered as it is printed");
        }
        try {
            KeyColumn.of(pair.source());
            KeyColumn.of(pair.ghost());
        } catch (IllegalArgumentException e) {
            return Optional.of("and " + e.getMessage());
        }
        return pair.isSameType() || KeyTypes.areAlike(pair.source(), pair.ghost())
                ? Optional.empty()
                : Optional.of("which tells rows apart in another way as " + shown(pair.ghost()) + " than as "
                        + shown(pair.source()));
    }

    private static String shown(Column column) {
        return column.type() + (column.collation() == null ? "" : " " + column.collation());
    }

    /** Whether an index is of exactly these columns, in this order, and whole. */
    private static boolean holds(Index index, List<String> columns) {
        return lower(index.parts().stream().map(Index.Part::column).toList()).equals(columns)
                && index.parts().stream().allMatch(p -> p.prefixChars() == 0);
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
    }
}
