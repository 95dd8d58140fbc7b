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
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.update.UpdateSet;
import org.jspecify.annotations.Nullable;

/**
 * Plans an UPDATE or DELETE that has joins or sub-queries, by the parser.
 *
 * <p>Confined to one planning.
 */
final class JoinedUpdatePlanner {
    private final Tokens tokens;
    private final Dialect dialect;
    private final Tables tables;
    private final SqlMode mode;

    JoinedUpdatePlanner(Tokens tokens, Dialect dialect, Tables tables, SqlMode mode) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.tables = tables;
        this.mode = mode;
    }

    Plan planUpdate(SetList list) throws NotUnderstoodException {
        Statement statement = SqlParser.parse(tokens);
        if (!(statement instanceof Update update)) {
            throw new NotUnderstoodException("unparsed", "it does not read as an UPDATE");
        }
        Binder binder = new Binder(tokens, dialect, tables);
        try {
            binder.withItems(update.getWithItemsList());
            binder.from(update.getTable(), update.getStartJoins());
            for (UpdateSet set : update.getUpdateSets()) {
                for (Object value : set.getValues()) {
                    binder.expression((Expression) value, Reference.Place.VALUE);
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
        if (update.getStartJoins() != null && !update.getStartJoins().isEmpty()) {
            if (bound.tables.stream().anyMatch(list::assigns)) {
                throw new NotUnderstoodException(
                        "multi-table-update", "it assigns a column that is changing across a join");
            }
            target = null;
        }
        return plan(bound, target, list);
    }

    private @Nullable ChangingTable changing(Table table) {
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

    /**
     * @param from the token FROM, or -1
     */
    Plan planDelete(int from) throws NotUnderstoodException {
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
        bound.accounted.add(1, from); // The targets of a multi-table DELETE are tables and aliases.
        binder.requireAllAccounted();
        return bound.tables.isEmpty() ? Plan.FOREIGN : plan(bound, null, null);
    }

    private Plan plan(Bound bound, @Nullable ChangingTable target, @Nullable SetList list)
            throws NotUnderstoodException {
        Map<ChangingTable, Side> reading = new HashMap<>();
        for (ChangingTable table : bound.tables) {
            Refusals.requireServed(table, bound.references);
            reading.put(table, table.stage().authority());
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
            Refusals.requireLeftToRight(target, list, mode);
            new SetPlanner(tokens, dialect, target, "UPDATE", dialect::quote).planUpdated(list, values, edits);
            bound.references.removeAll(values);
        }
        edits.addAll(new ReadEdits(tokens, dialect, reading).of(bound));
        return Plan.of(edits, null);
    }
}
