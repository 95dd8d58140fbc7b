package io.crossfade.dialect;

import io.crossfade.model.Column;
import io.crossfade.model.Expression;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The SQL between the two sides of one mapping: what the driver's dual write, the backfill, the verifier and the mapped
 * reads all use. Column names go through a naming that says how this place spells a column.
 *
 * <p>Immutable.
 */
public final class Sides {
    private final Dialect dialect;
    private final Mapping mapping;
    private final Table before;

    /**
     * @param before the table as it was when the change was opened: gives the old columns' types
     */
    public Sides(Dialect dialect, Mapping mapping, Table before) {
        this.dialect = dialect;
        this.mapping = mapping;
        this.before = before;
    }

    public Mapping mapping() {
        return mapping;
    }

    /** A naming that quotes each column, and puts a qualifier before it where one is given. */
    public static UnaryOperator<String> quoted(Dialect dialect, String qualifier) {
        String prefix = qualifier.isEmpty() ? "" : dialect.quote(qualifier) + ".";
        return column -> prefix + dialect.quote(column);
    }

    /** The new column's value from the old ones; NULL for an added column without an expression. */
    public String up(NewColumn column, UnaryOperator<String> naming) {
        if (mapping.isIdentity()) {
            return naming.apply(mapping.olds().get(0).name());
        }
        Expression up = column.up();
        return up == null ? "NULL" : dialect.render(up, naming);
    }

    /** The old column's value from the new ones. Only where the mapping replaces its old columns. */
    public String down(OldColumn column, UnaryOperator<String> naming) {
        if (mapping.isIdentity()) {
            return naming.apply(mapping.news().get(0).name());
        }
        Expression down = column.down();
        if (down == null) {
            throw new IllegalStateException("column " + column.name() + " is not computed back");
        }
        return dialect.render(down, naming);
    }

    /** True where every new column is what {@code up} gives. */
    public String newIsUpOfOld(UnaryOperator<String> naming) {
        List<String> terms = new ArrayList<>();
        for (NewColumn column : mapping.news()) {
            if (mapping.isIdentity() || column.up() != null) {
                terms.add(dialect.same(naming.apply(column.name()), up(column, naming), newColumn(column)));
            }
        }
        return conjunction(terms);
    }

    /** True where every old column is what {@code down} gives. */
    public String oldIsDownOfNew(UnaryOperator<String> naming) {
        List<String> terms = new ArrayList<>();
        for (OldColumn column : mapping.olds()) {
            if (mapping.kind().replacesOld()) {
                terms.add(dialect.same(naming.apply(column.name()), down(column, naming), oldColumn(column)));
            }
        }
        return conjunction(terms);
    }

    /** True where the two sides of the row explain each other, by either expression. Never NULL. */
    public String agree(UnaryOperator<String> naming) {
        if (mapping.isIdentity() || !mapping.kind().replacesOld()) {
            return newIsUpOfOld(naming);
        }
        return "(" + newIsUpOfOld(naming) + " OR " + oldIsDownOfNew(naming) + ")";
    }

    /** The new column's value while old is the authority: a stale or missing one is passed over. */
    public String newByOld(NewColumn column, UnaryOperator<String> naming) {
        if (mapping.isIdentity() || !mapping.kind().replacesOld()) {
            return up(column, naming);
        }
        return "CASE WHEN " + oldIsDownOfNew(naming) + " THEN " + naming.apply(column.name()) + " ELSE "
                + up(column, naming) + " END";
    }

    /** The old column's value while new is the authority and old is still written: a stale one is passed over. */
    public String oldByNew(OldColumn column, UnaryOperator<String> naming) {
        if (mapping.isIdentity()) {
            return down(column, naming);
        }
        return "CASE WHEN " + newIsUpOfOld(naming) + " THEN " + naming.apply(column.name()) + " ELSE "
                + down(column, naming) + " END";
    }

    /** The catalog's view of an old column. */
    public Column oldColumn(OldColumn column) {
        return before.column(column.name())
                .orElseThrow(() -> new IllegalStateException("no column " + column.name() + " in " + before.name()));
    }

    /** The new column as the catalog will show it, as far as the change file tells. */
    public Column newColumn(NewColumn column) {
        if (mapping.isIdentity()) {
            return oldColumn(mapping.olds().get(0)).withName(column.name());
        }
        String type = column.type();
        if (type == null) {
            throw new IllegalStateException("column " + column.name() + " has no type");
        }
        return Column.plain(column.name(), type);
    }

    private static String conjunction(List<String> terms) {
        return switch (terms.size()) {
            case 0 -> "TRUE";
            case 1 -> terms.get(0);
            default -> "(" + String.join(" AND ", terms) + ")";
        };
    }
}
