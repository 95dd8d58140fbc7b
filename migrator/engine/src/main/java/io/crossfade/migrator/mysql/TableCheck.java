package io.crossfade.migrator.mysql;

import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A CHECK constraint. Immutable.
 *
 * @param name of one at a column MariaDB gives the column's
 * @param clause what it says, as the catalog shows it
 */
public record TableCheck(String name, String clause, boolean isEnforced, boolean isEscaped) {

    private static final String MYSQL = "SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED"
            + " FROM information_schema.CHECK_CONSTRAINTS c"
            + " JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA"
            + " AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME"
            + " WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ? AND t.CONSTRAINT_TYPE = 'CHECK'"
            + " ORDER BY c.CONSTRAINT_NAME";

    private static final String MARIADB = "SELECT CONSTRAINT_NAME, CHECK_CLAUSE, 'YES'"
            + " FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?"
            + " ORDER BY CONSTRAINT_NAME";

    /** Those of a table; none where the server keeps none. */
    public static List<TableCheck> of(Connection connection, Server server, TableName table) throws SQLException {
        List<TableCheck> found = new ArrayList<>();
        if (!server.hasCheckConstraints()) {
            return found;
        }
        try (PreparedStatement s = connection.prepareStatement(server.isMariaDb() ? MARIADB : MYSQL)) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    found.add(new TableCheck(
                            r.getString(1), r.getString(2), r.getString(3).equals("YES"), !server.isMariaDb()));
                }
            }
        }
        return found;
    }

    /** What it says as SQL: MySQL's catalog shows the clause as it would stand in a literal, {@code _utf8mb4\\'a\\'}. */
    public String sql() {
        if (!isEscaped) {
            return clause;
        }
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < clause.length(); i++) {
            char c = clause.charAt(i);
            if (c == '\\' && i + 1 < clause.length()) {
                i++;
                c = clause.charAt(i) == 'n' ? '\n' : clause.charAt(i);
            }
            sql.append(c);
        }
        return sql.toString();
    }
}
