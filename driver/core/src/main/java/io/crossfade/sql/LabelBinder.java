package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import io.crossfade.sql.NameBinder.Labels;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.GroupByElement;
import net.sf.jsqlparser.statement.select.OrderByElement;
import org.jspecify.annotations.Nullable;

/** Binds the clauses of a block in which a bare name may be the label of an item: GROUP BY, HAVING, ORDER BY. Confined to one block. */
final class LabelBinder {
    private final Tokens tokens;
    private final Bound bound;
    private final NameBinder names;
    private final Block block;

    LabelBinder(Tokens tokens, Bound bound, NameBinder names) {
        this.tokens = tokens;
        this.bound = bound;
        this.names = names;
        this.block = names.block();
    }

    void group(@Nullable GroupByElement group) {
        if (group != null) {
            for (Object expression : group.getGroupByExpressionList()) {
                group((Expression) expression);
            }
        }
    }

    /**
     * A bare name in GROUP BY is a column before it is an alias. One that is an alias to the application, and has become a
     * column since, is replaced by the ordinal of its item.
     */
    private void group(Expression expression) {
        if (expression instanceof Column column && column.getTable() == null) {
            String name = SqlParser.unquoted(column.getColumnName());
            boolean appColumn = block.sources.stream().anyMatch(s -> s.appHas(name));
            boolean hidden = block.sources.stream().anyMatch(s -> s.isMapped(name));
            if (!appColumn && hidden && block.hasAlias(name)) {
                if (block.hasStar) {
                    throw names.isNowAColumn(name, "GROUP BY");
                }
                int ordinal = 0;
                while (!name.equalsIgnoreCase(block.labels.get(ordinal))) {
                    ordinal++;
                }
                int token = SqlParserPosition.first(column, tokens);
                bound.accounted.add(token);
                bound.fixes.add(Edit.replace(token, token + 1, Integer.toString(ordinal + 1)));
                return;
            }
        }
        names.expression(expression, Reference.Place.PREDICATE);
    }

    void having(@Nullable Expression expression) {
        names.expression(expression, Reference.Place.PREDICATE, Labels.FIRST);
    }

    /** A name that stands alone is a label before it is a column; in an expression it is a column first. */
    void order(@Nullable List<OrderByElement> elements) {
        if (elements != null) {
            for (OrderByElement element : elements) {
                boolean alone = SqlParser.column(element.getExpression()) != null;
                names.expression(
                        element.getExpression(), Reference.Place.PREDICATE, alone ? Labels.FIRST : Labels.LAST);
            }
        }
    }
}
