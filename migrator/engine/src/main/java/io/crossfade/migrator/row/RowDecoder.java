package io.crossfade.migrator.row;

import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the row images of one table as the change log writes them, by what its table map says of the stored form and by what
 * the catalog says of the meaning: the log does not tell signedness, character sets and BINARY everywhere.
 *
 * <p>Immutable.
 */
public final class RowDecoder {
    private final Cell[] cells;

    private RowDecoder(Cell[] cells) {
        this.cells = cells;
    }

    /**
     * The decoder of a table as the log has it.
     *
     * @param map the table map event from its column count on
     * @throws IllegalArgumentException where the log and the catalog do not fit each other, or a column's values cannot be read
     */
    public static RowDecoder of(Table table, Bytes map) {
        List<Column> columns = table.columns();
        int count = (int) map.packed();
        Bytes types = map.slice(count);
        Bytes metadata = map.slice((int) map.packed());
        if (count != columns.size()) {
            throw new IllegalArgumentException("the log has " + count + " columns, the catalog " + columns.size());
        }
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
        return new RowDecoder(cells);
    }

    public int columns() {
        return cells.length;
    }

    /** One image: the map of NULLs, then the values of the others. */
    public Row read(Bytes in) {
        @Nullable Object[] values = new Object[cells.length];
        int nulls = in.position();
        in.skip((cells.length + 7) / 8);
        for (int i = 0; i < cells.length; i++) {
            values[i] = in.bit(nulls, i) ? null : cells[i].read(in);
        }
        return new Row(values);
    }

    /** How one column's value is read. */
    @FunctionalInterface
    interface Cell {
        Object read(Bytes in);
    }
}
