package io.crossfade.migrator.mysql;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who holds tables' metadata locks. Known where performance_schema.metadata_locks is on (MySQL 8 and later), or MariaDB's plugin
 * METADATA_LOCK_INFO is there; elsewhere the transactions that have been open the longest are the likeliest.
 */
public final class LockHolders {
    private static final String AGE =
            "GREATEST(COALESCE(p.TIME, 0)," + " COALESCE(TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), 0))";

    private static final String REST =
            " LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = p.ID WHERE " + AGE
                    + " >= ? AND p.ID <> CONNECTION_ID()";

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

    private static final String OLDEST =
            "SELECT t.trx_mysql_thread_id, p.USER, p.HOST, TIMESTAMPDIFF(SECOND, t.trx_started, NOW())"
                    + " FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p"
                    + " ON p.ID = t.trx_mysql_thread_id WHERE t.trx_mysql_thread_id <> CONNECTION_ID()"
                    + " ORDER BY t.trx_started LIMIT 3";

    /** Whoever has not let go within the shortest wait that MySQL knows. */
    private static final int WAITED_SECONDS = 1;

    /** More would bury them. */
    private static final int SHOWN_MAX = 5;

    private LockHolders() {}

    /**
     * A session that holds a lock.
     *
     * @param seconds how long its transaction or its statement has lasted
     * @param rows how many it has changed
     * @param isPlain whether it holds the lock through plain statements, not through LOCK TABLES or DDL
     */
    public record Holder(long id, String user, String host, long seconds, long rows, boolean isPlain) {

        /** {@code connection 12 (app@10.0.0.7:4711, 33 s)}. */
        public String shown() {
            return "connection " + id + " (" + user + "@" + host + ", " + seconds + " s)";
        }
    }

    /**
     * Those of these tables.
     *
     * @param secondsMin younger ones are passed over
     * @return none where the server does not tell
     */
    public static List<Holder> of(Connection connection, Server server, List<TableName> tables, int secondsMin) {
        for (String sql : List.of(PERFORMANCE_SCHEMA, PLUGIN)) {
            List<Holder> found = new ArrayList<>();
            try {
                for (TableName table : tables) {
                    read(connection, server, sql, table, secondsMin, found);
                }
            } catch (SQLException notThere) {
                found.clear();
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static void read(
            Connection connection, Server server, String sql, TableName table, int secondsMin, List<Holder> found)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setInt(1, secondsMin);
            s.setString(2, table.schema());
            s.setString(3, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    if (server.isSame(new TableName(r.getString(7), r.getString(8)), table)) {
                        found.add(new Holder(
                                r.getLong(1),
                                r.getString(2),
                                r.getString(3),
                                r.getLong(4),
                                r.getLong(5),
                                r.getBoolean(6)));
                    }
                }
            }
        }
    }

    /**
     * For the end of a message: whom this statement waits for.
     *
     * @param sql one that begins with the words of ALTER, DROP or RENAME TABLE and a table
     * @return empty where nobody is seen
     */
    static String shown(Connection connection, String sql) {
        try {
            Optional<TableName> table = table(connection, sql);
            List<Holder> holders = table.isEmpty()
                    ? List.of()
                    : of(connection, Server.of(connection), List.of(table.get()), WAITED_SECONDS);
            return holders.isEmpty() ? oldest(connection) : held(holders);
        } catch (SQLException e) {
            return " (who holds it is not to be seen: " + e.getMessage() + ")";
        }
    }

    /**
     * Who is seen to hold the table for a second or longer, for the end of a message: to stand in the queue behind them would have everybody
     * else wait, too.
     *
     * @param sql as in {@link #shown}
     */
    static Optional<String> inTheWay(Connection connection, String sql) throws SQLException {
        Optional<TableName> table = table(connection, sql);
        List<Holder> holders = table.isEmpty()
                ? List.of()
                : of(connection, Server.of(connection), List.of(table.get()), WAITED_SECONDS);
        return holders.isEmpty() ? Optional.empty() : Optional.of(held(holders));
    }

    private static String held(List<Holder> holders) {
        return ", which is held by "
                + holders.stream()
                        .map(Holder::shown)
                        .distinct()
                        .limit(SHOWN_MAX)
                        .collect(Collectors.joining(", "));
    }

    private static Optional<TableName> table(Connection connection, String sql) throws SQLException {
        Tokens tokens = Server.of(connection).dialect().lex(sql, SqlMode.DEFAULT);
        int at = tokens.isWord(1, "TABLE") ? 2 : tokens.size();
        at += tokens.isWord(at, "IF") && tokens.isWord(at + 1, "EXISTS") ? 2 : 0;
        if (!tokens.isName(at)) {
            return Optional.empty();
        }
        if (tokens.isSymbol(at + 1, '.') && tokens.isName(at + 2)) {
            return Optional.of(new TableName(tokens.name(at), tokens.name(at + 2)));
        }
        String schema = connection.getCatalog();
        return schema == null || schema.isEmpty()
                ? Optional.empty()
                : Optional.of(new TableName(schema, tokens.name(at)));
    }

    private static String oldest(Connection connection) throws SQLException {
        List<String> holders = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(OLDEST)) {
            while (r.next()) {
                holders.add(new Holder(r.getLong(1), r.getString(2), r.getString(3), r.getLong(4), 0, true).shown());
            }
        }
        return holders.isEmpty() ? "" : "; the oldest open transactions: " + String.join(", ", holders);
    }
}
