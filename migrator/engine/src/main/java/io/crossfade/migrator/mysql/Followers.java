package io.crossfade.migrator.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whoever reads a server's change log: replicas, and programs that act like one. */
public final class Followers {
    private Followers() {}

    /** Whether there are any; an account that cannot see the sessions of others cannot know, and is told yes. */
    public static boolean mayHave(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement()) {
            boolean seesAll = false;
            try (ResultSet r = s.executeQuery("SHOW GRANTS")) {
                while (r.next()) {
                    String grant = r.getString(1);
                    seesAll |= grant.contains(" ON *.* ")
                            && (grant.startsWith("GRANT ALL PRIVILEGES ") || grant.contains("PROCESS"));
                }
            }
            try (ResultSet r = s.executeQuery(
                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'")) {
                r.next();
                return !seesAll || r.getLong(1) > 0;
            }
        }
    }
}
