package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The triggers of a table, to be made anew on its ghost. They must not be there while rows are copied and changes applied: what
 * they do was done by the source's own already. Immutable.
 */
public final class TriggerCopies {

    /** MySQL's bound on an identifier. */
    private static final int NAME_CHARS_MAX = 64;

    private final Dialect dialect;
    private final GhostNames names;
    private final List<Copy> copies;

    private record Copy(
            String source,
            String name,
            String timing,
            String statement,
            String definer,
            String sqlMode,
            String charset,
            String collation) {}

    private TriggerCopies(Dialect dialect, GhostNames names, List<Copy> copies) {
        this.dialect = dialect;
        this.names = names;
        this.copies = List.copyOf(copies);
    }

    /** Reads the source's triggers; refused where the rules give no free names for the new ones. */
    public static TriggerCopies of(Connection connection, GhostNames names, Rules rules) throws SQLException {
        List<Copy> copies = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT, DEFINER, SQL_MODE,"
                        + " CHARACTER_SET_CLIENT, COLLATION_CONNECTION FROM information_schema.TRIGGERS"
                        + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?"
                        + " ORDER BY EVENT_MANIPULATION, ACTION_TIMING, ACTION_ORDER")) {
            s.setString(1, names.table().schema());
            s.setString(2, names.table().table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    copies.add(new Copy(
                            r.getString(1),
                            renamed(r.getString(1), rules),
                            r.getString(2) + " " + r.getString(3),
                            r.getString(4),
                            r.getString(5),
                            r.getString(6),
                            r.getString(7),
                            r.getString(8)));
                }
            }
        }
        TriggerCopies triggers = new TriggerCopies(Server.of(connection).dialect(), names, copies);
        triggers.checkNames(connection);
        return triggers;
    }

    /** Makes those that the ghost does not have yet; to be called when nothing but the cut-over is left. */
    public void create(Connection connection) throws SQLException {
        Set<String> there = on(connection, names.ghost());
        for (Copy copy : copies) {
            if (!there.contains(copy.name())) {
                create(connection, copy);
            }
        }
    }

    /** Takes them off again, after a cut-over that was not done. */
    public void drop(Connection connection) throws SQLException {
        Set<String> there = on(connection, names.ghost());
        try (Statement s = connection.createStatement()) {
            for (Copy copy : copies) {
                if (there.contains(copy.name())) {
                    s.execute("DROP TRIGGER " + quoted(copy.name()));
                }
            }
        }
    }

    /** Makes them and takes them off, on a ghost that nobody writes: shows whether the server will take them. */
    void rehearse(Connection connection) throws SQLException {
        try {
            create(connection);
        } catch (SQLException e) {
            throw refused(
                    "its triggers cannot be made on the new table: " + e.getMessage(), "mend or drop the trigger");
        } finally {
            drop(connection);
        }
    }

    /** The trigger is read under the settings that it was made with, as the server reads it. */
    private void create(Connection connection, Copy copy) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET @cf_mode = @@sql_mode, @cf_client = @@character_set_client,"
                    + " @cf_collation = @@collation_connection");
            try {
                s.execute("SET sql_mode = '" + copy.sqlMode() + "', collation_connection = '" + copy.collation() + "'");
                int at = copy.definer().lastIndexOf('@');
                s.execute("CREATE DEFINER = " + dialect.quote(copy.definer().substring(0, Math.max(0, at))) + "@"
                        + dialect.quote(copy.definer().substring(at + 1)) + " TRIGGER " + quoted(copy.name()) + " "
                        + copy.timing() + " ON " + dialect.quote(names.ghost().schema()) + "."
                        + dialect.quote(names.ghost().table()) + " FOR EACH ROW " + copy.statement());
            } finally {
                s.execute("SET sql_mode = @cf_mode, collation_connection = @cf_collation");
            }
        }
    }

    private void checkNames(Connection connection) throws SQLException {
        Set<String> taken = new LinkedHashSet<>();
        Set<String> ours = on(connection, names.ghost());
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?")) {
            s.setString(1, names.table().schema());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    taken.add(r.getString(1));
                }
            }
        }
        for (Copy copy : copies) {
            if (copy.name().isEmpty() || copy.name().length() > NAME_CHARS_MAX) {
                throw refused(
                        "trigger \"" + copy.source() + "\" would be named \"" + copy.name() + "\"",
                        "choose another --trigger-suffix");
            }
            if (taken.contains(copy.name()) && !ours.contains(copy.name())) {
                throw refused(
                        "trigger \"" + copy.name() + "\" exists already, and a database has each name once",
                        "choose another --trigger-suffix, such as _cf, with --remove-trigger-suffix-if-exists for the"
                                + " next time");
            }
        }
    }

    private static String renamed(String trigger, Rules rules) {
        String suffix = rules.triggerSuffix();
        return rules.removesTriggerSuffix() && !suffix.isEmpty() && trigger.endsWith(suffix)
                ? trigger.substring(0, trigger.length() - suffix.length())
                : trigger + suffix;
    }

    private static Set<String> on(Connection connection, TableName table) throws SQLException {
        Set<String> found = new LinkedHashSet<>();
        try (PreparedStatement s = connection.prepareStatement("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS"
                + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?")) {
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

    private String quoted(String trigger) {
        return dialect.quote(names.table().schema()) + "." + dialect.quote(trigger);
    }

    private MigrationException refused(String seen, String todo) {
        return MigrationException.refused("cannot alter table \"" + names.table() + "\"; " + seen + "; " + todo);
    }
}
