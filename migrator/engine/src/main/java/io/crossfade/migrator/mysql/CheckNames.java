package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a table's CHECK constraints are named on its copy: MySQL gives each a new name, since a database has each once. Foreign keys are
 * not on a copy.
 *
 * <p>{@code positive} on {@code t} → {@code _t_gho_chk_1} on {@code _t_gho}. Immutable.
 */
final class CheckNames {
    private final Map<String, String> names;
    private final List<String> foreignKeys;

    private CheckNames(Map<String, String> names, List<String> foreignKeys) {
        this.names = names;
        this.foreignKeys = List.copyOf(foreignKeys);
    }

    /** Matches them by what they say, on a copy as CREATE TABLE … LIKE made it. */
    static CheckNames of(Connection connection, Server server, TableName source, TableName copy) throws SQLException {
        Map<String, String> names = new LinkedHashMap<>();
        if (!server.isMariaDb()) {
            List<TableCheck> left = new ArrayList<>(TableCheck.of(connection, server, copy));
            for (TableCheck one : TableCheck.of(connection, server, source)) {
                left.stream()
                        .filter(c -> c.clause().equals(one.clause()))
                        .findFirst()
                        .ifPresent(c -> {
                            names.put(one.name(), c.name());
                            left.remove(c);
                        });
            }
        }
        return new CheckNames(names, Ties.foreignKeys(connection, source));
    }

    /** {@code DROP CHECK positive} → {@code DROP CHECK `_t_gho_chk_1`}; empty for a foreign key. */
    String onCopy(Dialect dialect, Clause.NamedCheck clause) {
        if (clause.isOfAnyKind() && foreignKeys.stream().anyMatch(clause.name()::equalsIgnoreCase)) {
            return "";
        }
        String other = names.entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase(clause.name()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(clause.name());
        return clause.sql().substring(0, clause.nameAt())
                + dialect.quote(other)
                + clause.sql().substring(clause.nameEnd());
    }

    /** A server's message about the copy, with the names that the user knows. */
    String shown(String message) {
        String shown = message;
        for (Map.Entry<String, String> name : names.entrySet()) {
            shown = shown.replace("'" + name.getValue() + "'", "'" + name.getKey() + "'");
        }
        return shown;
    }
}
