package io.crossfade.migrator.stream;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.mysql.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which server a checkpoint was written on, and which transactions that server had committed by then. Both are put in by the
 * statement that saves the checkpoint, and come along with it onto every replica. Immutable.
 *
 * <p>A replica that takes over may lack the end of what its source did. It can go on from the checkpoint that it has, since:
 *
 * <ul>
 *   <li>All that the checkpoint speaks of was committed, and confirmed to us, before the statement that saves it began: chunks, row
 *       changes in the ghost, rows carried back. So it is among {@link #executed}.
 *   <li>The log's position is known because the log was read, so what stands before it was in the source's log by then.
 *   <li>A server that has executed both sets has all of it, in whatever order it got it; that is asked of the server itself.
 *   <li>What it has beyond the checkpoint does no harm, as after a kill: copied rows are taken out and copied anew, row changes are
 *       read again, up to the last image of each key.
 *   <li>What the source did and the replica does not have, a lost end, is in neither the table nor the ghost.
 * </ul>
 *
 * @param server what the server calls itself: its UUID, on MariaDB its server id
 * @param executed global ids: the executed set, on MariaDB the last of each domain; empty where there are none
 */
public record ServerHistory(String server, String executed) {

    /** SQL that gives it, as a JSON object, at the moment of the statement that it stands in. */
    public static String sql(MySqlDialect dialect) {
        return dialect.isMariaDb()
                ? "JSON_OBJECT('server', CAST(@@GLOBAL.server_id AS CHAR), 'executed', @@GLOBAL.gtid_binlog_pos)"
                : "JSON_OBJECT('server', @@GLOBAL.server_uuid, 'executed', @@GLOBAL.gtid_executed)";
    }

    /** Whether it was this server. */
    public boolean isOf(Connection connection) throws SQLException {
        return server.equals(name(connection, Server.of(connection)));
    }

    /**
     * Why this server cannot go on from what another one wrote, {@code <what was seen>; <what to do>}; empty where it can, and on the same server.
     *
     * @param position of the log, which the other server wrote along with this
     */
    public Optional<String> obstacle(Connection connection, LogPosition position) throws SQLException {
        Server here = Server.of(connection);
        String name = name(connection, here);
        if (server.equals(name)) {
            return Optional.empty();
        }
        String seen = "its checkpoint was written on another server (" + server + "; this one is " + name + ")";
        if (position.gtids().isEmpty()) {
            return Optional.of(seen + ", by the log's files alone, of which each server has its own: without GTIDs"
                    + " (gtid_mode=ON, none of them tagged) there is no going on; go on there");
        }
        String missing = here.isMariaDb()
                ? missingOnMariaDb(connection, position.gtids())
                : missing(connection, position.gtids());
        if (!missing.isEmpty()) {
            return Optional.of(
                    seen + ", and this one does not have all that it builds upon: transactions up to " + missing
                            + " are missing; where they are still on their way, wait for them and run the same command again");
        }
        if (!logsForeign(connection)) {
            return Optional.of(
                    seen + ", and this one has not written into its own change log what it got by replication"
                            + " (log_slave_updates is OFF), so changes since the checkpoint cannot be read; go on there");
        }
        return Optional.empty();
    }

    private String missing(Connection connection, String read) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("SELECT GTID_SUBTRACT(CONCAT_WS(',', ?, ?), @@GLOBAL.gtid_executed)")) {
            s.setString(1, read);
            s.setString(2, executed.isEmpty() ? null : executed);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getString(1).replaceAll("\\s", "");
            }
        }
    }

    /** Within a domain a replica keeps the order, so that the last one tells all of them. */
    private String missingOnMariaDb(Connection connection, String read) throws SQLException {
        Map<String, Long> here = lastByDomain(text(connection, "SELECT @@GLOBAL.gtid_binlog_pos"));
        for (String gtids : new String[] {read, executed}) {
            for (Map.Entry<String, Long> wanted : lastByDomain(gtids).entrySet()) {
                Long last = here.get(wanted.getKey());
                if (last == null || Long.compareUnsigned(last, wanted.getValue()) < 0) {
                    return gtids;
                }
            }
        }
        return "";
    }

    /** {@code 0-1-23,5-2-7} → {@code {0=23, 5=7}}. */
    static Map<String, Long> lastByDomain(String gtids) {
        Map<String, Long> last = new HashMap<>();
        for (String gtid : gtids.split(",")) {
            String[] parts = gtid.strip().split("-", -1);
            if (parts.length == 3) {
                last.merge(
                        parts[0], Long.parseUnsignedLong(parts[2]), (a, b) -> Long.compareUnsigned(a, b) < 0 ? b : a);
            }
        }
        return last;
    }

    private static boolean logsForeign(Connection connection) throws SQLException {
        String newer = Server.variable(connection, "log_replica_updates");
        String value = newer != null ? newer : Server.variable(connection, "log_slave_updates");
        return "ON".equalsIgnoreCase(value);
    }

    private static String name(Connection connection, Server server) throws SQLException {
        return text(connection, server.isMariaDb() ? "SELECT @@GLOBAL.server_id" : "SELECT @@GLOBAL.server_uuid");
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(query)) {
            r.next();
            return r.getString(1);
        }
    }
}
