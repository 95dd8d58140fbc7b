package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import org.jspecify.annotations.Nullable;

/** Makes the tables and derived tables that a statement names the sources that its columns bind to. Confined to one binder. */
final class Sources {
    private final Tokens tokens;
    private final Dialect dialect;
    private final Tables tables;
    private final CommonTables commonTables;
    private final Bound bound;

    Sources(Tokens tokens, Dialect dialect, Tables tables, CommonTables commonTables, Bound bound) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.tables = tables;
        this.commonTables = commonTables;
        this.bound = bound;
    }

    Source table(Table table) {
        int first = SqlParserPosition.first(table, tokens);
        String name = SqlParser.unquoted(table.getName());
        String schema = SqlParser.schema(table);
        int last = schema == null ? first : first + 2;
        bound.accounted.add(first, last + 1);
        String alias = table.getAlias() == null
                ? name
                : SqlParser.unquoted(table.getAlias().getName());
        if (table.getAlias() != null) {
            bound.accounted.addAliasAt(last + 1, alias);
        }
        String qualifier = table.getAlias() == null && schema != null
                ? dialect.quote(schema) + "." + dialect.quote(name) + "."
                : dialect.quote(alias) + ".";
        if (schema == null && commonTables.has(name)) {
            return new Source(alias, null, qualifier, null, spellable(commonTables.labels(name)));
        }
        String writtenSchema = table.getAlias() == null ? schema : null;
        bound.hasIndexHint |= table.getIndexHint() != null;
        Optional<TableName> full = tables.resolve(schema, name);
        ChangingTable changing = full.map(tables::changing).orElse(null);
        if (changing != null) {
            bound.tables.add(changing);
            Source source = new Source(alias, writtenSchema, qualifier, changing, changing.appColumns());
            bound.sources.put(table, source);
            return source;
        }
        List<String> columns = full.flatMap(tables::columns).orElse(null);
        return new Source(alias, writtenSchema, qualifier, null, columns);
    }

    /**
     * @param labels of the query that it is; null where they are not known
     */
    Source derived(ParenthesedSelect derived, @Nullable List<@Nullable String> labels) {
        Alias alias = derived.getAlias();
        String name = alias == null ? "" : SqlParser.unquoted(alias.getName());
        List<@Nullable String> renamed = alias == null ? null : columns(alias);
        if (!name.isEmpty()) {
            bound.accounted.addAliasAt(SqlParserPosition.end(derived, tokens), name);
        }
        return new Source(name, null, dialect.quote(name) + ".", null, spellable(renamed == null ? labels : renamed));
    }

    /** {@code (SELECT …) AS d (n, status)}: the names in the parentheses; null where there are none. */
    private static @Nullable List<@Nullable String> columns(Alias alias) {
        if (alias.getAliasColumns() == null || alias.getAliasColumns().isEmpty()) {
            return null;
        }
        List<@Nullable String> names = new ArrayList<>();
        for (Alias.AliasColumn column : alias.getAliasColumns()) {
            names.add(SqlParser.unquoted(column.name));
        }
        return names;
    }

    /** The labels without those of expressions that have no alias, which no bare name can spell. */
    private static @Nullable List<String> spellable(@Nullable List<@Nullable String> labels) {
        if (labels == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (String label : labels) {
            if (label != null) {
                names.add(label);
            }
        }
        return names;
    }
}
