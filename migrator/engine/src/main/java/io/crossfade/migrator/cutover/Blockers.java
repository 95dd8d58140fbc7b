package io.crossfade.migrator.cutover;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions that have held a table's metadata lock for over a second (two by the server's whole seconds). Whoever asks for LOCK TABLES behind one of them makes
 * every later statement of the application wait too, so nobody asks while there is one.
 *
 * <p>Known where performance_schema.metadata_locks is on (MySQL 8 and later), or MariaDB's plugin METADATA_LOCK_INFO is there;
 * elsewhere the attempt itself finds out, within the time that writers may be held.
 */
final class Blockers {

    /** A rollback undoes about this many rows in some seconds, and holds the lock the whole time. Judged, not measured. */
    private static final long ROLLBACK_ROWS_MAX = 1_000_000;

    private static final String AGE =
            "GREATEST(COALESCE(p.TIME, 0)," + " COALESCE(TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), 0))";

    private static final String REST =
            " LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = p.ID WHERE " + AGE + " >= 2"
                    + " AND p.ID <> CONNECTION_ID()";

    private static final String PERFORMANCE_SCHEMA = "SELECT DISTINCT p.ID, p.USER, p.HOST, " + AGE
            + ", COALESCE(x.trx_rows_modified, 0), m.LOCK_TYPE IN ('SHARED_READ', 'SHARED_WRITE',"
            + " 'SHARED_WRITE_LOW_PRIO', 'SHARED', 'SHARED_HIGH_PRIO'), m.OBJECT_SCHEMA, m.OBJECT_NAME"
            + " FROM performance_schema.metadata_locks m"
            + " JOIN performance_schema.threads h ON h.THREAD_ID = m.OWNER_THREAD_ID"
            + " JOIN information_schema.PROCESSLIST p ON p.ID = h.PROCESSLIST_ID" + REST
            + " AND m.OBJECT_TYPE = 'TABLE' AND m.LOCK_STATUS = 'GRANTED'"
            + " AND m.OBJECT_SCHEMA = ? AND m.OBJECT_NAME = ?";

    private static final String PLUGIN = "SELECT DISTINCT p.ID, p.USER, p.HOST, " + AGE
            + ", COALESCE(x.trx_rows_modified, 0), m.LOCK_MODE IN ('MDL_SHARED_READ', 'MDL_SHARED_WRITE', 'MDL_SHARED',"
            + " 'MDL_SHARED_HIGH_PRIO'), m.TABLE_SCHEMA, m.TABLE_NAME"
            + " FROM information_schema.METADATA_LOCK_INFO m"
            + " JOIN information_schema.PROCESSLIST p ON p.ID = m.THREAD_ID" + REST
            + " AND m.LOCK_TYPE = 'Table metadata lock' AND m.TABLE_SCHEMA = ? AND m.TABLE_NAME = ?";

    private final List<Blocker> found;

    /**
     * @param isKillable by rule: it holds the lock through plain statements, and its rollback is short
     */
    private record Blocker(long id, String user, String host, long seconds, boolean isKillable) {

        String shown() {
            return "connection " + id + " (" + user + "@" + host + ", " + seconds + " s)";
        }
    }

    private Blockers(List<Blocker> found) {
        this.found = found;
    }

    /** Looks. None where the server does not tell. */
    static Blockers of(Connection connection, Server server, List<TableName> tables) {
        for (String sql : List.of(PERFORMANCE_SCHEMA, PLUGIN)) {
            List<Blocker> found = new ArrayList<>();
            try {
                for (TableName table : tables) {
                    read(connection, server, sql, table, found);
                }
            } catch (SQLException notThere) {
                found.clear();
            }
            if (!found.isEmpty()) {
                return new Blockers(found);
            }
        }
        return new Blockers(List.of());
    }

    private static void read(Connection connection, Server server, String sql, TableName table, List<Blocker> found)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    if (server.isSame(new TableName(r.getString(7), r.getString(8)), table)) {
                        found.add(new Blocker(
                                r.getLong(1),
                                r.getString(2),
                                r.getString(3),
                                r.getLong(4),
                                r.getBoolean(6) && r.getLong(5) <= ROLLBACK_ROWS_MAX));
                    }
                }
            }
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Ends those that may be ended; tells what was done, for the operator. */
    String kill(Connection connection) {
        List<String> done = new ArrayList<>();
        for (Blocker blocker : found) {
            boolean isLockedTable = found.stream().anyMatch(other -> other.id == blocker.id && !other.isKillable);
            if (isLockedTable) {
                done.add("left " + blocker.shown() + ", which holds LOCK TABLES, runs DDL or has over "
                        + ROLLBACK_ROWS_MAX + " rows to roll back");
                continue;
            }
            try (Statement s = connection.createStatement()) {
                s.execute("KILL " + blocker.id);
                done.add("ended " + blocker.shown());
            } catch (SQLException e) {
                done.add("could not end " + blocker.shown() + ": " + e.getMessage());
            }
        }
        return String.join("; ", done);
    }

    /** {@code connection 12 (app@10.0.0.7:4711, 33 s), …}. */
    String shown() {
        return String.join(", ", found.stream().map(Blocker::shown).distinct().toList());
    }
}
