package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The shadow copy of one table: made empty with the new structure, and described beside its source. Immutable.
 *
 * <p>Every method asks the server anew; sessions are those of {@link Connections}.
 */
public final class GhostTables {

    /** Of a table that is in the way, where nothing tells more. */
    public static final String UNKNOWN_ORIGIN = "which an earlier run or gh-ost may have left";

    /** A CHECK of that name is there in the database. */
    private static final int DUPLICATE_CHECK = 3822;

    /** Drops tables that are in the way. */
    @FunctionalInterface
    public interface Drop {
        void tables(List<TableName> left) throws SQLException;
    }

    private final TableAlter alter;
    private final Rules rules;
    private final GhostNames names;

    public GhostTables(TableAlter alter, Rules rules, GhostNames names) {
        this.alter = alter;
        this.rules = rules;
        this.names = names;
    }

    public GhostNames names() {
        return names;
    }

    /**
     * An empty clone that stands for the ghost while a plan is made, and under its own name; it has to be made by {@link #shape} and
     * dropped.
     */
    public static GhostTables rehearsal(Connection connection, TableAlter alter, Rules rules) throws SQLException {
        GhostNames names = GhostNames.of(alter, rules, Instant.now());
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT CONNECTION_ID()")) {
            r.next();
            TableName probe = new TableName(alter.table().schema(), Probes.PREFIX + r.getLong(1));
            return new GhostTables(
                    alter,
                    rules,
                    new GhostNames(names.table(), probe, names.old(), names.changeLog(), names.checkpoint()));
        }
    }

    /** Refuses what a ghost would lose: foreign keys and triggers, unless the rules allow it. */
    public void checkTies(Connection connection) throws SQLException {
        SourceTable source = SourceTable.read(connection, alter.table());
        Ties.of(connection, source.table().name())
                .check(AlterText.read(connection, Server.of(connection), alter), rules);
    }

    /** What an earlier run left under the names that this one needs. */
    public List<TableName> leftovers(Connection connection) throws SQLException {
        return Leftovers.of(connection, names);
    }

    /** Drops the ghost, if there is one. */
    public void drop(Connection connection) throws SQLException {
        new Ddl(connection, new Cancel(), progress -> {})
                .run("DROP TABLE IF EXISTS " + quoted(Server.of(connection).dialect(), names.ghost()));
    }

    /**
     * Refuses what stands under the names that are needed, or drops it where the rules allow that.
     *
     * @param origin where a table comes from, as a refusal tells it: {@code which … left}
     * @param drop how they are dropped
     */
    public void makeRoom(Connection connection, Function<TableName, String> origin, Drop drop) throws SQLException {
        checkTies(connection);
        Leftovers.clear(connection, names, rules, origin, drop);
    }

    /** Makes the ghost, empty. What is in its way is dropped where the rules allow that. */
    public void create(Connection connection) throws SQLException {
        makeRoom(connection, t -> UNKNOWN_ORIGIN, left -> {
            for (TableName one : left) {
                new Ddl(connection, new Cancel(), progress -> {})
                        .run("DROP TABLE " + quoted(Server.of(connection).dialect(), one));
            }
        });
        shape(connection);
        if (rules.includesTriggers()) {
            rehearseTriggers(connection);
        }
    }

    /** Makes an empty table of the new structure under the ghost's name, and asks nothing else. */
    public void shape(Connection connection) throws SQLException {
        Server server = Server.of(connection);
        TableName source = SourceTable.read(connection, alter.table()).table().name();
        AlterText text = AlterText.read(connection, server, alter);
        Ddl ddl = new Ddl(connection, new Cancel(), progress -> {});
        String ghost = quoted(server.dialect(), names.ghost());
        ddl.run("CREATE TABLE " + ghost + " LIKE " + quoted(server.dialect(), source));
        OptionalLong next = NextNumber.of(connection, server.dialect(), source);
        if (next.isPresent()) {
            ddl.run("ALTER TABLE " + ghost + " AUTO_INCREMENT = " + next.getAsLong());
        }
        CheckNames checks = CheckNames.of(connection, server, source, names.ghost());
        String sql = onCopy(server, text, checks);
        if (!sql.isEmpty()) {
            reshape(ddl, ghost, sql, checks);
        }
    }

    /** The ALTER as it is put to a copy, which has no foreign keys that could be dropped, and other names for its CHECKs. */
    public static String onCopy(Connection connection, Server server, AlterText text, TableName source, TableName copy)
            throws SQLException {
        return onCopy(server, text, CheckNames.of(connection, server, source, copy));
    }

    private static String onCopy(Server server, AlterText text, CheckNames checks) {
        return text.sql(c -> c instanceof Clause.DropForeignKey
                ? ""
                : c instanceof Clause.NamedCheck check ? checks.onCopy(server.dialect(), check) : c.sql());
    }

    /** The source's triggers, which the ghost gets right before the cut-over and not earlier. */
    public TriggerCopies triggers(Connection connection) throws SQLException {
        return TriggerCopies.of(connection, names, rules);
    }

    private void rehearseTriggers(Connection connection) throws SQLException {
        try {
            triggers(connection).rehearse(connection);
        } catch (MigrationException | SQLException e) {
            drop(connection);
            throw e;
        }
    }

    private void reshape(Ddl ddl, String ghost, String sql, CheckNames checks) throws SQLException {
        try {
            ddl.ofOperator().run("ALTER TABLE " + ghost + " " + sql);
        } catch (SQLException e) {
            try {
                ddl.run("DROP TABLE " + ghost);
            } catch (SQLException left) {
                e.addSuppressed(left);
            }
            String remedy = e.getErrorCode() == DUPLICATE_CHECK
                    ? "the server has each CHECK's name once in a database, and the table as it is keeps it until the"
                            + " cut-over; give the new one another name"
                    : "mend it";
            throw MigrationException.refused("cannot alter table \"" + alter.table()
                    + "\"; the server does not take the ALTER: " + checks.shown(String.valueOf(e.getMessage())) + "; "
                    + remedy);
        }
    }

    /** Refuses what no ghost can be filled with, as {@link #shape} made it. */
    public void checkShape(Connection connection) throws SQLException {
        Table ghost = new CatalogReader(connection).table(names.ghost()).orElseThrow();
        new NewTable(connection, alter, ghost).check();
    }

    /** What becomes of which column, and how rows are told apart; refused where something is not clear. */
    public TableChange describe(Connection connection) throws SQLException {
        Server server = Server.of(connection);
        Table source = SourceTable.read(connection, alter.table()).table();
        Table shown = new CatalogReader(connection)
                .table(names.ghost())
                .orElseThrow(() -> MigrationException.refused("cannot alter table \"" + alter.table()
                        + "\"; its ghost \"" + names.ghost() + "\" is gone; begin anew"));
        Table ghost = StoredColumns.of(connection, server, shown);
        AlterText text = AlterText.read(connection, server, alter);
        String begun = alter.mode();
        List<ColumnPair> pairs = pairs(text, source, ghost);
        Derivations derivations = new Derivations(connection, server.dialect(), source, ghost);
        List<ColumnPair> computed = derivations.alike(pairs, generated(text, source, ghost));
        SharedKey.Sides sides = new SharedKey.Sides(
                source,
                ghost,
                pairs,
                computed,
                Index.of(connection, source.name()),
                Index.of(connection, ghost.name()));
        SharedKey key = SharedKey.find(server.dialect(), sides, rules.allowsNullableKey());
        return new TableChange(
                source,
                ghost,
                names.old(),
                pairs,
                key.source(),
                key.ghost(),
                UniqueKeys.added(sides),
                derivations.of(pairs, computed),
                TextMode.cut(begun == null ? TextMode.words(connection) : begun));
    }

    private List<ColumnPair> pairs(AlterText text, Table source, Table ghost) {
        Map<String, Clause.ChangeColumn> renames = text.renames();
        if (!renames.isEmpty() && !rules.approvesRenamedColumns() && !rules.skipsRenamedColumns()) {
            throw MigrationException.refused("cannot alter table \"" + alter.table() + "\"; it renames "
                    + String.join(
                            ", ",
                            renames.values().stream()
                                    .map(r -> "\"" + r.from() + "\" to \"" + r.to() + "\"")
                                    .toList())
                    + "; say --approve-renamed-columns to keep the values under the new name, or"
                    + " --skip-renamed-columns to give them up and take the new column for an added one");
        }
        List<ColumnPair> pairs = new ArrayList<>();
        for (int i = 0; i < source.columns().size(); i++) {
            int place = i;
            Column column = source.columns().get(i);
            target(text, renames, column, ghost)
                    .filter(c -> !c.generated())
                    .ifPresent(c -> pairs.add(ColumnPair.of(column, place, c)));
        }
        return pairs;
    }

    /** Columns that the server computes on both sides. */
    private List<ColumnPair> generated(AlterText text, Table source, Table ghost) {
        List<ColumnPair> pairs = new ArrayList<>();
        for (int i = 0; i < source.columns().size(); i++) {
            int place = i;
            Column column = source.columns().get(i);
            if (column.generated()) {
                target(text, text.renames(), column, ghost)
                        .filter(Column::generated)
                        .ifPresent(c -> pairs.add(ColumnPair.of(column, place, c)));
            }
        }
        return pairs;
    }

    private Optional<Column> target(
            AlterText text, Map<String, Clause.ChangeColumn> renames, Column column, Table ghost) {
        Clause.@Nullable ChangeColumn rename = renames.get(column.name().toLowerCase(Locale.ROOT));
        if (rename != null) {
            return rules.approvesRenamedColumns() ? ghost.column(rename.to()) : Optional.empty();
        }
        return text.drops(column.name()) ? Optional.empty() : ghost.column(column.name());
    }

    private static String quoted(Dialect dialect, TableName table) {
        return dialect.quote(table.schema()) + "." + dialect.quote(table.table());
    }
}
