package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import java.util.List;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnyComparisonExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JsonAggregateFunction;
import net.sf.jsqlparser.expression.MySQLGroupConcat;
import net.sf.jsqlparser.expression.WindowDefinition;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.Select;
import org.jspecify.annotations.Nullable;

/**
 * Binds the names in the expressions of one block to its sources and to those of the blocks around it. Queries inside
 * expressions it hands back to who binds queries.
 *
 * <p>Confined to one block.
 */
final class NameBinder extends ExpressionVisitorAdapter<Void> {

    /** What binds a query that stands inside another. */
    interface Queries {
        /**
         * Binds it.
         *
         * @param outer the block whose names the query may use besides its own; null where it may use none
         * @param around the names of the block that it stands in
         * @return its labels; null where they are not known
         */
        @Nullable
        List<@Nullable String> bind(Select query, @Nullable Block outer, NameBinder around);
    }

    /** When a bare name is the label of an item. */
    enum Labels {
        NEVER,
        /** Before it is a column. */
        FIRST,
        /** Only what no column is called: in an expression that sorts or aggregates. */
        LAST
    }

    private final Tokens tokens;
    private final Tables tables;
    private final Bound bound;
    private final Block block;
    private final Queries queries;

    private Reference.Place place = Reference.Place.PREDICATE;
    private Labels labels = Labels.NEVER;

    NameBinder(Tokens tokens, Tables tables, Bound bound, Block block, Queries queries) {
        this.tokens = tokens;
        this.tables = tables;
        this.bound = bound;
        this.block = block;
        this.queries = queries;
    }

    /** The block whose names these are. */
    Block block() {
        return block;
    }

    void expression(@Nullable Expression expression, Reference.Place where) {
        if (expression != null) {
            Reference.Place before = place;
            place = where;
            expression.accept(this, null);
            place = before;
        }
    }

    void expression(@Nullable Expression expression, Reference.Place where, Labels when) {
        Labels before = labels;
        labels = when;
        expression(expression, where);
        labels = before;
    }

    /** Expressions that stand in the same place as what is being bound. */
    void expressions(Iterable<?> expressions) {
        for (Object expression : expressions) {
            ((Expression) expression).accept(this, null);
        }
    }

    void order(@Nullable List<OrderByElement> elements) {
        if (elements != null) {
            elements.forEach(e -> expression(e.getExpression(), Reference.Place.PREDICATE));
        }
    }

    void window(WindowDefinition window) {
        if (window.getPartitionExpressionList() != null) {
            expressions(window.getPartitionExpressionList());
        }
        order(window.getOrderByElements());
    }

    /** Binds a query of this block and gives its labels; null where they are not known. */
    @Nullable
    List<@Nullable String> query(Select query, @Nullable Block outer) {
        return queries.bind(query, outer, this);
    }

    // --- names ----------------------------------------------------------------------------------------------------

    @Override
    public <S> Void visit(Column column, S context) {
        String name = SqlParser.unquoted(column.getColumnName());
        if (column.getTable() == null && column.getColumnName().equalsIgnoreCase("BINARY")) {
            throw new Unbound("binary-operator", "the BINARY operator is not in the grammar that Crossfade reads");
        }
        if (column.getTable() != null && !column.getTable().getName().isEmpty()) {
            qualified(column, name);
        } else {
            bare(column, name);
        }
        return null;
    }

    private void qualified(Column column, String name) {
        String schema = column.getSchemaName() == null ? null : SqlParser.unquoted(column.getSchemaName());
        String qualifier = SqlParser.unquoted(column.getTable().getName());
        Source source = block.named(schema, qualifier);
        if (source != null) {
            bound.accounted.add(column);
            refer(column, source, name, false);
        } else if (tables.isInteresting(name) || tables.isInteresting(qualifier)) {
            throw new Unbound("unbound-name", "a qualifier is not in any FROM list around it");
        }
    }

    private void bare(Column column, String name) {
        if (labels == Labels.FIRST && block.hasLabel(name)) {
            bound.accounted.add(column);
            return;
        }
        if (!tables.isInteresting(name)) {
            return;
        }
        Source source = block.find(name, false);
        if (source == null && labels == Labels.LAST && block.hasLabel(name)) {
            throw isNowAColumn(name, "an expression");
        }
        if (source == null) {
            source = block.find(name, true);
        }
        if (source == null) {
            throw new Unbound("unbound-name", "a bare name cannot be bound to one table with certainty");
        }
        bound.accounted.add(column);
        boolean shadowed = block.shadows(source, name);
        if (!refer(column, source, name, shadowed) && shadowed) {
            bound.fixes.add(Edit.before(SqlParserPosition.first(column, tokens), source.qualifier()));
        }
    }

    /** To the application the name is a label, to the server it has become a column: neither side reads it rightly. */
    RuntimeException isNowAColumn(String name, String where) {
        for (Source source : block.sources) {
            ChangingTable changing = source.changing();
            if (changing != null && changing.isMapped(name)) {
                return Refusals.refused(
                        "alias-is-column",
                        "SELECT",
                        changing,
                        "the alias \"" + name + "\" in " + where + " is now a column's name too",
                        "choose another alias");
            }
        }
        return new Unbound("unbound-name", "an alias is named where Crossfade does not look for names");
    }

    private boolean refer(Column column, Source source, String name, boolean mustQualify) {
        ChangingTable changing = source.changing();
        if (changing == null) {
            return false;
        }
        int from = SqlParserPosition.first(column, tokens);
        int to = SqlParserPosition.end(column, tokens);
        Reference reference = changing.reference(from, to, name, source.qualifier(), place, mustQualify);
        if (reference == null) {
            return false;
        }
        bound.references.add(reference);
        return true;
    }

    @Override
    public <S> Void visit(AllColumns all, S context) {
        return null; // COUNT(*)
    }

    @Override
    public <S> Void visit(AllTableColumns all, S context) {
        throw new Unbound("star", "a star over a table stands inside an expression");
    }

    // --- functions ------------------------------------------------------------------------------------------------

    @Override
    public <S> Void visit(Function function, S context) {
        boolean inserted = "VALUES".equalsIgnoreCase(function.getName()) && place == Reference.Place.VALUE;
        Reference.Place before = place;
        place = inserted ? Reference.Place.INSERTED : place;
        if (Aggregates.has(function.getName())) {
            aggregate(() -> super.visit(function, context));
        } else {
            super.visit(function, context);
        }
        place = before;
        return null;
    }

    @Override
    public <S> Void visit(MySQLGroupConcat concat, S context) {
        aggregate(() -> super.visit(concat, context));
        return null;
    }

    @Override
    public <S> Void visit(JsonAggregateFunction function, S context) {
        aggregate(() -> super.visit(function, context));
        return null;
    }

    @Override
    public <S> Void visit(AnalyticExpression expression, S context) {
        aggregate(() -> super.visit(expression, context));
        return null;
    }

    /** What is aggregated are columns, also in HAVING. */
    private void aggregate(Runnable visit) {
        Labels before = labels;
        labels = labels == Labels.FIRST ? Labels.LAST : labels;
        visit.run();
        labels = before;
    }

    // --- queries --------------------------------------------------------------------------------------------------

    /** {@code = ANY (SELECT …)}: the adapter does not go into it. */
    @Override
    public <S> Void visit(AnyComparisonExpression any, S context) {
        query(any.getSelect(), block);
        return null;
    }

    @Override
    public <S> Void visit(ParenthesedSelect query, S context) {
        query(query, block);
        return null;
    }

    @Override
    public <S> Void visit(Select query, S context) {
        query(query, block);
        return null;
    }
}
