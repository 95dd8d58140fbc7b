package io.crossfade.migrator.route;

import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Probes;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.mysql.TextMode;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An empty clone of a table, to try on it what the server can do to the table itself. It is dropped when it is closed.
 *
 * <p>One thread at a time.
 */
final class Clone implements AutoCloseable {

    /** CREATE … LIKE waits behind an ALTER of the same table; then the plan can wait too. */
    private static final int LOCK_WAIT_SECONDS = 5;

    private final Connection connection;
    private final Server server;
    private final TableName source;
    private final TableName clone;

    private Clone(Connection connection, Server server, TableName source, TableName clone) {
        this.connection = connection;
        this.server = server;
        this.source = source;
        this.clone = clone;
    }

    /** The name depends on the session alone, so that a clone that a lost session left is in nobody's way. */
    static Clone of(Connection connection, Server server, TableName source) throws SQLException {
        long session = number(connection, "SELECT CONNECTION_ID()");
        Clone clone = new Clone(connection, server, source, new TableName(source.schema(), Probes.PREFIX + session));
        clone.clearLeftover();
        clone.execute("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS);
        clone.execute("CREATE TABLE " + clone.quoted() + " LIKE " + clone.quoted(source));
        return clone;
    }

    /** What {@link #alter} found out. */
    record Answer(boolean isTaken, String serverSays) {}

    /** Tries the ALTER, with an algorithm and a lock. */
    Answer alter(AlterText text, String how) throws SQLException {
        String sql = GhostTables.onCopy(connection, server, text, source, clone);
        try {
            if (!sql.isEmpty()) {
                TextMode.during(connection, () -> execute("ALTER TABLE " + quoted() + " " + sql + how));
            }
            return new Answer(true, "");
        } catch (SQLException e) {
            return new Answer(false, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The server's own numbers of the table's trees, by those of its parts: a rebuild gives new ones, and so does an index that is
     * built. Empty where this user may not see them.
     */
    Optional<Map<Long, Set<Long>>> trees() {
        Optional<Map<Long, Set<Long>>> found = trees("INNODB_TABLES", "INNODB_INDEXES");
        return found.isPresent() ? found : trees("INNODB_SYS_TABLES", "INNODB_SYS_INDEXES");
    }

    private Optional<Map<Long, Set<Long>>> trees(String tables, String indexes) {
        Map<Long, Set<Long>> trees = new HashMap<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT t.TABLE_ID, i.INDEX_ID FROM information_schema." + tables
                        + " t JOIN information_schema." + indexes
                        + " i ON i.TABLE_ID = t.TABLE_ID WHERE SUBSTRING_INDEX("
                        + "SUBSTRING_INDEX(t.NAME, '/', -1), '#', 1) = '" + clone.table() + "'")) {
            while (r.next()) {
                trees.computeIfAbsent(r.getLong(1), id -> new TreeSet<>()).add(r.getLong(2));
            }
        } catch (SQLException e) {
            return Optional.empty();
        }
        return trees.isEmpty() ? Optional.empty() : Optional.of(trees);
    }

    /** Whether every tree of before is there still, or dropped, and none of its tables has got another one. */
    static boolean isSame(Map<Long, Set<Long>> before, Map<Long, Set<Long>> after) {
        return before.entrySet().stream()
                .allMatch(e -> after.containsKey(e.getKey()) && e.getValue().containsAll(after.get(e.getKey())));
    }

    @Override
    public void close() throws SQLException {
        execute("DROP TABLE IF EXISTS " + quoted());
    }

    private void clearLeftover() throws SQLException {
        if (TableFacts.of(connection, clone).isPresent()) {
            if (number(connection, "SELECT EXISTS (SELECT 1 FROM " + quoted() + ")") != 0) {
                throw MigrationException.refused("cannot plan for table \"" + source + "\"; table \"" + clone
                        + "\" exists and has rows, and its name is needed for an empty clone; rename it");
            }
            execute("DROP TABLE " + quoted());
        }
    }

    private String quoted() {
        return quoted(clone);
    }

    private String quoted(TableName table) {
        return server.dialect().quote(table.schema()) + "." + server.dialect().quote(table.table());
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getLong(1);
        }
    }
}
