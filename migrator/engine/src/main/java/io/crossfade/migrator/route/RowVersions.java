package io.crossfade.migrator.route;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** How often columns of a table may still be added or dropped at once: MySQL counts, from 8.0.29 on, and a clone begins anew. */
final class RowVersions {

    private static final int COUNTED_SINCE = 80029;
    private static final int MANY_SINCE = 90100;
    private static final int VERSIONS_MAX = 64;
    private static final int VERSIONS_MAX_MANY = 255;

    private RowVersions() {}

    /** Why no more can be; empty where one can, and where this user may not see it. */
    static Optional<String> usedUp(Connection connection, Server server, TableName table) throws SQLException {
        if (server.isMariaDb() || server.dialect().version() < COUNTED_SINCE) {
            return Optional.empty();
        }
        int max = server.dialect().version() < MANY_SINCE ? VERSIONS_MAX : VERSIONS_MAX_MANY;
        try (PreparedStatement s =
                connection.prepareStatement("SELECT MAX(TOTAL_ROW_VERSIONS) FROM information_schema.INNODB_TABLES"
                        + " WHERE SUBSTRING_INDEX(LOWER(NAME), '#p#', 1) = LOWER(CONCAT(?, '/', ?))")) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                return r.next() && r.getInt(1) >= max
                        ? Optional.of("columns were added or dropped at once " + r.getInt(1)
                                + " times, and the server keeps no more versions of a row until it is rebuilt")
                        : Optional.empty();
            }
        } catch (SQLException e) {
            // Without PROCESS it is not to be seen; the statement itself shows it then, and does nothing.
            return Optional.empty();
        }
    }
}
