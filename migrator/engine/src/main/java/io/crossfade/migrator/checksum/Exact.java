package io.crossfade.migrator.checksum;

import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.model.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares rows whose columns change their type, without an expression that imitates the server's conversion: the rows are
 * converted by the server into a temporary table of the ghost's structure, and compared there. One thread at a time.
 */
final class Exact {
    private final TableChange change;
    private final GhostSql sql;
    private final String temporary;

    Exact(TableChange change, GhostSql sql) {
        this.change = change;
        this.sql = sql;
        this.temporary = "`" + change.ghost().name().schema().replace("`", "``") + "`.`crossfade_exact`";
    }

    /** Those of these rows that really differ; one whose values the ghost's structure does not allow is one of them. */
    Set<List<String>> different(Connection connection, Collection<List<String>> keys) throws SQLException {
        Set<List<String>> different = new LinkedHashSet<>();
        try (Statement s = connection.createStatement()) {
            // With GTIDs a temporary table is made outside of transactions.
            connection.commit();
            connection.setAutoCommit(true);
            s.execute(sql.createConverted(temporary));
            connection.setAutoCommit(false);
            for (List<String> key : keys) {
                List<List<String>> one = List.of(key);
                s.executeUpdate("DELETE FROM " + temporary);
                long wanted;
                try {
                    wanted = s.executeLargeUpdate("INSERT INTO " + temporary + " (" + names(ColumnPair::ghost)
                            + ") SELECT " + names(ColumnPair::source) + " FROM "
                            + change.sourceKey().indexed() + " WHERE "
                            + change.sourceKey().in(one));
                } catch (SQLException e) {
                    if (!SqlFailure.isMisfit(e)) {
                        throw e;
                    }
                    different.add(key);
                    continue;
                }
                String join = change.compared().stream().map(Exact::isSame).collect(Collectors.joining(" AND "));
                // The server lets a statement name a temporary table only once.
                try (ResultSet r = s.executeQuery("SELECT COUNT(*), COALESCE(SUM((SELECT COUNT(*) FROM " + temporary
                        + " a WHERE " + join + ")), 0) FROM "
                        + change.ghostKey().quotedTable() + " b WHERE "
                        + change.ghostKey().in(one))) {
                    r.next();
                    if (wanted != r.getLong(1) || r.getLong(1) != r.getLong(2)) {
                        different.add(key);
                    }
                }
            }
            connection.commit();
        }
        return different;
    }

    private static String isSame(ColumnPair pair) {
        return told(pair, "a.") + " <=> " + told(pair, "b.");
    }

    /** A TIMESTAMP as the number that it is: two of them are printed alike in the hour that a zone repeats; a FLOAT is printed with six digits. */
    private static String told(ColumnPair pair, String table) {
        String name = table + quoted(pair.ghost());
        return switch (pair.ghost().baseType()) {
            case "timestamp" -> "UNIX_TIMESTAMP(" + name + ")";
            case "float" -> "(" + name + " + 0e0)";
            default -> "CAST(" + name + " AS BINARY)";
        };
    }

    private String names(Function<ColumnPair, Column> side) {
        return change.compared().stream().map(side).map(Exact::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(Column column) {
        return "`" + column.name().replace("`", "``") + "`";
    }
}
