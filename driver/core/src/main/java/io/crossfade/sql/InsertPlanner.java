package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Mapping;
import io.crossfade.model.Stage;
import io.crossfade.sql.InsertText.Name;
import io.crossfade.sql.InsertText.Row;
import io.crossfade.sql.InsertText.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Plans INSERT and REPLACE into a changing table.
 *
 * <p>{@code INSERT INTO orders (id, status) VALUES (?, ?)} → {@code INSERT INTO orders (id, status, `order_status`) VALUES (?,
 * ?, `status`)}
 *
 * <p>Confined to one planning.
 */
final class InsertPlanner {
    private final Tokens tokens;
    private final Dialect dialect;
    private final ChangingTable table;
    private final InsertText insert;
    private final String verb;
    private final UnaryOperator<String> bare;
    private final List<Edit> edits = new ArrayList<>();

    InsertPlanner(Tokens tokens, Dialect dialect, ChangingTable table, InsertText insert) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.table = table;
        this.insert = insert;
        this.verb = tokens.isWord(0, "REPLACE") ? "REPLACE" : "INSERT";
        this.bare = dialect::quote;
    }

    Plan plan() throws NotUnderstoodException {
        switch (insert.form()) {
            case VALUES -> values();
            case SET -> set();
            case QUERY -> query();
        }
        if (insert.update() != null) {
            new SetPlanner(tokens, dialect, table, verb, bare)
                    .planUpserted(insert.update(), insert.updateAt(), insert.end(), edits);
        }
        return Plan.of(edits, null);
    }

    private void query() throws NotUnderstoodException {
        boolean before = !table.stage().writesNew() && insert.columns() != null;
        for (Name column : insert.columns() == null ? List.<Name>of() : insert.columns()) {
            requireServed(column.name());
        }
        if (!before) {
            throw new NotUnderstoodException("insert-select", "its rows come from a query");
        }
    }

    private void values() throws NotUnderstoodException {
        for (Row row : insert.rows()) {
            requireNoNames(row.open(), row.close());
        }
        List<Name> columns = insert.columns();
        List<String> assigned = columns == null
                ? table.appColumns()
                : columns.stream().map(Name::name).toList();
        boolean empty = insert.rows().stream().allMatch(r -> r.values().isEmpty());
        boolean expands = columns == null && !empty && (table.stage().writesNew() || !dialect.hidesColumns());
        if (empty) {
            assigned = List.of();
        }
        for (Row row : insert.rows()) {
            if (row.values().size() != assigned.size() && (columns != null || expands)) {
                throw new NotUnderstoodException("insert", "a row has another number of values than there are columns");
            }
        }
        assigned.forEach(this::requireServed);
        List<String> named = table.stage().atLeast(Stage.COMPLETE) ? inNewNames(assigned) : assigned;
        DualWrite extra = DualWrite.of(table, named, true, verb, bare);
        extendColumns(columns, assigned, named, expands, extra);
        for (Row row : insert.rows()) {
            extend(row, assigned, extra);
        }
    }

    /** The column list with old names replaced, where only new is written. */
    private List<String> inNewNames(List<String> assigned) {
        NewOnly only = new NewOnly(tokens, dialect, table, verb);
        List<String> named = new ArrayList<>();
        for (String column : assigned) {
            Optional<Mapping> mapping = table.ofOld(column);
            if (mapping.isEmpty()) {
                named.add(column);
            } else {
                requireOnlyOne(mapping.get(), assigned);
                named.add(only.target(mapping.get(), column).name());
            }
        }
        return named;
    }

    private void requireOnlyOne(Mapping mapping, List<String> assigned) {
        boolean both = mapping.news().stream().anyMatch(n -> DualWrite.contains(assigned, n.name()));
        if (mapping.olds().size() > 1 || both) {
            throw Refusals.refused(
                    "old-column-gone",
                    verb,
                    table,
                    "old columns of one mapping cannot be written one by one any more",
                    "write \"" + mapping.news().get(0).name() + "\" instead");
        }
    }

    private void extendColumns(
            @Nullable List<Name> columns, List<String> assigned, List<String> named, boolean expands, DualWrite extra) {
        List<String> more = new ArrayList<>(extra.defaults());
        extra.computed().forEach(c -> more.add(c.column()));
        List<String> quoted = more.stream().map(dialect::quote).toList();
        if (columns == null) {
            if (expands || !more.isEmpty()) {
                List<String> all =
                        new ArrayList<>(named.stream().map(dialect::quote).toList());
                all.addAll(quoted);
                edits.add(Edit.after(insert.tableEnd() - 1, " (" + String.join(", ", all) + ")"));
            }
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!named.get(i).equals(assigned.get(i))) {
                int token = columns.get(i).token();
                edits.add(Edit.replace(token, token + 1, dialect.quote(named.get(i))));
            }
        }
        if (!quoted.isEmpty()) {
            String lead = columns.isEmpty() ? "" : ", ";
            edits.add(Edit.before(insert.columnsClose(), lead + String.join(", ", quoted)));
        }
    }

    private void extend(Row row, List<String> assigned, DualWrite extra) {
        if (table.stage().atLeast(Stage.COMPLETE)) {
            NewOnly only = new NewOnly(tokens, dialect, table, verb);
            for (int i = 0; i < assigned.size(); i++) {
                String column = assigned.get(i);
                Value value = row.values().get(i);
                table.ofOld(column).ifPresent(m -> edits.addAll(only.value(m, column, value.from(), value.to(), bare)));
            }
        }
        List<String> more = new ArrayList<>();
        extra.defaults().forEach(d -> more.add("DEFAULT"));
        extra.computed().forEach(c -> more.add(c.sql()));
        if (!more.isEmpty()) {
            String lead = row.values().isEmpty() ? "" : ", ";
            edits.add(Edit.before(row.close(), lead + String.join(", ", more)));
        }
    }

    private void set() throws NotUnderstoodException {
        SetList set = insert.set();
        if (set == null) {
            throw new IllegalStateException("an INSERT … SET has no assignments");
        }
        for (SetList.Assignment a : set.assignments()) {
            requireNoNames(a.from() - 1, a.to());
        }
        new SetPlanner(tokens, dialect, table, verb, bare).planInserted(set, edits);
    }

    private void requireServed(String column) {
        if (!table.stage().servesNew() && table.ofNew(column).isPresent()) {
            throw Refusals.notYet(verb, table, column);
        }
    }

    /** A value that reads a column of the row which is being made sees what stands left of it: too fine a point for us. */
    private void requireNoNames(int open, int close) throws NotUnderstoodException {
        for (int i = open + 1; i < close; i++) {
            if (tokens.isWord(i, "SELECT")) {
                throw new NotUnderstoodException("insert-subquery", "a value is a query");
            }
            if (tokens.isName(i) && table.isMapped(tokens.name(i)) && !tokens.isSymbol(i + 1, '(')) {
                throw new NotUnderstoodException("insert", "a value reads a column that is changing");
            }
        }
    }
}
