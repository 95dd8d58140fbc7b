package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/**
 * Binds each name of a parsed statement as the application's version of the tables would. What it cannot bind with
 * certainty it does not guess: the statement is then not understood.
 *
 * <p>It takes a statement apart into query blocks and hands their clauses out: FROM lists to {@link FromBinder}, select items
 * to {@link ItemBinder}, the clauses that may name a label to {@link LabelBinder}, and all expressions to {@link NameBinder},
 * which comes back with the queries inside them. What they find stands in {@link Bound}.
 *
 * <p>Confined to one call.
 */
final class Binder {
    private final Tokens tokens;
    private final Tables tables;
    private final Bound bound;
    private final CommonTables commonTables = new CommonTables();
    private final Sources sources;
    /** Names outside of any query: those of an UPDATE or DELETE. */
    private final NameBinder names;

    Binder(Tokens tokens, Dialect dialect, Tables tables) {
        this.tokens = tokens;
        this.tables = tables;
        bound = new Bound(tokens);
        sources = new Sources(tokens, dialect, tables, commonTables, bound);
        names = names(new Block(null));
    }

    private NameBinder names(Block block) {
        return new NameBinder(tokens, tables, bound, block, this::query);
    }

    /** What was found, once the parts of the statement have been handed in. */
    Bound bound() {
        return bound;
    }

    // --- what statements hand in ----------------------------------------------------------------------------------

    void withItems(@Nullable List<WithItem<?>> items) {
        withItems(items, null, names);
    }

    void select(Select select) {
        query(select, null, names);
    }

    void from(@Nullable FromItem item, @Nullable List<Join> joins) {
        FromBinder from = new FromBinder(sources, names, bound.accounted);
        from.add(item, joins);
        from.on(joins);
    }

    void expression(@Nullable Expression expression, Reference.Place where) {
        names.expression(expression, where);
    }

    void order(@Nullable List<OrderByElement> elements) {
        names.order(elements);
    }

    /** Every name that matters must have been met; one that was not is somewhere that the binder does not know. */
    void requireAllAccounted() throws NotUnderstoodException {
        bound.accounted.requireAll(tables);
    }

    // --- queries --------------------------------------------------------------------------------------------------

    /** Binds a query and gives its labels; null where they are not known. */
    private @Nullable List<@Nullable String> query(Select select, @Nullable Block outer, NameBinder around) {
        Map<String, @Nullable List<@Nullable String>> before = commonTables.inSight();
        withItems(select.getWithItemsList(), outer, around);
        List<@Nullable String> labels = body(select, outer, around);
        commonTables.show(before);
        return labels;
    }

    /** A common table may use the names that the query may use which it belongs to, and none that stand beside that query in a FROM list. */
    private void withItems(@Nullable List<WithItem<?>> items, @Nullable Block outer, NameBinder around) {
        if (items == null) {
            return;
        }
        for (WithItem<?> item : items) {
            String name = CommonTables.name(item);
            List<@Nullable String> declared = CommonTables.declared(item);
            if (item.isRecursive()) {
                commonTables.put(name, declared);
            }
            if (!(item.getParenthesedStatement() instanceof ParenthesedSelect select)) {
                throw new Unbound("cte", "a common table expression is not a SELECT");
            }
            List<@Nullable String> labels = query(select, outer, around);
            commonTables.put(name, declared == null ? labels : declared);
            if (declared != null) {
                bound.accounted.addDeclaredBy(name);
            }
        }
    }

    private @Nullable List<@Nullable String> body(Select select, @Nullable Block outer, NameBinder around) {
        if (select instanceof ParenthesedSelect parenthesed) {
            List<@Nullable String> labels = query(parenthesed.getSelect(), outer, around);
            outputOrder(parenthesed.getOrderByElements(), labels);
            return labels;
        }
        if (select instanceof SetOperationList list) {
            List<@Nullable String> first = null;
            for (int i = 0; i < list.getSelects().size(); i++) {
                List<@Nullable String> labels = query(list.getSelect(i), outer, around);
                first = i == 0 ? labels : first;
            }
            outputOrder(list.getOrderByElements(), first);
            return first;
        }
        if (select instanceof PlainSelect plain) {
            return plain(plain, names(new Block(outer)));
        }
        if (select instanceof Values values) {
            around.expressions(values.getExpressions());
            return null;
        }
        throw new Unbound("query", "a form of query is not known");
    }

    /** ORDER BY after a UNION names labels and nothing else. */
    private void outputOrder(@Nullable List<OrderByElement> elements, @Nullable List<@Nullable String> labels) {
        if (elements == null) {
            return;
        }
        for (OrderByElement element : elements) {
            if (element.getExpression() instanceof Column column && column.getTable() == null) {
                String name = SqlParser.unquoted(column.getColumnName());
                if (labels != null && labels.stream().anyMatch(name::equalsIgnoreCase)) {
                    bound.accounted.add(column);
                }
            }
        }
    }

    /** One block, its clauses in the order in which names come into sight. */
    private @Nullable List<@Nullable String> plain(PlainSelect select, NameBinder inside) {
        FromBinder from = new FromBinder(sources, inside, bound.accounted);
        LabelBinder labelled = new LabelBinder(tokens, bound, inside);
        from.add(select.getFromItem(), select.getJoins());
        boolean known = new ItemBinder(tokens, bound, inside).bind(select.getSelectItems());
        from.on(select.getJoins());
        inside.expression(select.getWhere(), Reference.Place.PREDICATE);
        labelled.group(select.getGroupBy());
        labelled.having(select.getHaving());
        labelled.order(select.getOrderByElements());
        if (select.getWindowDefinitions() != null) {
            select.getWindowDefinitions().forEach(inside::window);
        }
        return known ? new ArrayList<>(inside.block().labels) : null;
    }
}
