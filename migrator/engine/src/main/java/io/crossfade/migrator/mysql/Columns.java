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
 * still missing, so that doing it again does nothing. What may touch rows is given as the clauses of one ALTER, since which way
 * the server or a ghost goes with them is decided elsewhere; what touches none is given as whole statements.
 *
 * <p>Immutable.
 */
public final class Columns {
    private final Server server;
    private final Dialect dialect;
    private final ChangeState change;

    public Columns(Server server, ChangeState change) {
        this.server = server;
        this.dialect = server.dialect();
        this.change = change;
    }

    /** Clauses that add the new columns that the table lacks, NULLable and invisible where the server has that. */
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
        return clauses(parts);
    }

    /** Clauses that drop the new columns that the table has. */
    public Optional<String> dropNew(Table now) {
        List<String> parts = new ArrayList<>();
        for (Mapping mapping : change.change().mappings()) {
            for (NewColumn column : mapping.news()) {
                if (now.has(column.name())) {
                    parts.add("DROP COLUMN " + dialect.quote(column.name()));
                }
            }
        }
        return clauses(parts);
    }

    /** Clauses that drop the replaced old columns that the table has. */
    public Optional<String> dropOld(Table now) {
        List<String> parts = new ArrayList<>();
        for (OldColumn column : replaced()) {
            if (now.has(column.name())) {
                parts.add("DROP COLUMN " + dialect.quote(column.name()));
            }
        }
        return clauses(parts);
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
        return implicit(now, replacedNames());
    }

    /** Clauses that do the same for old columns of types that have no implicit default: they become NULLable. */
    public Optional<String> loosenOld(Table now) {
        return loosened(now, replacedNames());
    }

    /** As {@link #relaxOld} for the new columns, on the way back. */
    public List<String> relaxNew(Table now) {
        return implicit(now, newNames());
    }

    /** As {@link #loosenOld} for the new columns, on the way back. */
    public Optional<String> loosenNew(Table now) {
        return loosened(now, newNames());
    }

    private List<String> implicit(Table now, List<String> names) {
        List<String> statements = new ArrayList<>();
        for (Column column : mandatory(now, names)) {
            ImplicitDefault.of(server, column).ifPresent(value -> statements.add(withDefault(column.name(), value)));
        }
        return statements;
    }

    private Optional<String> loosened(Table now, List<String> names) {
        return clauses(mandatory(now, names).stream()
                .filter(c -> ImplicitDefault.of(server, c).isEmpty())
                .map(c -> "MODIFY COLUMN " + full(nullable(c)))
                .toList());
    }

    /** Those that an INSERT may not leave out. */
    private static List<Column> mandatory(Table now, List<String> names) {
        return names.stream()
                .flatMap(name -> now.column(name).stream())
                .filter(c -> !c.nullable() && c.defaultSql() == null && !c.generated())
                .toList();
    }

    /** Takes the defaults off the old columns that {@link #relaxOld} put on. */
    public List<String> restoreOld(Table now) {
        List<String> statements = new ArrayList<>();
        for (OldColumn column : replaced()) {
            Column then = change.before().column(column.name()).orElseThrow();
            Optional<Column> seen = now.column(column.name()).filter(c -> !c.nullable() && c.defaultSql() != null);
            if (seen.isPresent() && !then.nullable() && then.defaultSql() == null) {
                statements.add(table() + "ALTER COLUMN " + dialect.quote(column.name()) + " DROP DEFAULT");
            }
        }
        return statements;
    }

    /** Clauses that put NOT NULL back on the old columns from which {@link #loosenOld} took it. */
    public Optional<String> tightenOld(Table now) {
        List<String> parts = new ArrayList<>();
        for (OldColumn column : replaced()) {
            Column then = change.before().column(column.name()).orElseThrow();
            boolean isLoose = now.column(column.name()).filter(Column::nullable).isPresent();
            if (isLoose && !then.nullable()) {
                parts.add("MODIFY COLUMN " + full(then));
            }
        }
        return clauses(parts);
    }

    /**
     * A clause that puts NOT NULL on a new column, with its default. MariaDB wants a default of what is NOT NULL and invisible, so
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
        return "MODIFY COLUMN " + full(wanted);
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

    private List<String> replacedNames() {
        return replaced().stream().map(OldColumn::name).toList();
    }

    private List<String> newNames() {
        return change.change().mappings().stream()
                .flatMap(m -> m.news().stream())
                .map(NewColumn::name)
                .toList();
    }

    /** The clauses of one ALTER; empty where there is none. */
    public static Optional<String> clauses(List<String> parts) {
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
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
