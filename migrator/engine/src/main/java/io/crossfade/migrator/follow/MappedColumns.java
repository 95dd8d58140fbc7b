package io.crossfade.migrator.follow;

import io.crossfade.migrator.row.Row;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One mapping's columns in the row images of the log. Immutable.
 *
 * @param olds the places of its old columns in an image
 * @param news the places of its new columns
 */
record MappedColumns(Mapping mapping, List<Integer> olds, List<Integer> news) {

    /** Which sides of a mapping a row change has written. */
    enum Touch {
        NONE,
        OLD,
        NEW,
        BOTH;

        static Touch of(boolean isOld, boolean isNew) {
            return isOld ? (isNew ? BOTH : OLD) : (isNew ? NEW : NONE);
        }
    }

    static MappedColumns of(Mapping mapping, Table table) {
        List<Integer> olds = new ArrayList<>();
        for (OldColumn column : mapping.olds()) {
            olds.add(place(table, column.name()));
        }
        List<Integer> news = new ArrayList<>();
        for (NewColumn column : mapping.news()) {
            news.add(place(table, column.name()));
        }
        return new MappedColumns(mapping, List.copyOf(olds), List.copyOf(news));
    }

    private static int place(Table table, String name) {
        List<Column> columns = table.columns();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("table " + table.name() + " has no column " + name);
    }

    /** An INSERT touches both: the log does not tell a value that was given from a default. */
    Touch touched(@Nullable Row before, Row after) {
        return before == null ? Touch.BOTH : Touch.of(isChanged(olds, before, after), isChanged(news, before, after));
    }

    private static boolean isChanged(List<Integer> places, Row before, Row after) {
        return places.stream().anyMatch(p -> !Objects.deepEquals(before.value(p), after.value(p)));
    }

    /** Whether both sides plainly hold the same bytes, so that nobody needs to be asked. */
    boolean isSame(Row row) {
        return mapping.isIdentity() && Objects.deepEquals(row.value(olds.get(0)), row.value(news.get(0)));
    }
}
