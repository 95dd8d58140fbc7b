package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.MappingKind;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Table;
import io.crossfade.state.ChangeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The DDL that adds, finishes and drops a change's columns. Each method looks at the table as it is and gives what is
 * still missing, so that doing it again does nothing.
 *
 * <p>Immutable.
 */
public final class Columns {
    private final Server server;
    private final Dialect dialect;
    private final ChangeState change;
    private final boolean allowsInplace;

    /**
     * @param allowsInplace whether a rebuild in place will do where the server cannot add a column instantly
     */
    public Columns(Server server, ChangeState change, boolean allowsInplace) {
        this.server = server;
        this.dialect = server.dialect();
        this.change = change;
        this.allowsInplace = allowsInplace;
    }

    /** Adds the new columns that the table lacks, NULLable and invisible where the server has that. */
    public Optional<String> add(Table now) {
        List<String> parts = new ArrayList<>();
        for (Mapping mapping : change.change().mappings()) {
            String after = mapping.kind().replacesOld()
                    ? mapping.olds().get(mapping.olds().size() - 1).name()
                    : "";
            for (NewColumn column : mapping.news()) {
                if (!now.has(column.name())) {
                    parts.add("ADD COLUMN " + definition(mapping, column) + place(after));
                }
                after = after.isEmpty() ? "" : column.name();
            }
        }
        String how = server.addsInstantly() ? ", ALGORITHM=INSTANT" : ", ALGORITHM=INPLACE, LOCK=NONE";
        return alter(parts, how);
    }

    /** Whether columns can be added at all without copying the table behind the operator's back. */
    public boolean canAdd() {
        return server.addsInstantly() || allowsInplace;
    }

    /** Drops the new columns that the table has. */
    public Optional<String> dropNew(Table now) {
        List<String> parts = new ArrayList<>();
        for (Mapping mapping : change.change().mappings()) {
            for (NewColumn column : mapping.news()) {
                if (now.has(column.name())) {
                    parts.add("DROP COLUMN " + dialect.quote(column.name()));
                }
            }
        }
        return alter(parts, dropping());
    }

    /** Drops the replaced old columns that the table has. */
    public Optional<String> dropOld(Table now) {
        List<String> parts = new ArrayList<>();
        for (OldColumn column : replaced()) {
            if (now.has(column.name())) {
                parts.add("DROP COLUMN " + dialect.quote(column.name()));
            }
        }
        return alter(parts, dropping());
    }

    /** Makes the new columns visible, one statement each. */
    public List<String> show(Table now) {
        List<String> statements = new ArrayList<>();
        for (Mapping mapping : change.change().mappings()) {
            for (NewColumn column : mapping.news()) {
                Optional<Column> seen = now.column(column.name()).filter(Column::invisible);
                if (seen.isPresent()) {
                    statements.add(table()
                            + (server.isMariaDb()
                                    ? "MODIFY COLUMN " + full(visible(seen.get()))
                                    : "ALTER COLUMN " + dialect.quote(column.name()) + " SET VISIBLE"));
                }
            }
        }
        return statements;
    }

    /** Lets inserts leave the old columns out: gives those that are NOT NULL and have no default an implicit one. */
    public List<String> relaxOld(Table now) {
        return relax(now, replaced().stream().map(OldColumn::name).toList());
    }

    /** The same for the new columns, on the way back. */
    public List<String> relaxNew(Table now) {
        return relax(
                now,
                change.change().mappings().stream()
                        .flatMap(m -> m.news().stream())
                        .map(NewColumn::name)
                        .toList());
    }

    private List<String> relax(Table now, List<String> names) {
        List<String> statements = new ArrayList<>();
        for (String name : names) {
            Optional<Column> seen = now.column(name);
            if (seen.isPresent()
                    && !seen.get().nullable()
                    && seen.get().defaultSql() == null
                    && !seen.get().generated()) {
                Optional<String> value = ImplicitDefault.of(server, seen.get());
                statements.add(table()
                        + (value.isPresent()
                                ? "ALTER COLUMN " + dialect.quote(name) + " SET DEFAULT " + value.get()
                                : "MODIFY COLUMN " + full(nullable(seen.get())) + ", ALGORITHM=INPLACE, LOCK=NONE"));
            }
        }
        return statements;
    }

    /** Makes the old columns again what they were before {@link #relaxOld}. */
    public List<String> restoreOld(Table now) {
        List<String> statements = new ArrayList<>();
        for (OldColumn column : replaced()) {
            Column then = change.before().column(column.name()).orElseThrow();
            Optional<Column> seen = now.column(column.name());
            if (seen.isEmpty()) {
                continue;
            }
            if (!then.nullable() && seen.get().nullable()) {
                statements.add(table() + "MODIFY COLUMN " + full(then) + ", ALGORITHM=INPLACE, LOCK=NONE");
            } else if (!then.nullable()
                    && then.defaultSql() == null
                    && seen.get().defaultSql() != null) {
                statements.add(table() + "ALTER COLUMN " + dialect.quote(column.name()) + " DROP DEFAULT");
            }
        }
        return statements;
    }

    /**
     * Puts NOT NULL on a new column, with its default, online. MariaDB wants a default of what is NOT NULL and invisible, so
     * that a column without one becomes visible there.
     */
    public String notNull(Column now, Optional<String> defaultSql) {
        Column wanted = new Column(
                now.name(),
                now.type(),
                false,
                defaultSql.orElse(null),
                now.charset(),
                now.collation(),
                now.onUpdateNow(),
                now.generated(),
                now.autoIncrement(),
                now.invisible() && !(server.isMariaDb() && defaultSql.isEmpty()),
                now.comment());
        return table() + "MODIFY COLUMN " + full(wanted) + ", ALGORITHM=INPLACE, LOCK=NONE";
    }

    /** Gives a new column its default, without touching a row. */
    public String withDefault(String column, String defaultSql) {
        return table() + "ALTER COLUMN " + dialect.quote(column) + " SET DEFAULT " + defaultSql;
    }

    /** {@code ALTER TABLE `shop`.`orders` }. */
    public String table() {
        return "ALTER TABLE " + dialect.quote(change.change().table().schema()) + "."
                + dialect.quote(change.change().table().table()) + " ";
    }

    private List<OldColumn> replaced() {
        return change.change().mappings().stream()
                .filter(m -> m.kind().replacesOld())
                .flatMap(m -> m.olds().stream())
                .toList();
    }

    private Optional<String> alter(List<String> parts, String how) {
        return parts.isEmpty() ? Optional.empty() : Optional.of(table() + String.join(", ", parts) + how);
    }

    private String dropping() {
        return server.dropsInstantly() ? ", ALGORITHM=INSTANT" : ", ALGORITHM=INPLACE, LOCK=NONE";
    }

    private String place(String after) {
        return server.addsInstantlyAnywhere() && !after.isEmpty() ? " AFTER " + dialect.quote(after) : "";
    }

    private String definition(Mapping mapping, NewColumn column) {
        Column model = new Sides(dialect, mapping, change.before()).newColumn(column);
        String comment =
                mapping.kind() == MappingKind.RENAME && !model.comment().isEmpty()
                        ? " COMMENT " + literal(model.comment())
                        : "";
        return dialect.quote(column.name()) + " " + typed(model) + " NULL"
                + (server.hasInvisibleColumns() ? " INVISIBLE" : "") + comment;
    }

    /** A whole column definition, as MODIFY wants it. */
    private String full(Column column) {
        return dialect.quote(column.name()) + " " + typed(column) + (column.nullable() ? " NULL" : " NOT NULL")
                + (column.defaultSql() == null ? "" : " DEFAULT " + column.defaultSql())
                + (column.invisible() ? " INVISIBLE" : "")
                + (column.comment().isEmpty() ? "" : " COMMENT " + literal(column.comment()));
    }

    private static Column nullable(Column c) {
        return new Column(
                c.name(),
                c.type(),
                true,
                null,
                c.charset(),
                c.collation(),
                c.onUpdateNow(),
                c.generated(),
                c.autoIncrement(),
                c.invisible(),
                c.comment());
    }

    private static Column visible(Column c) {
        return new Column(
                c.name(),
                c.type(),
                c.nullable(),
                c.defaultSql(),
                c.charset(),
                c.collation(),
                c.onUpdateNow(),
                c.generated(),
                c.autoIncrement(),
                false,
                c.comment());
    }

    private static String typed(Column column) {
        return column.type()
                + (column.charset() == null ? "" : " CHARACTER SET " + column.charset())
                + (column.collation() == null ? "" : " COLLATE " + column.collation());
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
