package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The indexes of a ghost that nobody needs while it is filled: those that are not unique. Taken out first and built at the end
 * they are sorted once, instead of being searched for every row.
 *
 * <p>Definitions are the server's own text, from SHOW CREATE TABLE, so that lengths, directions, comments and visibility come back as they
 * were. Immutable.
 */
public final class PlainIndexes {

    /** {@code KEY `name` (`a`,`b`(10) DESC) COMMENT '…'}; one over an expression has a second bracket, and stays. */
    private static final Pattern LINE = Pattern.compile("^  (KEY `((?:[^`]|``)+)` \\(`((?:[^`]|``)+)`.*?),?$");

    private final Dialect dialect;
    private final TableName ghost;
    private final List<String> definitions;

    private PlainIndexes(Dialect dialect, TableName ghost, List<String> definitions) {
        this.dialect = dialect;
        this.ghost = ghost;
        this.definitions = List.copyOf(definitions);
    }

    /** Those that an earlier look gave, from a checkpoint. */
    public static PlainIndexes of(Dialect dialect, TableName ghost, List<String> definitions) {
        return new PlainIndexes(dialect, ghost, definitions);
    }

    /** Those that can be left out of this table; none where foreign keys lean on them. */
    public static PlainIndexes look(Connection connection, Dialect dialect, Table ghost) throws SQLException {
        List<String> found = new ArrayList<>();
        String create = create(connection, dialect, ghost.name());
        if (!create.contains("FOREIGN KEY") && create.contains("ENGINE=InnoDB")) {
            Set<String> counted = ghost.columns().stream()
                    .filter(Column::autoIncrement)
                    .map(c -> c.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
            for (String line : create.split("\n")) {
                Matcher m = LINE.matcher(line);
                if (m.find() && !counted.contains(unquoted(m.group(3)).toLowerCase(Locale.ROOT))) {
                    found.add(m.group(1));
                }
            }
        }
        return new PlainIndexes(dialect, ghost.name(), found);
    }

    public List<String> definitions() {
        return definitions;
    }

    /**
     * Takes them out of the ghost, which is empty.
     *
     * @return those that were; none where the server would not build them while rows are written, as MariaDB with a unique key of a TEXT
     */
    public PlainIndexes leaveOut(Connection connection) throws SQLException {
        if (definitions.isEmpty()) {
            return this;
        }
        drop(connection);
        try (Statement s = connection.createStatement()) {
            s.execute(statement(connection));
        } catch (SQLException e) {
            if (SqlFailure.isLostConnection(e)) {
                throw e;
            }
            execute(connection, added());
            return of(dialect, ghost, List.of());
        }
        drop(connection);
        return this;
    }

    private void drop(Connection connection) throws SQLException {
        execute(
                connection,
                definitions.stream()
                        .map(d -> "DROP KEY " + dialect.quote(name(d)))
                        .collect(Collectors.joining(", ")));
    }

    private String added() {
        return definitions.stream().map(d -> "ADD " + d).collect(Collectors.joining(", "));
    }

    /** The one statement that builds those that are missing, while rows are written; empty where none is. */
    public String statement(Connection connection) throws SQLException {
        Set<String> there = Index.of(connection, ghost).stream()
                .map(i -> i.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        String added = definitions.stream()
                .filter(d -> !there.contains(name(d).toLowerCase(Locale.ROOT)))
                .map(d -> "ADD " + d)
                .collect(Collectors.joining(", "));
        return added.isEmpty() ? "" : "ALTER TABLE " + quoted() + " " + added + ", ALGORITHM=INPLACE, LOCK=NONE";
    }

    private void execute(Connection connection, String clauses) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("ALTER TABLE " + quoted() + " " + clauses);
        }
    }

    private String quoted() {
        return dialect.quote(ghost.schema()) + "." + dialect.quote(ghost.table());
    }

    private static String name(String definition) {
        Matcher m = LINE.matcher("  " + definition);
        if (!m.find()) {
            throw new IllegalArgumentException("not the definition of a plain index");
        }
        return unquoted(m.group(2));
    }

    private static String unquoted(String name) {
        return name.replace("``", "`");
    }

    private static String create(Connection connection, Dialect dialect, TableName table) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SHOW CREATE TABLE " + dialect.quote(table.schema()) + "." + dialect.quote(table.table()))) {
            r.next();
            return r.getString(2);
        }
    }
}
