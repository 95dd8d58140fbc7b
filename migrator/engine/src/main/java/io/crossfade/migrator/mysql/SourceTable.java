package io.crossfade.migrator.mysql;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A table that can be altered by way of a ghost. Immutable.
 *
 * @param table its columns
 * @param facts its size and engine
 */
public record SourceTable(Table table, TableFacts facts) {

    private static final Set<String> SYSTEM = Set.of("mysql", "sys", "information_schema", "performance_schema");

    /** More would bury the one that was meant. */
    private static final int NEAR_NAMES_MAX = 5;

    /** Two letters lost, doubled or exchanged. Judged, not measured. */
    private static final int NEAR_EDITS_MAX = 3;

    /** Reads it; refused where it is no InnoDB table of the user's. */
    public static SourceTable read(Connection connection, TableName name) throws SQLException {
        if (SYSTEM.contains(name.schema().toLowerCase(Locale.ROOT))) {
            throw refused(name, "it belongs to the server", "alter only tables of your own");
        }
        TableFacts facts = TableFacts.of(connection, name).orElse(null);
        if (facts == null) {
            throw missing(connection, name);
        }
        switch (facts.type()) {
            case "base table" -> {}
            case "view", "system view" ->
                throw refused(name, "it is a view", "alter the table that it shows, or CREATE OR REPLACE the view");
            case "temporary", "local temporary" ->
                throw refused(name, "it is a temporary table, which only its own session sees", "alter it there");
            default ->
                throw refused(
                        name,
                        "it is of kind " + facts.type().toUpperCase(Locale.ROOT)
                                + ", which holds what no copy of its rows shows",
                        "alter it directly");
        }
        if (!facts.engine().equals("innodb")) {
            throw refused(
                    name,
                    "its engine is " + facts.engine() + ", which has no transactions",
                    "only InnoDB tables can be copied while they are written to");
        }
        Table table = new CatalogReader(connection)
                .table(facts.name())
                .orElseThrow(() -> refused(name, "its columns are not to be seen", "grant SELECT on it"));
        return new SourceTable(StoredColumns.of(connection, Server.of(connection), table), facts);
    }

    private static MigrationException missing(Connection connection, TableName name) throws SQLException {
        List<String> near = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE'"
                        + " AND (TABLE_SCHEMA = ? OR TABLE_NAME = ?) ORDER BY TABLE_NAME")) {
            s.setString(1, name.schema());
            s.setString(2, name.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    boolean isNear = edits(lower(name.table()), lower(r.getString(2))) <= NEAR_EDITS_MAX;
                    if (isNear && near.size() < NEAR_NAMES_MAX) {
                        near.add(r.getString(1) + "." + r.getString(2));
                    }
                }
            }
        }
        return refused(
                name,
                "there is no such table, or this user may not see it (a temporary table is seen by its own session"
                        + " only)",
                near.isEmpty() ? "look at --database and --table" : "did you mean " + String.join(" or ", near) + "?");
    }

    private static MigrationException refused(TableName name, String seen, String todo) {
        return MigrationException.refused("cannot alter table \"" + name + "\"; " + seen + "; " + todo);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** How many letters have to be put in, taken out or exchanged to make one of the other. */
    private static int edits(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int same = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(same, 1 + Math.min(before[j], now[j - 1]));
            }
            before = now;
        }
        return before[other.length()];
    }
}
