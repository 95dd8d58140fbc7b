package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a table's CHECK constraints are named on its copy: MySQL gives each a new name, since a database has each once.
 *
 * <p>{@code positive} on {@code t} → {@code _t_gho_chk_1} on {@code _t_gho}. Immutable.
 */
final class CheckNames {
    private final Map<String, String> names;

    private CheckNames(Map<String, String> names) {
        this.names = names;
    }

    /** Matches them by what they say, on a copy as CREATE TABLE … LIKE made it. */
    static CheckNames of(Connection connection, Server server, TableName source, TableName copy) throws SQLException {
        Map<String, String> names = new LinkedHashMap<>();
        if (!server.isMariaDb() && server.hasCheckConstraints()) {
            List<String[]> left = new ArrayList<>(read(connection, copy));
            for (String[] one : read(connection, source)) {
                left.stream().filter(c -> c[1].equals(one[1])).findFirst().ifPresent(c -> {
                    names.put(one[0], c[0]);
                    left.remove(c);
                });
            }
        }
        return new CheckNames(names);
    }

    /** {@code DROP CHECK positive} → {@code DROP CHECK `_t_gho_chk_1`}. */
    String onCopy(Dialect dialect, Clause.NamedCheck clause) {
        String other = names.entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase(clause.name()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(clause.name());
        return clause.sql().substring(0, clause.nameAt())
                + dialect.quote(other)
                + clause.sql().substring(clause.nameEnd());
    }

    private static List<String[]> read(Connection connection, TableName table) throws SQLException {
        List<String[]> found = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c"
                        + " JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA"
                        + " AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME"
                        + " WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ? AND t.CONSTRAINT_TYPE = 'CHECK'"
                        + " ORDER BY c.CONSTRAINT_NAME")) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    found.add(new String[] {r.getString(1), r.getString(2)});
                }
            }
        }
        return found;
    }
}
