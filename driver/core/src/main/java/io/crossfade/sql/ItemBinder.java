package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.SelectItem;

/** Binds the items between SELECT and FROM, and gives their block the labels that they have. Confined to one block. */
final class ItemBinder {
    private final Tokens tokens;
    private final Bound bound;
    private final NameBinder names;
    private final Block block;

    ItemBinder(Tokens tokens, Bound bound, NameBinder names) {
        this.tokens = tokens;
        this.bound = bound;
        this.names = names;
        this.block = names.block();
    }

    /** Whether the labels of the block are all there are: what a star shows is not always known. */
    boolean bind(List<SelectItem<?>> items) {
        boolean known = true;
        for (SelectItem<?> item : items) {
            Expression expression = item.getExpression();
            if (expression instanceof AllTableColumns all) {
                known &= star(all, tableOf(all));
            } else if (expression instanceof AllColumns all) {
                known &= star(all, block.sources);
            } else {
                item(item, expression);
            }
        }
        return known;
    }

    private void item(SelectItem<?> item, Expression expression) {
        int from = SqlParserPosition.first(item, tokens);
        int to = SqlParserPosition.end(item, tokens);
        Column column = SqlParser.column(expression);
        if (item.getAlias() != null) {
            String alias = SqlParser.unquoted(item.getAlias().getName());
            block.labels.add(alias);
            block.aliases.add(alias);
            bound.accounted.add(to - 1);
        } else {
            int named = column == null ? -1 : SqlParserPosition.end(column, tokens) - 1;
            bound.items.add(new Bound.Item(from, to, named));
            block.labels.add(column == null ? null : SqlParser.unquoted(column.getColumnName()));
        }
        names.expression(expression, Reference.Place.ITEM);
    }

    private boolean star(AllColumns all, List<Source> over) {
        block.hasStar = true;
        if (over.stream().anyMatch(s -> s.changing() != null)) {
            if (all.getExceptColumns() != null || all.getReplaceExpressions() != null) {
                throw new Unbound("star", "a star has exceptions");
            }
            int from = SqlParserPosition.first(all, tokens);
            int to = SqlParserPosition.end(all, tokens);
            bound.stars.add(new Bound.Star(from, to, List.copyOf(over), block.mergesColumns));
            bound.accounted.add(from, to);
        }
        boolean known = true;
        for (Source source : over) {
            List<String> columns = source.columns();
            known &= columns != null;
            if (columns != null) {
                block.labels.addAll(columns);
            }
        }
        return known;
    }

    private List<Source> tableOf(AllTableColumns all) {
        Table table = all.getTable();
        Source source = block.namedHere(SqlParser.schema(table), SqlParser.unquoted(table.getName()));
        if (source == null) {
            throw new Unbound("star", "a star is over a table that is not in the FROM list");
        }
        return List.of(source);
    }
}
