package io.crossfade.migrator.fence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The server's list of sessions with what their connection attributes say, and the way to end one.
 *
 * <p>One thread at a time.
 */
final class ServerSessions {

    /** MySQL's and MariaDB's "unknown thread id". */
    private static final int NO_SUCH_THREAD = 1094;

    /** "You are not owner of thread". */
    private static final int NOT_OWNER = 1095;

    /** "Access denied; you need the … privilege". */
    private static final int PRIVILEGE_MISSING = 1227;

    /** SQLStates of what is not there, or not allowed to this user. */
    private static final String NOT_READABLE = "42";

    private final Connection connection;
    private boolean seesAll;

    ServerSessions(Connection connection) {
        this.connection = connection;
    }

    /**
     * The sessions at one moment.
     *
     * @param peers the other end of each, as {@code host:port}, by the connection's id
     * @param here those whose current database is the one with the control tables
     * @param clients the client that a session says it is of, where attributes are shown and it says so
     * @param isComplete whether the sessions of all users are in it
     */
    record Living(Map<Long, String> peers, Set<Long> here, Map<Long, String> clients, boolean isComplete) {

        /**
         * Whose session has an id that a client registered with this peer. One that is not listed may be ending still, and
         * can be nobody else's: ids are given again by a restarted server alone.
         */
        Owner owner(long session, String client, String peer) {
            String now = peers.get(session);
            if (now == null) {
                return Owner.CLIENT;
            }
            String named = clients.get(session);
            if (named != null) {
                return named.equals(client) ? Owner.CLIENT : Owner.ANOTHER;
            }
            if (peer.indexOf(':') < 0) {
                return Owner.UNKNOWN; // Registered without its peer, or through a local socket.
            }
            return peer.equals(now) ? Owner.CLIENT : Owner.ANOTHER;
        }
    }

    enum Owner {
        CLIENT,
        ANOTHER,
        UNKNOWN
    }

    Living look() throws SQLException {
        Map<Long, String> peers = new HashMap<>();
        boolean isComplete = seesAll(); // Asked first, so that it holds for the list that follows.
        Set<Long> here = new HashSet<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT ID, HOST, DB = DATABASE() FROM information_schema.PROCESSLIST")) {
            while (r.next()) {
                String host = r.getString(2);
                peers.put(r.getLong(1), host == null ? "" : host);
                if (r.getBoolean(3)) {
                    here.add(r.getLong(1));
                }
            }
        }
        Map<Long, String> clients = attributes();
        clients.keySet().retainAll(peers.keySet());
        return new Living(peers, here, clients, isComplete);
    }

    /** What the server makes of being told to end a session. */
    enum Answer {
        /** There is none of this id: what it had under way is over. */
        GONE,
        /** It will end, or is ending. */
        TOLD,
        /** The user may not end it. */
        REFUSED
    }

    /**
     * Tells the server to end a session. This is also the only way to see one gone: MySQL takes a session off the list before
     * it rolls back what the session had under way, or while that is being committed.
     */
    Answer kill(long id) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("KILL CONNECTION " + id);
            return Answer.TOLD;
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_THREAD) {
                return Answer.GONE;
            }
            if (e.getErrorCode() == NOT_OWNER || e.getErrorCode() == PRIVILEGE_MISSING) {
                return Answer.REFUSED;
            }
            throw e;
        }
    }

    /** Without the PROCESS privilege the list shows one's own sessions alone. This list is refused without it. */
    private boolean seesAll() throws SQLException {
        if (!seesAll) {
            seesAll = hasProcess();
        }
        return seesAll;
    }

    private boolean hasProcess() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SELECT 1 FROM information_schema.INNODB_TRX LIMIT 1");
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == PRIVILEGE_MISSING) {
                return false;
            }
            throw e;
        }
    }

    private Map<Long, String> attributes() throws SQLException {
        Map<Long, String> clients = new HashMap<>();
        String sql = "SELECT PROCESSLIST_ID, ATTR_VALUE FROM performance_schema.session_connect_attrs"
                + " WHERE ATTR_NAME = 'crossfade_client'";
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                clients.put(r.getLong(1), r.getString(2));
            }
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(NOT_READABLE)) {
                throw e;
            }
        }
        return clients;
    }
}
