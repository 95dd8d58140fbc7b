package io.crossfade.migrator.apply;

import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.row.Row;
import io.crossfade.model.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Takes the key out of a row image, in the text form of {@link KeyColumn}. Immutable. */
public final class KeyReader {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final List<Integer> places;

    /**
     * @param table the table whose images are read
     * @param key its key
     */
    public KeyReader(Table table, Key key) {
        List<Integer> found = new ArrayList<>();
        for (KeyColumn column : key.columns()) {
            for (int i = 0; i < table.columns().size(); i++) {
                if (table.columns().get(i).name().equalsIgnoreCase(column.name())) {
                    found.add(i);
                }
            }
        }
        if (found.size() != key.columns().size()) {
            throw new IllegalArgumentException("table " + table.name() + " has not all columns of its key");
        }
        this.places = List.copyOf(found);
    }

    /** Whether a column of the key holds NULL, so that there is no key. */
    public boolean hasNull(Row row) {
        return places.stream().anyMatch(p -> row.value(p) == null);
    }

    public List<String> key(Row row) {
        List<String> key = new ArrayList<>(places.size());
        for (int place : places) {
            key.add(text(row.value(place)));
        }
        return key;
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return HEX.formatHex(bytes);
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value == null) {
            throw new IllegalStateException("a key column holds NULL");
        }
        return value.toString();
    }
}
