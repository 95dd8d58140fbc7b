package io.crossfade.migrator.lint;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What else in the database names a column that goes: it breaks when the new table takes its place. */
final class Uses {

    private static final String OWN_SCHEMAS = " NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')";

    private final Connection connection;
    private final Server server;
    private final TableName table;
    private final List<Finding> findings = new ArrayList<>();

    Uses(Connection connection, Server server, TableName table) {
        this.connection = connection;
        this.server = server;
        this.table = table;
    }

    /** Looks for these columns, which are dropped or get another name. */
    List<Finding> of(List<String> gone) throws SQLException {
        if (!gone.isEmpty()) {
            look(
                    gone,
                    "view",
                    "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME), VIEW_DEFINITION, TABLE_SCHEMA, ''"
                            + " FROM information_schema.VIEWS WHERE TABLE_SCHEMA" + OWN_SCHEMAS);
            look(
                    gone,
                    "routine",
                    "SELECT CONCAT(ROUTINE_SCHEMA, '.', ROUTINE_NAME), ROUTINE_DEFINITION, ROUTINE_SCHEMA, ''"
                            + " FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA" + OWN_SCHEMAS);
            look(
                    gone,
                    "event",
                    "SELECT CONCAT(EVENT_SCHEMA, '.', EVENT_NAME), EVENT_DEFINITION, EVENT_SCHEMA, ''"
                            + " FROM information_schema.EVENTS");
            look(
                    gone,
                    "trigger",
                    "SELECT CONCAT(TRIGGER_SCHEMA, '.', TRIGGER_NAME), ACTION_STATEMENT, TRIGGER_SCHEMA,"
                            + " CONCAT(EVENT_OBJECT_SCHEMA, '.', EVENT_OBJECT_TABLE) FROM information_schema.TRIGGERS"
                            + " WHERE TRIGGER_SCHEMA" + OWN_SCHEMAS);
        }
        return findings;
    }

    private void look(List<String> gone, String kind, String sql) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                @Nullable String text = r.getString(2);
                if (text == null) {
                    continue;
                }
                Tokens tokens = server.dialect().lex(text, SqlMode.DEFAULT);
                boolean isOnTable = server.isSame(r.getString(4), table.toString());
                List<String> named = gone.stream().filter(c -> names(tokens, c)).toList();
                if (!named.isEmpty() && (isOnTable || namesTable(tokens, r.getString(3)))) {
                    findings.add(Finding.refuse(
                            kind + " " + r.getString(1) + " names " + String.join(", ", named)
                                    + " of the table, and fails as soon as the column is gone",
                            "change or drop the " + kind + " first"));
                }
            }
        }
    }

    /** By its bare name in its own database, or with its database in front anywhere. */
    private boolean namesTable(Tokens tokens, String schema) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isNamed(i, table.table())) {
                boolean isQualified = tokens.isSymbol(i - 1, '.') && tokens.isName(i - 2);
                if (isQualified ? tokens.isNamed(i - 2, table.schema()) : server.isSame(schema, table.schema())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean names(Tokens tokens, String column) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isNamed(i, column)) {
                return true;
            }
        }
        return false;
    }
}
