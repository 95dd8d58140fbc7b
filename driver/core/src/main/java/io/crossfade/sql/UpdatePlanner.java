package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Side;
import io.crossfade.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.update.UpdateSet;
import org.jspecify.annotations.Nullable;

/**
 * Plans UPDATE and DELETE. Their predicates follow the stage: old up to live, new from rampdown on.
 *
 * <p>Confined to one planning.
 */
final class UpdatePlanner {
    private final Tokens tokens;
    private final Dialect dialect;
    private final Tables tables;
    private final SqlMode mode;

    UpdatePlanner(Tokens tokens, Dialect dialect, Tables tables, SqlMode mode) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.tables = tables;
        this.mode = mode;
    }

    Plan planUpdate() throws NotUnderstoodException {
        int set = word("SET", 1, tokens.size());
        if (set < 0) {
            throw new NotUnderstoodException("update", "there is no SET");
        }
        int end = listEnd(set + 1);
        SetList list = SetList.read(tokens, set + 1, end);
        Single single = hasQuery(1) ? null : single(1, set);
        if (single == null) {
            return parsedUpdate(list);
        }
        return single.table() == null ? Plan.FOREIGN : simple(single, single.table(), list, set + 1);
    }

    Plan planDelete() throws NotUnderstoodException {
        int from = word("FROM", 1, tokens.size());
        Single single = from < 0 || hasQuery(1) || isMultiDelete(from) ? null : single(from + 1, clauseAfter(from));
        if (single == null) {
            return parsedDelete();
        }
        return single.table() == null ? Plan.FOREIGN : simple(single, single.table(), null, clauseAfter(from));
    }

    // --- one table, no sub-query: by tokens -----------------------------------------------------------------------

    /** The one table of a statement; null where it is not a changing one, and only a column is called like one. */
    private record Single(@Nullable ChangingTable table, String alias, String qualifier) {}

    private @Nullable Single single(int from, int to) {
        int i = from;
        while (tokens.isWord(i, "LOW_PRIORITY") || tokens.isWord(i, "IGNORE") || tokens.isWord(i, "QUICK")) {
            i++;
        }
        if (!tokens.isName(i)) {
            return null;
        }
        String schema = null;
        String name = tokens.name(i++);
        if (tokens.isSymbol(i, '.') && tokens.isName(i + 1)) {
            schema = name;
            name = tokens.name(i + 1);
            i += 2;
        }
        String alias = null;
        if (tokens.isWord(i, "PARTITION")) {
            return null;
        }
        if (tokens.isWord(i, "AS")) {
            i++;
        }
        if (i < to && tokens.isName(i)) {
            alias = tokens.name(i++);
        }
        if (i != to) {
            return null;
        }
        ChangingTable table = tables.resolve(schema, name).map(tables::changing).orElse(null);
        String qualifier = alias != null
                ? dialect.quote(alias) + "."
                : (schema == null ? "" : dialect.quote(schema) + ".") + dialect.quote(name) + ".";
        return new Single(table, alias == null ? name : alias, qualifier);
    }

    private Plan simple(Single single, ChangingTable table, @Nullable SetList set, int from)
            throws NotUnderstoodException {
        SimpleBinder binder = new SimpleBinder(tokens, dialect, table, single.alias(), single.qualifier());
        List<Reference> values = new ArrayList<>();
        int rest = from;
        if (set != null) {
            for (SetList.Assignment a : set.assignments()) {
                values.addAll(binder.bind(a.from(), a.to(), Reference.Place.VALUE));
            }
            rest = set.lastToken() + 1;
        }
        List<Reference> predicates = binder.bind(rest, tokens.size(), Reference.Place.PREDICATE);
        for (int i = rest; i < tokens.size(); i++) {
            if (tokens.isWord(i, "RETURNING")) {
                throw new NotUnderstoodException("returning", "it has a RETURNING clause");
            }
        }
        Refusals.requireServed(table, values);
        Refusals.requireServed(table, predicates);
        List<Edit> edits = new ArrayList<>();
        if (set != null) {
            requireLeftToRight(table, set);
            new SetPlanner(tokens, dialect, table, "UPDATE", dialect::quote).planUpdated(set, values, edits);
        }
        for (Reference r : predicates) {
            String sql = table.read(r.mapping(), r.side(), r.column(), authority(r.table()), r.qualifier());
            if (sql != null) {
                edits.add(Edit.replace(r.from(), r.to(), sql));
            }
        }
        return Plan.of(edits, null);
    }

    private static Side authority(ChangingTable table) {
        return table.stage().authority();
    }

    /** Under SIMULTANEOUS_ASSIGNMENT every value sees the row as it was, and {@code n = f(o)} would take the old o. */
    private void requireLeftToRight(ChangingTable table, SetList set) {
        boolean writesMapped =
                set.assignments().stream().anyMatch(a -> table.isMapped(a.column()) || isSource(table, a.column()));
        if (mode.simultaneousAssignment() && writesMapped && table.stage().writesNew()) {
            throw Refusals.refused(
                    "simultaneous-assignment",
                    "UPDATE",
                    table,
                    "sql_mode has SIMULTANEOUS_ASSIGNMENT",
                    "take it out of this session's sql_mode");
        }
    }

    private static boolean isSource(ChangingTable table, String column) {
        return table.change().mappings().stream().anyMatch(m -> m.hasOld(column));
    }

    // --- joins and sub-queries: by the parser ---------------------------------------------------------------------

    private Plan parsedUpdate(SetList list) throws NotUnderstoodException {
        Statement statement = SqlParser.parse(tokens);
        if (!(statement instanceof Update update)) {
            throw new NotUnderstoodException("unparsed", "it does not read as an UPDATE");
        }
        boolean joins =
                update.getStartJoins() != null && !update.getStartJoins().isEmpty();
        Binder binder = new Binder(tokens, dialect, tables);
        try {
            binder.withItems(update.getWithItemsList());
            binder.from(update.getTable(), update.getStartJoins());
            for (UpdateSet set : update.getUpdateSets()) {
                for (Object value : set.getValues()) {
                    binder.expression((net.sf.jsqlparser.expression.Expression) value, Reference.Place.VALUE);
                }
            }
            binder.expression(update.getWhere(), Reference.Place.PREDICATE);
            binder.order(update.getOrderByElements());
        } catch (Unbound e) {
            throw e.cause;
        }
        Bound bound = binder.bound();
        list.assignments().forEach(a -> bound.accounted.add(a.qualified(), a.target() + 1));
        binder.requireAllAccounted();
        if (bound.tables.isEmpty()) {
            return Plan.FOREIGN;
        }
        ChangingTable target = changing(update.getTable());
        if (joins) {
            for (ChangingTable table : bound.tables) {
                if (list.assignments().stream()
                        .anyMatch(a -> table.isMapped(a.column()) || isSource(table, a.column()))) {
                    throw new NotUnderstoodException(
                            "multi-table-update", "it assigns a column that is changing across a join");
                }
            }
            target = null;
        }
        return withReads(bound, target, list);
    }

    private Plan parsedDelete() throws NotUnderstoodException {
        Statement statement = SqlParser.parse(tokens);
        if (!(statement instanceof Delete delete)) {
            throw new NotUnderstoodException("unparsed", "it does not read as a DELETE");
        }
        Binder binder = new Binder(tokens, dialect, tables);
        try {
            binder.withItems(delete.getWithItemsList());
            binder.from(delete.getTable(), delete.getJoins());
            if (delete.getUsingFromItemList() != null
                    && !delete.getUsingFromItemList().isEmpty()) {
                throw new NotUnderstoodException("delete", "it has a USING list");
            }
            binder.expression(delete.getWhere(), Reference.Place.PREDICATE);
            binder.order(delete.getOrderByElements());
        } catch (Unbound e) {
            throw e.cause;
        }
        Bound bound = binder.bound();
        int from = word("FROM", 1, tokens.size());
        bound.accounted.add(1, from); // The targets of a multi-table DELETE are tables and aliases.
        binder.requireAllAccounted();
        if (bound.tables.isEmpty()) {
            return Plan.FOREIGN;
        }
        return withReads(bound, null, null);
    }

    private @Nullable ChangingTable changing(net.sf.jsqlparser.schema.Table table) {
        String schema = table.getSchemaName() == null ? null : bare(table.getSchemaName());
        return tables.resolve(schema, bare(table.getName()))
                .map(tables::changing)
                .orElse(null);
    }

    private static String bare(String name) {
        return name.length() > 1 && (name.charAt(0) == '`' || name.charAt(0) == '"')
                ? name.substring(1, name.length() - 1)
                : name;
    }

    private Plan withReads(Bound bound, @Nullable ChangingTable target, @Nullable SetList list)
            throws NotUnderstoodException {
        Map<ChangingTable, Side> reading = new HashMap<>();
        for (ChangingTable table : bound.tables) {
            Refusals.requireServed(table, bound.references);
            reading.put(table, authority(table));
        }
        List<Edit> edits = new ArrayList<>();
        if (target != null && list != null) {
            TableName name = target.name();
            List<Reference> values = bound.references.stream()
                    .filter(r -> r.place() == Reference.Place.VALUE && list.holding(r.from()) >= 0)
                    .toList();
            if (values.stream().anyMatch(r -> !r.table().name().isSame(name))) {
                throw new NotUnderstoodException("update-subquery", "a value reads another changing table");
            }
            requireLeftToRight(target, list);
            new SetPlanner(tokens, dialect, target, "UPDATE", dialect::quote).planUpdated(list, values, edits);
            bound.references.removeAll(values);
        }
        edits.addAll(new ReadEdits(tokens, dialect, reading).of(bound));
        return Plan.of(edits, null);
    }

    // --- tokens ---------------------------------------------------------------------------------------------------

    private boolean hasQuery(int from) {
        for (int i = from; i < tokens.size(); i++) {
            if (tokens.isWord(i, "SELECT") || tokens.isWord(i, "TABLE")) {
                return true;
            }
        }
        return false;
    }

    private boolean isMultiDelete(int from) {
        int i = 1;
        while (tokens.isWord(i, "LOW_PRIORITY") || tokens.isWord(i, "QUICK") || tokens.isWord(i, "IGNORE")) {
            i++;
        }
        return i != from;
    }

    /** The first of these clauses after the table, or the end. */
    private int clauseAfter(int from) {
        for (int i = from + 1; i < tokens.size(); i++) {
            if (tokens.isWord(i, "WHERE")
                    || tokens.isWord(i, "ORDER")
                    || tokens.isWord(i, "LIMIT")
                    || tokens.isWord(i, "RETURNING")
                    || tokens.isSymbol(i, ';')) {
                return i;
            }
        }
        return tokens.size();
    }

    private int listEnd(int from) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            if (depth == 0
                    && (tokens.isWord(i, "WHERE")
                            || tokens.isWord(i, "ORDER")
                            || tokens.isWord(i, "LIMIT")
                            || tokens.isWord(i, "RETURNING")
                            || tokens.isSymbol(i, ';'))) {
                return i;
            }
        }
        return tokens.size();
    }

    private int word(String word, int from, int to) {
        int depth = 0;
        for (int i = from; i < to; i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            if (depth == 0 && tokens.isWord(i, word)) {
                return i;
            }
        }
        return -1;
    }
}
