package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/**
 * Has a read tell of each of its rows whether the two sides agree, where a column more at the end of the list changes nothing else.
 *
 * <p>{@code SELECT status FROM orders WHERE id = ?} → {@code SELECT status, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN … THEN
 * '' ELSE CONCAT('id=', `orders`.`id`) END AS `crossfade:agrees:1` FROM orders WHERE id = ?}
 *
 * <p>Confined to one planning.
 */
final class RowComparison {

    /** No column can be called so by an accident. */
    private static final String LABEL = "crossfade:agrees:";

    private final Tokens tokens;
    private final Dialect dialect;
    private final Bound bound;

    RowComparison(Tokens tokens, Dialect dialect, Bound bound) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.bound = bound;
    }

    Plan add(Select select, Plan plan) throws NotUnderstoodException {
        String unfit = unfit(select);
        if (unfit != null || !(select instanceof PlainSelect plain)) {
            return plan.comparing(Comparison.unfit(unfit == null ? "query" : unfit), List.of());
        }
        List<Source> sources = new ArrayList<>();
        collect(plain.getFromItem(), plain.getJoins(), sources);
        List<Comparison.Compared> compared = new ArrayList<>();
        StringBuilder columns = new StringBuilder();
        for (Source source : sources) {
            ChangingTable table = source.changing();
            String told = table == null ? null : told(table, source.qualifier());
            if (table != null && told != null) {
                String label = LABEL + (compared.size() + 1);
                compared.add(new Comparison.Compared(table.change().id(), table.name(), label));
                columns.append(", ").append(told).append(" AS ").append(dialect.quote(label));
            }
        }
        int end = end(plain);
        if (compared.isEmpty() || !tokens.isWord(end, "FROM")) {
            return plan.comparing(Comparison.unfit("no-row"), List.of());
        }
        return plan.comparing(new Comparison(compared, null), List.of(Edit.after(end - 1, columns.toString())));
    }

    /** Why a column more might change what the application sees, or what the statement does. */
    private @Nullable String unfit(Select select) {
        if (!(select instanceof PlainSelect plain)) {
            return "union";
        }
        if (plain.getDistinct() != null) {
            return "distinct";
        }
        if (plain.getGroupBy() != null || plain.getHaving() != null) {
            return "group";
        }
        return unfitWord();
    }

    /** Aggregates and window functions of the query itself, and whatever writes or locks. */
    private @Nullable String unfitWord() {
        Deque<Boolean> parentheses = new ArrayDeque<>(); // Each with whether it holds a query.
        int queries = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isSymbol(i, '(')) {
                boolean isQuery = tokens.isWord(i + 1, "SELECT") || tokens.isWord(i + 1, "WITH");
                parentheses.push(isQuery);
                queries += isQuery ? 1 : 0;
            } else if (tokens.isSymbol(i, ')') && !parentheses.isEmpty()) {
                queries -= parentheses.pop() ? 1 : 0;
            } else if (locks(i)) {
                return "locks"; // It would lock what an index alone had given.
            } else if (tokens.isWord(i, "INTO") || tokens.isWord(i, "PROCEDURE")) {
                return "into";
            } else if (tokens.isSymbol(i, ':') && tokens.isSymbol(i + 1, '=')) {
                return "assignment";
            } else if (queries == 0 && isAggregate(i)) {
                return "aggregate";
            } else if (queries == 0 && tokens.isWord(i, "OVER")) {
                return "window";
            }
        }
        return null;
    }

    private boolean locks(int i) {
        return tokens.isWord(i, "FOR") && (tokens.isWord(i + 1, "UPDATE") || tokens.isWord(i + 1, "SHARE"))
                || tokens.isWord(i, "LOCK") && tokens.isWord(i + 1, "IN");
    }

    private boolean isAggregate(int i) {
        return tokens.isName(i) && tokens.isSymbol(i + 1, '(') && Aggregates.has(tokens.name(i));
    }

    private void collect(@Nullable FromItem item, @Nullable List<Join> joins, List<Source> sources) {
        Source source = item instanceof Table table ? bound.sources.get(table) : null;
        if (source != null) {
            sources.add(source);
        } else if (item instanceof ParenthesedFromItem list) {
            collect(list.getFromItem(), list.getJoins(), sources);
        }
        if (joins != null) {
            for (Join join : joins) {
                collect(join.getFromItem(), null, sources);
            }
        }
    }

    /** What a row of a table tells of itself; null where there is nothing to compare, or no key to name it by. */
    private @Nullable String told(ChangingTable table, String qualifier) {
        List<Column> key = table.primaryKey();
        boolean isCompared = table.stage() == Stage.SHADOW || table.stage() == Stage.LIVE;
        if (!isCompared || key.isEmpty() || key.stream().anyMatch(c -> c.name().indexOf('\\') >= 0)) {
            return null;
        }
        UnaryOperator<String> naming = table.naming(qualifier);
        StringJoiner agree = new StringJoiner(" AND ");
        for (Mapping mapping : table.change().mappings()) {
            if (mapping.hasUp()) {
                agree.add(table.sides(mapping).agree(naming));
            }
        }
        if (agree.length() == 0) {
            return null;
        }
        return "CASE WHEN " + naming.apply(key.get(0).name()) + " IS NULL THEN NULL WHEN " + agree + " THEN '' ELSE "
                + shown(key, naming) + " END";
    }

    /** {@code CONCAT('id=', id, ', code=', CAST(code AS CHAR))}: one character set, whatever the columns have. */
    private static String shown(List<Column> key, UnaryOperator<String> naming) {
        StringJoiner parts = new StringJoiner(", ", "CONCAT(", ")");
        String separator = "";
        for (Column column : key) {
            parts.add("'" + separator + column.name().replace("'", "''") + "='");
            String name = naming.apply(column.name());
            parts.add(
                    switch (column.baseType()) {
                        case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> "HEX(" + name + ")";
                        case "bit" -> "CAST(" + name + " + 0 AS CHAR)";
                        default -> "CAST(" + name + " AS CHAR)";
                    });
            separator = ", ";
        }
        return parts.toString();
    }

    private int end(PlainSelect select) throws NotUnderstoodException {
        List<SelectItem<?>> items = select.getSelectItems();
        SelectItem<?> last = items.get(items.size() - 1);
        Expression expression = last.getExpression();
        return expression instanceof AllColumns all ? SqlParser.end(all, tokens) : SqlParser.end(last, tokens);
    }
}
