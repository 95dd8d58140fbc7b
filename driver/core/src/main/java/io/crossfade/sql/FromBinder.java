package io.crossfade.sql;

import java.util.List;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import org.jspecify.annotations.Nullable;

/** Binds a FROM list: its items become the sources of its block, and then what they are joined by. Confined to one block. */
final class FromBinder {
    private final Sources sources;
    private final NameBinder names;
    private final AccountedNames accounted;
    private final Block block;

    FromBinder(Sources sources, NameBinder names, AccountedNames accounted) {
        this.sources = sources;
        this.names = names;
        this.accounted = accounted;
        this.block = names.block();
    }

    void add(@Nullable FromItem item, @Nullable List<Join> joins) {
        if (item != null) {
            add(item);
        }
        if (joins != null) {
            for (Join join : joins) {
                add(join);
            }
        }
    }

    private void add(Join join) {
        add(join.getFromItem());
        boolean using =
                join.getUsingColumns() != null && !join.getUsingColumns().isEmpty();
        block.mergesColumns |= join.isNatural() || using;
        if (join.isNatural() && block.sources.stream().anyMatch(s -> s.changing() != null)) {
            throw new Unbound("natural-join", "a NATURAL JOIN takes its columns from whatever the tables have");
        }
        if (using) {
            join.getUsingColumns().forEach(this::using);
        }
    }

    private void using(Column column) {
        String name = SqlParser.unquoted(column.getColumnName());
        if (block.sources.stream().anyMatch(s -> s.isMapped(name))) {
            throw new Unbound("using", "USING joins on a column that is changing");
        }
        accounted.add(column);
    }

    private void add(FromItem item) {
        if (item instanceof Table table) {
            block.sources.add(sources.table(table));
        } else if (item instanceof ParenthesedFromItem parenthesed) {
            if (parenthesed.getAlias() != null) {
                throw new Unbound("from", "a joined list has an alias");
            }
            add(parenthesed.getFromItem(), parenthesed.getJoins());
            on(parenthesed.getJoins());
        } else if (item instanceof ParenthesedSelect derived) {
            Block outer = item instanceof LateralSubSelect ? block : block.outer;
            block.sources.add(sources.derived(derived, names.query(derived, outer)));
        } else {
            throw new Unbound("from", "a form of FROM item is not known");
        }
    }

    /** Binds what joins the items, once all of them are there. */
    void on(@Nullable List<Join> joins) {
        if (joins != null) {
            for (Join join : joins) {
                join.getOnExpressions().forEach(e -> names.expression(e, Reference.Place.PREDICATE));
            }
        }
    }
}
