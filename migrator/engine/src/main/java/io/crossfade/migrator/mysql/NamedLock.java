package io.crossfade.migrator.mysql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A lock of the server's that bears a name and goes with its session: one of a kind for each change or table.
 *
 * @param connection the session that holds it, or asks for it
 * @param name at most 64 characters; it is the whole server's
 */
public record NamedLock(Connection connection, String name) {

    /** {@code crossfade-log:6f9b…} for a kind and what is locked, {@code shop.orders}: two things never have one name. */
    public static NamedLock of(Connection connection, String kind, String what) {
        return new NamedLock(connection, kind + ":" + digest(what));
    }

    /** The same for a change of the connection's database. */
    public static NamedLock ofChange(Connection connection, String kind, String changeId) throws SQLException {
        return of(connection, kind, connection.getCatalog() + "." + changeId);
    }

    /** 40 hexadecimal digits, which leave 23 characters for the kind. Nobody is kept out by it, so SHA-1 will do. */
    private static String digest(String what) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-1").digest(what.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** Whether it was free within this time. */
    public boolean take(int waitSeconds) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
            s.setString(1, name);
            s.setInt(2, waitSeconds);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getInt(1) == 1;
            }
        }
    }

    /** Whether this session holds it still. */
    public boolean isHeld() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT IS_USED_LOCK(?) = CONNECTION_ID()")) {
            s.setString(1, name);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getInt(1) == 1;
            }
        }
    }

    /**
     * Whoever has a lock, for messages. Immutable.
     *
     * @param id the connection's; 0 where nobody is seen to have it
     * @param who {@code app@10.0.0.7:4711}; null where the server does not show it
     * @param silentSeconds since the session's last word, or the beginning of its statement
     */
    public record Holder(long id, @Nullable String who, long silentSeconds) {

        /** What ends it: {@code KILL 12}. */
        public String kill() {
            return id == 0 ? "KILL" : "KILL " + id;
        }

        /** To be put behind a word: {@code " (connection 12, app@10.0.0.7:4711, last heard of 3 s ago)"}, or nothing. */
        @Override
        public String toString() {
            if (id == 0) {
                return "";
            }
            return " (connection " + id
                    + (who == null ? ")" : ", " + who + ", last heard of " + silentSeconds + " s ago)");
        }
    }

    /** Whoever has it, as far as the server shows. */
    public Holder holder() {
        try (PreparedStatement s = connection.prepareStatement("SELECT h.id, CONCAT(p.USER, '@', p.HOST), p.TIME FROM"
                + " (SELECT IS_USED_LOCK(?) AS id) h LEFT JOIN information_schema.PROCESSLIST p ON p.ID = h.id")) {
            s.setString(1, name);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return new Holder(r.getLong(1), r.getString(2), r.getLong(3));
            }
        } catch (SQLException e) {
            return new Holder(0, null, 0);
        }
    }

    public void release() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT RELEASE_LOCK(?)")) {
            s.setString(1, name);
            s.executeQuery().close();
        }
    }
}
