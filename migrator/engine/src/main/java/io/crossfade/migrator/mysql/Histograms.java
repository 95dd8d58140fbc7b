package io.crossfade.migrator.mysql;

import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Statistics of a table's columns that somebody had the server take: MySQL's histograms, MariaDB's persistent statistics. They go with
 * the table when it is renamed.
 */
public final class Histograms {

    private static final String MYSQL = "SELECT COLUMN_NAME FROM information_schema.COLUMN_STATISTICS"
            + " WHERE SCHEMA_NAME = ? AND TABLE_NAME = ? ORDER BY 1";

    private static final String MARIADB =
            "SELECT column_name FROM mysql.column_stats WHERE db_name = ? AND table_name = ? ORDER BY 1";

    private Histograms() {}

    /** The columns that have such; none where this server has none, or this user may not see them. */
    public static List<String> of(Connection connection, TableName table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement s =
                connection.prepareStatement(Server.of(connection).isMariaDb() ? MARIADB : MYSQL)) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    columns.add(r.getString(1));
                }
            }
        } catch (SQLException e) {
            if (SqlFailure.isLostConnection(e)) {
                throw e;
            }
        }
        return columns;
    }
}
