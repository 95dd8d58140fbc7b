package io.crossfade.migrator.row;

import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the row images of one table as the change log writes them, by what its table map says of the stored form and by what
 * the catalog says of the meaning: the log does not tell signedness, character sets and BINARY everywhere.
 *
 * <p>Immutable.
 */
public final class RowDecoder {
    private final Cell[] cells;

    /** Which value of a row each becomes; one that the catalog does not show becomes none. */
    private final int[] places;

    private final int shown;

    private RowDecoder(Cell[] cells, int[] places, int shown) {
        this.cells = cells;
        this.places = places;
        this.shown = shown;
    }

    /**
     * The decoder of a table as the log has it.
     *
     * @param map the table map event from its column count on
     * @throws IllegalArgumentException where the log and the catalog do not fit each other, or a column's values cannot be read
     */
    public static RowDecoder of(Table table, Bytes map) {
        int count = (int) map.packed();
        Bytes types = map.slice(count);
        Bytes metadata = map.slice((int) map.packed());
        // Later versions of MySQL leave out what the catalog does not show.
        List<Column> columns = count == table.columns().size() ? table.columns() : table.stored();
        if (count != columns.size()) {
            throw new IllegalArgumentException("the log has " + count + " columns, the catalog "
                    + table.columns().size());
        }
        int[] places = columns.stream().mapToInt(table.columns()::indexOf).toArray();
        Cell[] cells = new Cell[count];
        for (int i = 0; i < count; i++) {
            int type = types.u8();
            int low = 0;
            int high = 0;
            int metadataBytes = CellType.metadataBytes(type);
            if (metadataBytes > 0) {
                low = metadata.u8();
            }
            if (metadataBytes > 1) {
                high = metadata.u8();
            }
            cells[i] = Cells.of(columns.get(i), type, low, high);
        }
        return new RowDecoder(cells, places, table.columns().size());
    }

    /**
     * That of images that have only some columns; empty where one is not there that the catalog shows.
     *
     * @param present a map of those that are there
     */
    public Optional<RowDecoder> having(Bytes present) {
        int map = present.position();
        int[] there = IntStream.range(0, cells.length)
                .filter(i -> present.bit(map, i))
                .toArray();
        if (there.length == cells.length) {
            return Optional.of(this);
        }
        int[] found = IntStream.of(there).map(i -> places[i]).toArray();
        long foundShown = IntStream.of(found).filter(p -> p >= 0).count();
        return foundShown < shown
                ? Optional.empty()
                : Optional.of(new RowDecoder(
                        IntStream.of(there).mapToObj(i -> cells[i]).toArray(Cell[]::new), found, shown));
    }

    /** As the log has them. */
    public int columns() {
        return cells.length;
    }

    /** One image: the map of NULLs, then the values of the others. */
    public Row read(Bytes in) {
        @Nullable Object[] values = new Object[shown];
        int nulls = in.position();
        in.skip((cells.length + 7) / 8);
        for (int i = 0; i < cells.length; i++) {
            Object value = in.bit(nulls, i) ? null : cells[i].read(in);
            if (places[i] >= 0) {
                values[places[i]] = value;
            }
        }
        return new Row(values);
    }

    /** How one column's value is read. */
    @FunctionalInterface
    interface Cell {
        Object read(Bytes in);
    }
}
