package io.crossfade.migrator.mysql;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What ties a table to others, and what runs when it is written: foreign keys in both directions, and triggers. Immutable.
 *
 * @param own the names of its own foreign keys
 * @param cascading those of them that change its rows when a parent's row changes, without a word in the change log
 * @param children other tables whose foreign keys point at it: {@code shop.lines (fk_order)}
 * @param triggers the names of its triggers
 */
record Ties(TableName table, List<String> own, List<String> cascading, List<String> children, List<String> triggers) {

    /** On MySQL 9.6 and later OFF: cascades are carried out above the engine, and stand in the change log. */
    private static final String IN_THE_ENGINE = "innodb_native_foreign_keys";

    static final String NEW_KEY =
            "a foreign key on the copy would hold up, and be broken by, what is written to the parent meanwhile";

    static final String NEW_KEY_REMEDY =
            "add it after the change, with SET foreign_key_checks = 0, which takes no copy";

    /** What a file is named as its table. */
    private static final Pattern PLAIN = Pattern.compile("[0-9A-Za-z_]+/[0-9A-Za-z_]+");

    private static final String OWN = "SELECT CONSTRAINT_NAME, CONSTRAINT_SCHEMA, TABLE_NAME"
            + " FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?";

    Ties {
        own = List.copyOf(own);
        cascading = List.copyOf(cascading);
        children = List.copyOf(children);
        triggers = List.copyOf(triggers);
    }

    /** The servers' catalogs take {@code T} for {@code t} in part: what they find is compared once more. */
    static Ties of(Connection connection, TableName table) throws SQLException {
        Server server = Server.of(connection);
        return new Ties(
                table,
                foreignKeys(connection, table),
                "OFF".equalsIgnoreCase(Server.variable(connection, IN_THE_ENGINE))
                        ? List.of()
                        : read(
                                connection,
                                server,
                                OWN + " AND (DELETE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT') OR UPDATE_RULE IN"
                                        + " ('CASCADE', 'SET NULL', 'SET DEFAULT')) ORDER BY 1",
                                table),
                mayHaveChildren(connection, server, table) ? children(connection, server, table) : List.of(),
                triggers(connection, table));
    }

    /** The names of a table's own foreign keys. */
    public static List<String> foreignKeys(Connection connection, TableName table) throws SQLException {
        return read(connection, Server.of(connection), OWN + " ORDER BY 1", table);
    }

    /** The names of a table's triggers. */
    static List<String> triggers(Connection connection, TableName table) throws SQLException {
        return read(
                connection,
                Server.of(connection),
                "SELECT TRIGGER_NAME, EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS"
                        + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? ORDER BY 1",
                table);
    }

    /**
     * A quick look on MariaDB, whose catalog opens every table of the server to say who points at one, and throws those of the application
     * out of its cache. InnoDB's own has it at hand, for who may see it, with names as their files have them.
     */
    private static boolean mayHaveChildren(Connection connection, Server server, TableName table) throws SQLException {
        String file = table.schema() + "/" + table.table();
        if (!server.isMariaDb() || !PLAIN.matcher(file).matches()) {
            return true;
        }
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT 1 FROM information_schema.INNODB_SYS_FOREIGN WHERE LOWER(REF_NAME) = LOWER(?) LIMIT 1")) {
            s.setString(1, file);
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        } catch (SQLException e) {
            if (SqlFailure.isLostConnection(e)) {
                throw e;
            }
            return true;
        }
    }

    private static List<String> children(Connection connection, Server server, TableName table) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement s =
                connection.prepareStatement("SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME,"
                        + " REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME FROM information_schema.KEY_COLUMN_USAGE"
                        + " WHERE REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ? ORDER BY 1, 2, 3")) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    TableName child = new TableName(r.getString(1), r.getString(2));
                    TableName parent = new TableName(r.getString(4), r.getString(5));
                    if (server.isSame(parent, table) && !server.isSame(parent, child)) {
                        found.add(child + " (" + r.getString(3) + ")");
                    }
                }
            }
        }
        return found;
    }

    /** Refuses what a ghost would lose, unless the rules allow it. */
    void check(AlterText text, Rules rules) {
        for (Clause.DropForeignKey dropped : text.all(Clause.DropForeignKey.class)) {
            if (dropped.isNeeded() && own.stream().noneMatch(dropped.name()::equalsIgnoreCase)) {
                throw refused("it has no foreign key " + dropped.name(), "name one of its own, or leave it out");
            }
        }
        if (!rules.skipsForeignKeyChecks()) {
            if (!children.isEmpty()) {
                throw refused(
                        "it is referenced by " + String.join(", ", children)
                                + ", whose foreign keys would go on pointing at the old table",
                        "drop these foreign keys first and make them anew afterwards");
            }
            if (!cascading.isEmpty()) {
                throw refused(
                        "its foreign keys " + String.join(", ", cascading)
                                + " change rows of it by ON DELETE or ON UPDATE, which the change log does not tell",
                        "drop them first, or make them RESTRICT for the time of the change; where no row of the parent is"
                                + " deleted or gets another key meanwhile, say --skip-foreign-key-checks");
            }
            List<String> kept = own.stream().filter(k -> !isDropped(text, k)).toList();
            if (!kept.isEmpty() && !rules.discardsForeignKeys()) {
                throw refused(
                        "it has the foreign keys " + String.join(", ", kept) + ", which the new table would not have",
                        "say --discard-foreign-keys to do without them, or drop them in the same ALTER");
            }
        }
        if (text.has(Clause.AddForeignKey.class)) {
            throw refused(NEW_KEY, NEW_KEY_REMEDY);
        }
        if (!triggers.isEmpty() && !rules.includesTriggers()) {
            throw refused(
                    "it has the triggers " + String.join(", ", triggers) + ", which the new table would not have",
                    "say --include-triggers to carry them over");
        }
    }

    private static boolean isDropped(AlterText text, String key) {
        return text.all(Clause.DropForeignKey.class).stream()
                        .anyMatch(d -> d.name().equalsIgnoreCase(key))
                || text.all(Clause.NamedCheck.class).stream()
                        .anyMatch(c -> c.isOfAnyKind() && c.name().equalsIgnoreCase(key));
    }

    private MigrationException refused(String seen, String todo) {
        return MigrationException.refused("cannot alter table \"" + table + "\"; " + seen + "; " + todo);
    }

    private static List<String> read(Connection connection, Server server, String sql, TableName table)
            throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    if (server.isSame(new TableName(r.getString(2), r.getString(3)), table)) {
                        found.add(r.getString(1));
                    }
                }
            }
        }
        return found;
    }
}
