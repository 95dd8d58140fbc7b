package io.crossfade.simulator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One statement on its way through the model server: all of it or, where a row is locked or a key is taken, nothing. Confined to
 * one call.
 */
final class Execution {
    private final ModelServer server;
    private final ModelSession session;
    private final Scope scope;

    /** A row that the statement is about to write, and what it becomes; without cells it goes. */
    private record Write(ModelTable table, ModelRow row, @Nullable Object @Nullable [] cells) {}

    private final List<Write> writes = new ArrayList<>();

    Execution(ModelServer server, ModelSession session, @Nullable Object[] parameters, long nowMicros) {
        this.server = server;
        this.session = session;
        this.scope = new Scope(parameters, nowMicros);
    }

    Result run(Sql sql) {
        Result result;
        if (sql instanceof Sql.Select select) {
            return select(select);
        } else if (sql instanceof Sql.Insert insert) {
            result = Result.count(insert(insert));
        } else if (sql instanceof Sql.Update update) {
            result = Result.count(update(update));
        } else {
            result = Result.count(delete((Sql.Delete) sql));
        }
        for (Write write : writes) {
            lock(write.row(), write.table());
            write.row().isPending = true;
            write.row().pending = write.cells();
        }
        return result;
    }

    // --- reading ----------------------------------------------------------------------------------------------------

    private Result select(Sql.Select select) {
        List<@Nullable Object[]> out = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        if (select.table() == null) {
            out.add(row(select, labels));
            return new Result(labels, out, 0);
        }
        ModelTable table = touched(select.table());
        scope.table = table;
        scope.alias = select.alias();
        List<@Nullable Object[]> found = select.isLocking() ? locked(select, table) : read(select, table);
        List<@Nullable Object[]> keys = new ArrayList<>();
        int count = 0;
        for (@Nullable Object[] cells : found) {
            for (@Nullable Object[] other : joined(select, cells)) {
                scope.row = cells;
                scope.joinedRow = other;
                if (select.where() == null || Expr.isTrue(select.where().in(scope))) {
                    count++;
                    if (select.items().get(0).kind() != Sql.Kind.COUNT) {
                        keys.add(keys(select));
                        labels.clear();
                        out.add(row(select, labels));
                    }
                }
            }
        }
        if (select.items().get(0).kind() == Sql.Kind.COUNT) {
            return Result.one(select.items().get(0).label(), (long) count);
        }
        if (labels.isEmpty()) {
            labels.add("none");
        }
        return new Result(labels, cut(select, sorted(select, out, keys)), 0);
    }

    private List<@Nullable Object[]> read(Sql.Select select, ModelTable table) {
        long upTo = Long.MAX_VALUE;
        if (!session.isAutoCommit && !session.readsCommitted) {
            if (session.snapshot == ModelSession.NO_SNAPSHOT) {
                session.snapshot = server.commits();
            }
            upTo = session.snapshot;
            if (table.alteredAt > upTo) {
                throw new ModelException(
                        ModelException.TABLE_CHANGED,
                        "HY000",
                        "Table definition has changed, please retry transaction");
            }
        }
        List<@Nullable Object[]> all = new ArrayList<>();
        for (ModelRow row : table.rows()) {
            @Nullable Object[] cells = row.seenBy(session, upTo);
            if (cells != null) {
                all.add(cells);
            }
        }
        return all;
    }

    private List<@Nullable Object[]> locked(Sql.Select select, ModelTable table) {
        List<@Nullable Object[]> all = new ArrayList<>();
        List<ModelRow> rows = new ArrayList<>();
        for (ModelRow row : matching(table, select.where(), select.skipsLocked())) {
            rows.add(row);
            all.add(Objects.requireNonNull(row.seenBy(session, Long.MAX_VALUE)));
        }
        rows.forEach(row -> lock(row, table));
        return all;
    }

    private List<@Nullable Object[]> joined(Sql.Select select, @Nullable Object[] cells) {
        List<@Nullable Object[]> others = new ArrayList<>();
        if (select.joined() != null) {
            ModelTable other = touched(select.joined());
            scope.joined = other;
            scope.joinedAlias = select.joinedAlias();
            scope.row = cells;
            for (ModelRow row : other.rows()) {
                @Nullable Object[] candidate = row.seenBy(session, Long.MAX_VALUE);
                if (candidate != null) {
                    scope.joinedRow = candidate;
                    if (select.on() == null || Expr.isTrue(select.on().in(scope))) {
                        others.add(candidate);
                    }
                }
            }
        }
        if (others.isEmpty()) {
            others.add(new Object[0]);
        }
        return others;
    }

    private @Nullable Object[] row(Sql.Select select, List<String> labels) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (Sql.Item item : select.items()) {
            if (item.value() != null) {
                labels.add(item.label());
                cells.add(item.value().in(scope));
            } else {
                ModelTable table = Objects.requireNonNull(scope.table);
                for (int i = 0; i < table.columns().size(); i++) {
                    if (!table.columns().get(i).isHidden()) {
                        labels.add(table.columns().get(i).name());
                        cells.add(scope.row[i]);
                    }
                }
            }
        }
        return cells.toArray();
    }

    private @Nullable Object[] keys(Sql.Select select) {
        @Nullable Object[] keys = new Object[select.orders().size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = select.orders().get(i).by().in(scope);
        }
        return keys;
    }

    private static List<@Nullable Object[]> sorted(
            Sql.Select select, List<@Nullable Object[]> rows, List<@Nullable Object[]> keys) {
        if (select.orders().isEmpty()) {
            return rows;
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            order.add(i);
        }
        order.sort((x, y) -> {
            for (int i = 0; i < select.orders().size(); i++) {
                Object a = keys.get(x)[i];
                Object b = keys.get(y)[i];
                int c = a == null || b == null ? Boolean.compare(a != null, b != null) : Expr.compare(a, b);
                if (c != 0) {
                    return select.orders().get(i).isDescending() ? -c : c;
                }
            }
            return 0;
        });
        List<@Nullable Object[]> sorted = new ArrayList<>();
        order.forEach(i -> sorted.add(rows.get(i)));
        return sorted;
    }

    private List<@Nullable Object[]> cut(Sql.Select select, List<@Nullable Object[]> rows) {
        int from = number(select.offset(), 0);
        int to = Math.min(
                (int) Math.min(Integer.MAX_VALUE, (long) from + number(select.limit(), Integer.MAX_VALUE)),
                rows.size());
        return from >= to ? List.of() : rows.subList(from, to);
    }

    private int number(@Nullable Expr value, int otherwise) {
        return value == null ? otherwise : (int) Expr.number(Objects.requireNonNull(value.in(scope)));
    }

    // --- writing ----------------------------------------------------------------------------------------------------

    private int insert(Sql.Insert insert) {
        ModelTable table = touched(insert.table());
        List<String> columns = insert.columns().isEmpty()
                ? table.columns().stream()
                        .filter(c -> !c.isHidden())
                        .map(ModelTable.Column::name)
                        .toList()
                : insert.columns();
        int count = 0;
        for (List<Expr> values : insert.rows()) {
            if (values.size() != columns.size()) {
                throw new ModelException(1136, "21S01", "Column count doesn't match value count at row 1");
            }
            scope.table = table;
            scope.row = table.blank();
            for (int i = 0; i < values.size(); i++) {
                scope.row[index(table, columns.get(i))] = values.get(i).in(scope);
            }
            table.number(scope.row);
            count += insertOne(insert, table, scope.row);
        }
        return count;
    }

    private int insertOne(Sql.Insert insert, ModelTable table, @Nullable Object[] cells) {
        ModelRow row = table.make(table.keyOf(cells));
        if (row.holder != null && row.holder != session) {
            throw lockWait(row);
        }
        @Nullable Object[] there = row.seenBy(session, Long.MAX_VALUE);
        if (there == null) {
            writes.add(new Write(table, row, cells));
            return 1;
        }
        if (insert.isIgnoring()) {
            return 0;
        }
        if (insert.isReplacing()) {
            writes.add(new Write(table, row, cells));
            return 2;
        }
        if (insert.onDuplicate().isEmpty()) {
            throw new ModelException(ModelException.DUPLICATE, "23000", "Duplicate entry for key 'PRIMARY'");
        }
        scope.offered = cells;
        assign(insert.onDuplicate(), table, row, there);
        return 2;
    }

    private int update(Sql.Update update) {
        ModelTable table = touched(update.table());
        List<ModelRow> rows = matching(table, update.where());
        for (ModelRow row : rows) {
            assign(update.assignments(), table, row, Objects.requireNonNull(row.seenBy(session, Long.MAX_VALUE)));
        }
        return rows.size();
    }

    private void assign(List<Sql.Assignment> assignments, ModelTable table, ModelRow row, @Nullable Object[] there) {
        scope.table = table;
        scope.row = there.clone();
        for (Sql.Assignment assignment : assignments) {
            scope.row[index(table, assignment.column())] = assignment.value().in(scope);
        }
        if (!table.keyOf(scope.row).equals(row.key)) {
            throw new IllegalStateException("the model server moves no keys");
        }
        writes.add(new Write(table, row, scope.row));
    }

    private int delete(Sql.Delete delete) {
        ModelTable table = touched(delete.table());
        List<ModelRow> rows = matching(table, delete.where());
        rows.forEach(row -> writes.add(new Write(table, row, null)));
        return rows.size();
    }

    /** The rows that a locking statement meets, as they stand now; a row that another session holds might be one of them. */
    private List<ModelRow> matching(ModelTable table, @Nullable Expr where) {
        return matching(table, where, false);
    }

    private List<ModelRow> matching(ModelTable table, @Nullable Expr where, boolean skipsLocked) {
        List<ModelRow> rows = new ArrayList<>();
        scope.table = table;
        for (ModelRow row : table.rows()) {
            boolean isForeign = row.holder != null && row.holder != session;
            if (isForeign && !skipsLocked && (isMatch(row.pending, where) || isMatch(row.committed(), where))) {
                throw lockWait(row);
            }
            if (!isForeign && isMatch(row.seenBy(session, Long.MAX_VALUE), where)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private boolean isMatch(@Nullable Object @Nullable [] cells, @Nullable Expr where) {
        if (cells == null) {
            return false;
        }
        scope.row = cells;
        return where == null || Expr.isTrue(where.in(scope));
    }

    private void lock(ModelRow row, ModelTable table) {
        row.holder = session;
        session.locked.put(row, table);
    }

    private ModelTable touched(String name) {
        ModelTable table = server.table(name);
        session.tables.add(table);
        return table;
    }

    private static int index(ModelTable table, String column) {
        int index = table.indexOf(column);
        if (index < 0) {
            throw new ModelException(1054, "42S22", "Unknown column '" + column + "' in 'field list'");
        }
        return index;
    }

    private static ModelException lockWait(ModelRow row) {
        return new ModelException(
                ModelException.LOCK_WAIT_TIMEOUT, "40001", "Lock wait timeout exceeded; row " + row.key);
    }
}
