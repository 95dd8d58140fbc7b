package io.crossfade.migrator.mysql;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What ties a table to others, and what runs when it is written: foreign keys in both directions, and triggers. Immutable.
 *
 * @param own the names of its own foreign keys
 * @param children other tables whose foreign keys point at it: {@code shop.lines (fk_order)}
 * @param triggers the names of its triggers
 */
record Ties(TableName table, List<String> own, List<String> children, List<String> triggers) {

    Ties {
        own = List.copyOf(own);
        children = List.copyOf(children);
        triggers = List.copyOf(triggers);
    }

    static Ties of(Connection connection, TableName table) throws SQLException {
        return new Ties(
                table,
                read(
                        connection,
                        "SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS"
                                + " WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ? ORDER BY 1",
                        table),
                read(
                        connection,
                        "SELECT DISTINCT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME, ' (', CONSTRAINT_NAME, ')')"
                                + " FROM information_schema.KEY_COLUMN_USAGE"
                                + " WHERE REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?"
                                + " AND NOT (TABLE_SCHEMA = REFERENCED_TABLE_SCHEMA"
                                + " AND TABLE_NAME = REFERENCED_TABLE_NAME) ORDER BY 1",
                        table),
                read(
                        connection,
                        "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS"
                                + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? ORDER BY 1",
                        table));
    }

    /** Refuses what a ghost would lose, unless the rules allow it. */
    void check(AlterText text, Rules rules) {
        if (!rules.skipsForeignKeyChecks()) {
            if (!children.isEmpty()) {
                throw refused(
                        "it is referenced by " + String.join(", ", children)
                                + ", whose foreign keys would go on pointing at the old table",
                        "drop these foreign keys first and make them anew afterwards");
            }
            List<String> kept = own.stream()
                    .filter(k -> text.all(Clause.DropForeignKey.class).stream()
                            .noneMatch(d -> d.name().equalsIgnoreCase(k)))
                    .toList();
            if (!kept.isEmpty() && !rules.discardsForeignKeys()) {
                throw refused(
                        "it has the foreign keys " + String.join(", ", kept) + ", which the new table would not have",
                        "say --discard-foreign-keys to do without them, or drop them in the same ALTER");
            }
        }
        if (text.has(Clause.AddForeignKey.class)) {
            throw refused(
                    "a foreign key on the copy would hold up, and be broken by, what is written to the parent meanwhile",
                    "add it after the change, with SET foreign_key_checks = 0, which takes no copy");
        }
        if (!triggers.isEmpty() && !rules.includesTriggers()) {
            throw refused(
                    "it has the triggers " + String.join(", ", triggers) + ", which the new table would not have",
                    "say --include-triggers to carry them over");
        }
    }

    private MigrationException refused(String seen, String todo) {
        return MigrationException.refused("cannot alter table \"" + table + "\"; " + seen + "; " + todo);
    }

    private static List<String> read(Connection connection, String sql, TableName table) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    found.add(r.getString(1));
                }
            }
        }
        return found;
    }
}
