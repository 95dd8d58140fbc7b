package io.crossfade.simulator.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table of the model server. One thread at a time. */
final class ModelTable {

    /** A column, as the catalog shows it. */
    record Column(
            String name, String type, boolean isNullable, @Nullable Object value, boolean isAuto, boolean isHidden) {}

    private static final Comparator<Object> KEYS = ModelTable::compareKeys;

    private final String name;
    private final List<String> key;
    private final List<Column> columns = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final TreeMap<Object, ModelRow> rows = new TreeMap<>(KEYS);
    private List<String> names = List.of();
    private long nextAuto = 1;

    /** The commit since which its columns are as they are. */
    long alteredAt;

    ModelTable(String name, List<Column> columns, List<String> key) {
        this.name = name;
        this.key = List.copyOf(key);
        columns.forEach(this::add);
    }

    String name() {
        return name;
    }

    List<Column> columns() {
        return columns;
    }

    List<String> key() {
        return key;
    }

    /** The names of the columns, in order; the same list as long as they stay. */
    List<String> names() {
        if (names.size() != columns.size()) {
            names = columns.stream().map(Column::name).toList();
        }
        return names;
    }

    int indexOf(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            index = indexes.get(column.toLowerCase(Locale.ROOT));
        }
        return index == null ? -1 : index;
    }

    Collection<ModelRow> rows() {
        return rows.values();
    }

    @Nullable
    ModelRow row(Object rowKey) {
        return rows.get(rowKey);
    }

    ModelRow make(Object rowKey) {
        return rows.computeIfAbsent(rowKey, ModelRow::new);
    }

    void forget(ModelRow row) {
        rows.remove(row.key);
    }

    /** A row's key from its cells; one value, or a list of several. */
    Object keyOf(@Nullable Object[] cells) {
        if (key.size() == 1) {
            Object value = cells[indexOf(key.get(0))];
            if (value == null) {
                throw new ModelException(1048, "23000", "Column '" + key.get(0) + "' cannot be null");
            }
            return value;
        }
        List<Object> values = new ArrayList<>();
        for (String column : key) {
            values.add(java.util.Objects.requireNonNull(cells[indexOf(column)]));
        }
        return values;
    }

    /** Cells of a new row before anything is assigned. */
    @Nullable
    Object[] blank() {
        @Nullable Object[] cells = new Object[columns.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = columns.get(i).value();
        }
        return cells;
    }

    void number(@Nullable Object[] cells) {
        for (int i = 0; i < cells.length; i++) {
            if (columns.get(i).isAuto() && cells[i] == null) {
                cells[i] = nextAuto++;
            }
        }
    }

    void add(Column column) {
        indexes.put(column.name(), columns.size());
        indexes.put(column.name().toLowerCase(Locale.ROOT), columns.size());
        columns.add(column);
        for (ModelRow row : rows.values()) {
            for (ModelRow.Version v = row.newest; v != null; v = v.before) {
                if (v.cells != null) {
                    v.cells = Arrays.copyOf(v.cells, columns.size());
                    v.cells[columns.size() - 1] = column.value();
                }
            }
        }
    }

    void replace(Column column) {
        columns.set(indexOf(column.name()), column);
    }

    void drop(String column) {
        int gone = indexOf(column);
        if (gone < 0) {
            throw new ModelException(1091, "42000", "Can't DROP '" + column + "'; check that column/key exists");
        }
        columns.remove(gone);
        names = List.of();
        indexes.clear();
        for (int i = 0; i < columns.size(); i++) {
            indexes.put(columns.get(i).name(), i);
            indexes.put(columns.get(i).name().toLowerCase(Locale.ROOT), i);
        }
        for (ModelRow row : rows.values()) {
            for (ModelRow.Version v = row.newest; v != null; v = v.before) {
                if (v.cells != null) {
                    @Nullable Object[] cells = new Object[columns.size()];
                    System.arraycopy(v.cells, 0, cells, 0, gone);
                    System.arraycopy(v.cells, gone + 1, cells, gone, columns.size() - gone);
                    v.cells = cells;
                }
            }
        }
    }

    private static int compareKeys(Object a, Object b) {
        if (a instanceof List<?> x && b instanceof List<?> y) {
            for (int i = 0; i < x.size(); i++) {
                int c = Expr.compare(x.get(i), y.get(i));
                if (c != 0) {
                    return c;
                }
            }
            return 0;
        }
        return Expr.compare(a, b);
    }
}
