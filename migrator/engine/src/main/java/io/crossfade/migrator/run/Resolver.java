package io.crossfade.migrator.run;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.migrator.check.Subject;
import io.crossfade.migrator.mysql.PrimaryKey;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Change;
import io.crossfade.model.Column;
import io.crossfade.model.Direction;
import io.crossfade.model.Expression;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.sql.ExpressionCheck;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ChangeState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Puts what a change file leaves open against the catalog: names in the catalog's spelling, the columns that a derive
 * reads, expressions that cannot fail. What does not fit together is refused, all of it at once.
 *
 * <p>One thread at a time.
 */
final class Resolver {
    private final Connection connection;
    private final Dialect dialect;
    private final ExpressionCheck expressions;
    private final List<String> faults = new ArrayList<>();

    Resolver(Connection connection, Server server) {
        this.connection = connection;
        this.dialect = server.dialect();
        this.expressions = new ExpressionCheck(dialect);
    }

    /** A change whose every name and expression is right for the table as it is. */
    record Resolved(Change change, Table before) {

        /** The change before anything is done. */
        ChangeState state() {
            return new ChangeState(change, before, Stage.OFF, Direction.FORWARD, 0);
        }

        /** The change as the checks look at it. */
        Subject subject(Session session) throws SQLException {
            return new Subject(
                    session.control(),
                    session.server(),
                    change,
                    before,
                    PrimaryKey.of(session.control(), session.server().dialect(), before),
                    session.cancel());
        }
    }

    Resolved resolve(Change declared) throws SQLException {
        Table table = new CatalogReader(connection)
                .table(declared.table())
                .orElseThrow(() -> MigrationException.refused("cannot change table \"" + declared.table()
                        + "\"; there is no such table, or the user may not see it; look at table: in the change file"));
        List<Mapping> mappings = new ArrayList<>();
        for (Mapping mapping : declared.mappings()) {
            mappings.add(resolved(mapping, table));
        }
        throwFaults(declared);
        Change change = new Change(declared.id(), table.name(), mappings, declared.acceptsLossy());
        for (Mapping mapping : mappings) {
            tryOut(mapping, table);
        }
        throwFaults(declared);
        return new Resolved(change, table);
    }

    private Mapping resolved(Mapping mapping, Table table) {
        List<OldColumn> olds = new ArrayList<>();
        for (OldColumn old : mapping.olds()) {
            Optional<Column> column = table.column(old.name());
            if (column.isEmpty()) {
                fault("there is no column \"" + old.name() + "\" in " + table.name(), "look at its spelling");
            } else if (column.get().generated() && mapping.kind().replacesOld()) {
                fault("column \"" + old.name() + "\" is generated", "change its expression instead");
            } else if (column.get().autoIncrement() && mapping.kind().replacesOld()) {
                fault("column \"" + old.name() + "\" is AUTO_INCREMENT", "leave it out");
            }
            Expression down = old.down();
            String name = column.map(Column::name).orElse(old.name());
            if (down != null) {
                checkExpression("down of \"" + name + "\"", down);
                for (String unknown : unknown(down, mapping)) {
                    fault(
                            "down of \"" + name + "\" names \"" + unknown + "\", which is no new column of its mapping",
                            "a down computes old values from the new columns alone");
                }
            }
            boolean isTotal = mapping.unmappable() == Mapping.Unmappable.NULL && down != null && column.isPresent();
            olds.add(new OldColumn(
                    name,
                    isTotal ? dialect.total(required(down), column.orElseThrow(), n -> isNewText(mapping, n)) : down));
        }
        List<NewColumn> news = new ArrayList<>();
        for (NewColumn column : mapping.news()) {
            news.add(resolved(mapping, column, table));
        }
        if (!mapping.kind().replacesOld()) {
            olds.clear();
            Set<String> read = new java.util.LinkedHashSet<>();
            for (NewColumn column : news) {
                Expression up = column.up();
                if (up != null) {
                    read.addAll(expressions.columns(up, table));
                }
            }
            read.forEach(name -> olds.add(new OldColumn(name, null)));
        }
        return new Mapping(mapping.kind(), olds, news, mapping.facts(), mapping.unmappable());
    }

    private NewColumn resolved(Mapping mapping, NewColumn column, Table table) {
        if (table.has(column.name())) {
            fault("column \"" + column.name() + "\" is there already", "choose another name");
        }
        String type = column.type();
        if (type != null) {
            checkType(column.name(), type);
        }
        Expression up = column.up();
        if (up == null) {
            return column;
        }
        checkExpression("up of \"" + column.name() + "\"", up);
        for (String unknown : expressions.unknownColumns(up, table)) {
            fault(
                    "up of \"" + column.name() + "\" names \"" + unknown + "\", which is no column of " + table.name(),
                    "look at its spelling");
        }
        if (mapping.kind().replacesOld()) {
            for (String read : expressions.columns(up, table)) {
                if (!mapping.hasOld(read)) {
                    fault(
                            "up of \"" + column.name() + "\" reads \"" + read + "\", which stands not in its from",
                            "an up computes new values from the columns that it replaces alone");
                }
            }
        }
        Column target = Column.plain(column.name(), type == null ? "" : type);
        boolean isTotal = mapping.unmappable() == Mapping.Unmappable.NULL;
        return new NewColumn(
                column.name(), type, isTotal ? dialect.total(up, target, n -> isText(table, n)) : up, column.index());
    }

    private static boolean isText(Table table, String column) {
        return table.column(column).filter(Column::isText).isPresent();
    }

    private static boolean isNewText(Mapping mapping, String column) {
        return mapping.news().stream()
                .filter(n -> n.name().equalsIgnoreCase(column) && n.type() != null)
                .anyMatch(n -> Column.plain(n.name(), String.valueOf(n.type())).isText());
    }

    private void checkExpression(String what, Expression expression) {
        expressions.fault(expression).ifPresent(f -> fault(what + ": " + f, "mend the expression"));
    }

    private List<String> unknown(Expression down, Mapping mapping) {
        List<String> unknown = new ArrayList<>();
        dialect.render(down, name -> {
            if (!mapping.hasNew(name)) {
                unknown.add(name);
            }
            return name;
        });
        return unknown;
    }

    /** A type alone: what else a column definition may say is put on when the data allows it. */
    private void checkType(String column, String type) {
        String upper = " " + type.toUpperCase(java.util.Locale.ROOT) + " ";
        for (String word :
                List.of(" NULL ", " DEFAULT ", " UNIQUE ", " PRIMARY ", " COMMENT ", " GENERATED ", " CHECK ")) {
            if (upper.contains(word)) {
                fault(
                        "type of \"" + column + "\" is \"" + type + "\", which says more than a type",
                        "leave out" + word.stripTrailing()
                                + "; NOT NULL and DEFAULT are taken over from the old column");
                return;
            }
        }
    }

    /** Lets the server itself look at types and expressions; nothing is read. */
    private void tryOut(Mapping mapping, Table table) throws SQLException {
        Sides sides = new Sides(dialect, mapping, table);
        UnaryOperator<String> quoted = Sides.quoted(dialect, "");
        String from = " FROM " + dialect.quote(table.name().schema()) + "."
                + dialect.quote(table.name().table());
        List<String> news = new ArrayList<>();
        for (NewColumn column : mapping.news()) {
            if (column.type() != null) {
                tryType(column);
            }
            news.add(sides.up(column, quoted) + " AS " + dialect.quote(column.name()));
        }
        String ups = "SELECT " + String.join(", ", news) + from + " LIMIT 0";
        if (trySql(ups, "up of \"" + mapping.news().get(0).name() + "\"")
                && mapping.kind().replacesOld()) {
            for (OldColumn old : mapping.olds()) {
                trySql(
                        "SELECT " + sides.down(old, quoted) + " FROM (" + ups + ") AS n",
                        "down of \"" + old.name() + "\"");
            }
        }
    }

    private void tryType(NewColumn column) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TEMPORARY TABLE crossfade_type (c " + column.type() + " NULL)");
            s.execute("DROP TEMPORARY TABLE crossfade_type");
        } catch (SQLException e) {
            boolean mayNot = "42000".equals(e.getSQLState()) && e.getErrorCode() == 1044;
            if (!mayNot) {
                fault(
                        "type of \"" + column.name() + "\" is \"" + column.type() + "\": " + e.getMessage(),
                        "mend the type");
            }
        }
    }

    private boolean trySql(String sql, String what) {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
            return true;
        } catch (SQLException e) {
            fault(what + ": " + e.getMessage(), "mend the expression");
            return false;
        }
    }

    private void fault(String seen, String todo) {
        faults.add(seen + "; " + todo);
    }

    private void throwFaults(Change change) {
        if (!faults.isEmpty()) {
            throw MigrationException.refused("cannot make change " + change.id() + " of " + change.table() + ":\n  "
                    + String.join("\n  ", faults));
        }
    }

    private static Expression required(@org.jspecify.annotations.Nullable Expression expression) {
        if (expression == null) {
            throw new IllegalStateException("no expression");
        }
        return expression;
    }
}
