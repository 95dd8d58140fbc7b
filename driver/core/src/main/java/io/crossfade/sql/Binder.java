package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnyComparisonExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JsonAggregateFunction;
import net.sf.jsqlparser.expression.MySQLGroupConcat;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.WindowDefinition;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/**
 * Binds each name of a parsed statement as the application's version of the tables would. What it cannot bind with
 * certainty it does not guess: the statement is then not understood.
 *
 * <p>Confined to one call.
 */
final class Binder extends ExpressionVisitorAdapter<Void> {

    static final Set<String> AGGREGATES = Set.of(
            "avg",
            "bit_and",
            "bit_or",
            "bit_xor",
            "count",
            "group_concat",
            "json_arrayagg",
            "json_objectagg",
            "max",
            "min",
            "std",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "sum",
            "var_pop",
            "var_samp",
            "variance");

    private final Tokens tokens;
    private final Dialect dialect;
    private final Tables tables;
    private final Bound bound = new Bound();
    private final Map<String, @Nullable List<@Nullable String>> commonTables = new HashMap<>();

    private Block block = new Block(null);
    private Reference.Place place = Reference.Place.PREDICATE;
    private boolean labelsFirst;
    /** In an expression that sorts or aggregates a label is only what no column is called. */
    private boolean labelsLast;

    Binder(Tokens tokens, Dialect dialect, Tables tables) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.tables = tables;
    }

    Bound bound() {
        return bound;
    }

    /** A refusal on its way out of the parser's visitors, which cannot throw a checked one. */
    static final class Unbound extends RuntimeException {
        private static final long serialVersionUID = 1;
        final NotUnderstoodException cause;

        Unbound(NotUnderstoodException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private static Unbound unbound(String reason, String what) {
        return new Unbound(new NotUnderstoodException(reason, what));
    }

    // --- what statements hand in ----------------------------------------------------------------------------------

    void withItems(@Nullable List<WithItem<?>> items) {
        if (items == null) {
            return;
        }
        for (WithItem<?> item : items) {
            String name = unquoted(item.getAliasName()).toLowerCase(Locale.ROOT);
            List<@Nullable String> declared = declaredColumns(item);
            if (item.isRecursive()) {
                commonTables.put(name, declared);
            }
            if (!(item.getParenthesedStatement() instanceof ParenthesedSelect select)) {
                throw unbound("cte", "a common table expression is not a SELECT");
            }
            List<@Nullable String> labels = select(select, block);
            commonTables.put(name, declared == null ? labels : declared);
            if (declared != null) {
                accountDeclared(name);
            }
        }
    }

    /** {@code WITH r (n, status) AS (…)}: the names in the parentheses are labels. */
    private void accountDeclared(String commonTable) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isNamed(i, commonTable) && tokens.isSymbol(i + 1, '(')) {
                int close = i + 2;
                while (close < tokens.size() && !tokens.isSymbol(close, ')')) {
                    close++;
                }
                if (tokens.isWord(close + 1, "AS")) {
                    for (int k = i + 2; k < close; k++) {
                        bound.accounted.add(k);
                    }
                    return;
                }
            }
        }
    }

    private static @Nullable List<@Nullable String> declaredColumns(WithItem<?> item) {
        if (item.getWithItemList() == null) {
            return null;
        }
        List<@Nullable String> names = new ArrayList<>();
        item.getWithItemList().forEach(i -> names.add(unquoted(i.toString())));
        return names;
    }

    /** Binds a query and gives its labels; null where they are not known. */
    @Nullable
    List<@Nullable String> select(Select select, @Nullable Block outer) {
        Map<String, @Nullable List<@Nullable String>> around = new HashMap<>(commonTables);
        withItems(select.getWithItemsList());
        List<@Nullable String> labels = query(select, outer);
        commonTables.clear();
        commonTables.putAll(around);
        return labels;
    }

    private @Nullable List<@Nullable String> query(Select select, @Nullable Block outer) {
        if (select instanceof ParenthesedSelect parenthesed) {
            List<@Nullable String> labels = select(parenthesed.getSelect(), outer);
            outputOrder(parenthesed.getOrderByElements(), labels);
            return labels;
        }
        if (select instanceof SetOperationList list) {
            List<@Nullable String> first = null;
            for (int i = 0; i < list.getSelects().size(); i++) {
                List<@Nullable String> labels = select(list.getSelect(i), outer);
                first = i == 0 ? labels : first;
            }
            outputOrder(list.getOrderByElements(), first);
            return first;
        }
        if (select instanceof PlainSelect plain) {
            return plain(plain, outer);
        }
        if (select instanceof Values values) {
            visitAll(values.getExpressions());
            return null;
        }
        throw unbound("query", "a form of query is not known");
    }

    /** Makes the table of a single-table UPDATE, DELETE or INSERT the one that names bind to. */
    void target(Table table) {
        block.sources.add(source(table));
    }

    void from(@Nullable FromItem item, @Nullable List<Join> joins) {
        addFrom(item, joins);
        on(joins);
    }

    void expression(@Nullable Expression expression, Reference.Place where) {
        if (expression != null) {
            Reference.Place before = place;
            place = where;
            expression.accept(this, null);
            place = before;
        }
    }

    void order(@Nullable List<OrderByElement> elements) {
        if (elements != null) {
            elements.forEach(e -> expression(e.getExpression(), Reference.Place.PREDICATE));
        }
    }

    /** A name that stands alone is a label before it is a column; in an expression it is a column first. */
    private void outerOrder(@Nullable List<OrderByElement> elements) {
        if (elements != null) {
            for (OrderByElement element : elements) {
                boolean alone = bareColumn(element.getExpression()) != null;
                labelsFirst = alone;
                labelsLast = !alone;
                expression(element.getExpression(), Reference.Place.PREDICATE);
            }
            labelsFirst = false;
            labelsLast = false;
        }
    }

    /** The column that an expression is, within parentheses or not; null where it is anything else. */
    private static @Nullable Column bareColumn(@Nullable Expression expression) {
        if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
            return bareColumn(list.get(0));
        }
        if (expression instanceof SignedExpression signed && signed.getSign() == '+') {
            return bareColumn(signed.getExpression());
        }
        return expression instanceof Column column ? column : null;
    }

    // --- a query block --------------------------------------------------------------------------------------------

    private @Nullable List<@Nullable String> plain(PlainSelect select, @Nullable Block outer) {
        Block saved = block;
        Reference.Place savedPlace = place;
        boolean savedLabels = labelsFirst;
        boolean savedLast = labelsLast;
        block = new Block(outer);
        place = Reference.Place.PREDICATE;
        labelsFirst = false;
        labelsLast = false;
        addFrom(select.getFromItem(), select.getJoins());
        boolean known = items(select);
        on(select.getJoins());
        expression(select.getWhere(), Reference.Place.PREDICATE);
        if (select.getGroupBy() != null) {
            for (Object group : select.getGroupBy().getGroupByExpressionList()) {
                group((Expression) group);
            }
        }
        labelsFirst = true;
        expression(select.getHaving(), Reference.Place.PREDICATE);
        labelsFirst = false;
        outerOrder(select.getOrderByElements());
        if (select.getWindowDefinitions() != null) {
            select.getWindowDefinitions().forEach(this::window);
        }
        List<@Nullable String> labels = known ? new ArrayList<>(block.labels) : null;
        block = saved;
        place = savedPlace;
        labelsFirst = savedLabels;
        labelsLast = savedLast;
        return labels;
    }

    private void window(WindowDefinition window) {
        if (window.getPartitionExpressionList() != null) {
            visitAll(window.getPartitionExpressionList());
        }
        order(window.getOrderByElements());
    }

    private void addFrom(@Nullable FromItem item, @Nullable List<Join> joins) {
        if (item != null) {
            add(item);
        }
        if (joins != null) {
            for (Join join : joins) {
                add(join.getFromItem());
                boolean using = join.getUsingColumns() != null
                        && !join.getUsingColumns().isEmpty();
                block.mergesColumns |= join.isNatural() || using;
                if (join.isNatural() && block.sources.stream().anyMatch(s -> s.changing() != null)) {
                    throw unbound("natural-join", "a NATURAL JOIN takes its columns from whatever the tables have");
                }
                if (using) {
                    join.getUsingColumns().forEach(this::using);
                }
            }
        }
    }

    private void using(Column column) {
        String name = unquoted(column.getColumnName());
        for (Source source : block.sources) {
            ChangingTable changing = source.changing();
            if (changing != null && changing.isMapped(name)) {
                throw unbound("using", "USING joins on a column that is changing");
            }
        }
        account(column);
    }

    private void add(FromItem item) {
        if (item instanceof Table table) {
            block.sources.add(source(table));
        } else if (item instanceof ParenthesedFromItem parenthesed) {
            if (parenthesed.getAlias() != null) {
                throw unbound("from", "a joined list has an alias");
            }
            addFrom(parenthesed.getFromItem(), parenthesed.getJoins());
            on(parenthesed.getJoins());
        } else if (item instanceof ParenthesedSelect derived) {
            Block outer = item instanceof LateralSubSelect ? block : block.outer;
            List<@Nullable String> labels = select(derived, outer);
            Alias alias = derived.getAlias();
            String name = alias == null ? "" : unquoted(alias.getName());
            if (alias != null
                    && alias.getAliasColumns() != null
                    && !alias.getAliasColumns().isEmpty()) {
                labels = new ArrayList<>();
                for (Alias.AliasColumn column : alias.getAliasColumns()) {
                    labels.add(unquoted(column.name));
                }
            }
            block.sources.add(new Source(name, null, dialect.quote(name) + ".", null, withoutUnknown(labels)));
            if (!name.isEmpty()) {
                accountAliasAfter(SqlParserPosition.end(derived, tokens), name);
            }
        } else {
            throw unbound("from", "a form of FROM item is not known");
        }
    }

    private Source source(Table table) {
        int first = SqlParserPosition.first(table, tokens);
        String name = unquoted(table.getName());
        String schema = table.getSchemaName() == null ? null : unquoted(table.getSchemaName());
        int last = schema == null ? first : first + 2;
        for (int i = first; i <= last; i++) {
            bound.accounted.add(i);
        }
        String alias =
                table.getAlias() == null ? name : unquoted(table.getAlias().getName());
        if (table.getAlias() != null) {
            accountAliasAfter(last + 1, alias);
        }
        String qualifier = table.getAlias() == null && schema != null
                ? dialect.quote(schema) + "." + dialect.quote(name) + "."
                : dialect.quote(alias) + ".";
        String writtenSchema = table.getAlias() == null ? schema : null;
        if (schema == null && commonTables.containsKey(name.toLowerCase(Locale.ROOT))) {
            List<@Nullable String> labels = commonTables.get(name.toLowerCase(Locale.ROOT));
            return new Source(alias, null, qualifier, null, withoutUnknown(labels));
        }
        bound.hasIndexHint |= table.getIndexHint() != null;
        Optional<TableName> full = tables.resolve(schema, name);
        ChangingTable changing = full.map(tables::changing).orElse(null);
        if (changing != null) {
            bound.hasIndexHint |= table.getIndexHint() != null;
            bound.tables.add(changing);
            Source source = new Source(alias, writtenSchema, qualifier, changing, changing.appColumns());
            bound.sources.put(table, source);
            return source;
        }
        List<String> columns = full.flatMap(tables::columns).orElse(null);
        return new Source(alias, writtenSchema, qualifier, null, columns);
    }

    /** One unknown label makes the whole list unknown: a name might be it. */
    private static @Nullable List<String> withoutUnknown(@Nullable List<@Nullable String> labels) {
        if (labels == null) {
            return null;
        }
        List<String> known = new ArrayList<>();
        for (String label : labels) {
            // An expression without an alias has a label that no bare name can spell.
            if (label != null) {
                known.add(label);
            }
        }
        return known;
    }

    private boolean items(PlainSelect select) {
        boolean known = true;
        for (SelectItem<?> item : select.getSelectItems()) {
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
        Column column = bareColumn(expression);
        if (item.getAlias() != null) {
            String alias = unquoted(item.getAlias().getName());
            block.labels.add(alias);
            block.aliases.add(alias);
            bound.accounted.add(to - 1);
        } else {
            int named = column == null ? -1 : SqlParserPosition.end(column, tokens) - 1;
            bound.items.add(new Bound.Item(from, to, named));
            block.labels.add(column == null ? null : unquoted(column.getColumnName()));
        }
        expression(expression, Reference.Place.ITEM);
    }

    private boolean star(AllColumns all, List<Source> over) {
        block.hasStar = true;
        if (over.stream().anyMatch(s -> s.changing() != null)) {
            if (all.getExceptColumns() != null || all.getReplaceExpressions() != null) {
                throw unbound("star", "a star has exceptions");
            }
            int from = SqlParserPosition.first(all, tokens);
            int to = SqlParserPosition.end(all, tokens);
            bound.stars.add(new Bound.Star(from, to, List.copyOf(over), block.mergesColumns));
            for (int i = from; i < to; i++) {
                bound.accounted.add(i);
            }
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
        String schema = table.getSchemaName() == null ? null : unquoted(table.getSchemaName());
        String name = unquoted(table.getName());
        for (Source source : block.sources) {
            if (source.isNamed(schema, name)) {
                return List.of(source);
            }
        }
        throw unbound("star", "a star is over a table that is not in the FROM list");
    }

    private void on(@Nullable List<Join> joins) {
        if (joins != null) {
            for (Join join : joins) {
                join.getOnExpressions().forEach(e -> expression(e, Reference.Place.PREDICATE));
            }
        }
    }

    /**
     * A bare name in GROUP BY is a column before it is an alias. One that is an alias to the application, and has become a
     * column since, is replaced by the ordinal of its item.
     */
    private void group(Expression expression) {
        if (expression instanceof Column column && column.getTable() == null) {
            String name = unquoted(column.getColumnName());
            boolean appColumn = block.sources.stream().anyMatch(s -> s.appHas(name));
            boolean hidden = block.sources.stream().anyMatch(s -> {
                ChangingTable changing = s.changing();
                return changing != null && changing.isMapped(name);
            });
            if (!appColumn && hidden && block.hasAlias(name)) {
                if (block.hasStar) {
                    throw isNowAColumn(name, "GROUP BY");
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
        expression(expression, Reference.Place.PREDICATE);
    }

    /** ORDER BY after a UNION names labels and nothing else. */
    private void outputOrder(@Nullable List<OrderByElement> elements, @Nullable List<@Nullable String> labels) {
        if (elements == null) {
            return;
        }
        for (OrderByElement element : elements) {
            if (element.getExpression() instanceof Column column && column.getTable() == null) {
                String name = unquoted(column.getColumnName());
                if (labels != null && labels.stream().anyMatch(name::equalsIgnoreCase)) {
                    account(column);
                }
            }
        }
    }

    // --- names ----------------------------------------------------------------------------------------------------

    @Override
    public <S> Void visit(Column column, S context) {
        String name = unquoted(column.getColumnName());
        if (column.getTable() == null && column.getColumnName().equalsIgnoreCase("BINARY")) {
            throw unbound("binary-operator", "the BINARY operator is not in the grammar that Crossfade reads");
        }
        if (column.getTable() != null && !column.getTable().getName().isEmpty()) {
            qualified(column, name);
        } else {
            bare(column, name);
        }
        return null;
    }

    private void qualified(Column column, String name) {
        String schema = column.getSchemaName() == null ? null : unquoted(column.getSchemaName());
        String qualifier = unquoted(column.getTable().getName());
        for (Block b = block; b != null; b = b.outer) {
            for (Source source : b.sources) {
                if (source.isNamed(schema, qualifier)) {
                    account(column);
                    refer(column, source, name, false);
                    return;
                }
            }
        }
        if (tables.isInteresting(name) || tables.isInteresting(qualifier)) {
            throw unbound("unbound-name", "a qualifier is not in any FROM list around it");
        }
    }

    private void bare(Column column, String name) {
        if (labelsFirst && block.hasLabel(name)) {
            account(column);
            return;
        }
        if (!tables.isInteresting(name)) {
            return;
        }
        Source source = find(name, false);
        if (source == null && labelsLast && block.hasLabel(name)) {
            throw isNowAColumn(name, "an expression");
        }
        if (source == null) {
            source = find(name, true);
        }
        if (source == null) {
            throw unbound("unbound-name", "a bare name cannot be bound to one table with certainty");
        }
        account(column);
        boolean shadowed = shadowed(source, name);
        if (!refer(column, source, name, shadowed) && shadowed) {
            bound.fixes.add(Edit.before(SqlParserPosition.first(column, tokens), source.qualifier()));
        }
    }

    /** To the application the name is a label, to the server it has become a column: neither side reads it rightly. */
    private RuntimeException isNowAColumn(String name, String where) {
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
        return unbound("unbound-name", "an alias is named where Crossfade does not look for names");
    }

    /** The innermost source that has this column, first in the application's eyes, then with the other side too. */
    private @Nullable Source find(String name, boolean otherSideToo) {
        for (Block b = block; b != null; b = b.outer) {
            Source found = null;
            for (Source source : b.sources) {
                ChangingTable changing = source.changing();
                boolean has = source.appHas(name) || (otherSideToo && changing != null && changing.isMapped(name));
                if (source.changing() == null && source.columns() == null) {
                    throw unbound("unknown-columns", "a bare name may belong to a source whose columns are not known");
                }
                if (has && found == null) {
                    found = source;
                } else if (has && !b.mergesColumns) {
                    throw unbound("unbound-name", "a bare name may belong to two tables");
                }
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Whether the server would find this name in a changing table that is as near as its own source or nearer. */
    private boolean shadowed(Source owner, String name) {
        for (Block b = block; b != null; b = b.outer) {
            for (Source source : b.sources) {
                ChangingTable changing = source.changing();
                if (!source.equals(owner) && changing != null && changing.isMapped(name)) {
                    return true;
                }
            }
            if (b.sources.contains(owner)) {
                return false;
            }
        }
        return false;
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
    public <S> Void visit(Function function, S context) {
        boolean inserted = "VALUES".equalsIgnoreCase(function.getName()) && place == Reference.Place.VALUE;
        Reference.Place before = place;
        place = inserted ? Reference.Place.INSERTED : place;
        if (AGGREGATES.contains(function.getName().toLowerCase(Locale.ROOT))) {
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
        boolean first = labelsFirst;
        boolean last = labelsLast;
        labelsLast |= labelsFirst;
        labelsFirst = false;
        visit.run();
        labelsFirst = first;
        labelsLast = last;
    }

    /** {@code = ANY (SELECT …)}: the adapter does not go into it. */
    @Override
    public <S> Void visit(AnyComparisonExpression any, S context) {
        select(any.getSelect(), block);
        return null;
    }

    @Override
    public <S> Void visit(AllColumns all, S context) {
        return null; // COUNT(*)
    }

    @Override
    public <S> Void visit(AllTableColumns all, S context) {
        throw unbound("star", "a star over a table stands inside an expression");
    }

    @Override
    public <S> Void visit(ParenthesedSelect query, S context) {
        select(query, block);
        return null;
    }

    @Override
    public <S> Void visit(Select query, S context) {
        select(query, block);
        return null;
    }

    private void visitAll(Iterable<?> expressions) {
        for (Object expression : expressions) {
            ((Expression) expression).accept(this, null);
        }
    }

    // --- tokens ---------------------------------------------------------------------------------------------------

    private void account(Column column) {
        int from = SqlParserPosition.first(column, tokens);
        int to = SqlParserPosition.end(column, tokens);
        for (int i = from; i < to; i++) {
            bound.accounted.add(i);
        }
    }

    private void accountAliasAfter(int token, String alias) {
        int i = tokens.isWord(token, "AS") ? token + 1 : token;
        if (tokens.isNamed(i, alias)) {
            bound.accounted.add(i);
        }
    }

    /** Every name that matters must have been met; one that was not is somewhere that the binder does not know. */
    void requireAllAccounted() throws NotUnderstoodException {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isName(i) && !bound.accounted.contains(i) && tables.isInteresting(tokens.name(i))) {
                boolean isFunction = tokens.kind(i) == TokenKind.WORD && tokens.isSymbol(i + 1, '(');
                if (!isFunction) {
                    throw new NotUnderstoodException(
                            "unbound-name",
                            "\"" + tokens.name(i) + "\" stands where Crossfade does not look for names");
                }
            }
        }
    }

    private static String unquoted(String name) {
        int n = name.length();
        if (n >= 2
                && (name.charAt(0) == '`' || name.charAt(0) == '"' || name.charAt(0) == '\'')
                && name.charAt(n - 1) == name.charAt(0)) {
            return name.substring(1, n - 1).replace("``", "`");
        }
        return name;
    }
}
