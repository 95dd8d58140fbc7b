package io.crossfade.migrator.mysql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;

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
     * Whoever has it, as far as the server shows, for messages: {@code " (connection 12, app@10.0.0.7:4711, last heard of 3 s ago)"};
     * empty where it does not.
     */
    public String holder() {
        try (PreparedStatement s = connection.prepareStatement("SELECT h.id, p.USER, p.HOST, p.TIME FROM"
                + " (SELECT IS_USED_LOCK(?) AS id) h LEFT JOIN information_schema.PROCESSLIST p ON p.ID = h.id")) {
            s.setString(1, name);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                if (r.getString(1) == null) {
                    return "";
                }
                return r.getString(2) == null
                        ? " (connection " + r.getLong(1) + ")"
                        : " (connection " + r.getLong(1) + ", " + r.getString(2) + "@" + r.getString(3)
                                + ", last heard of " + r.getLong(4) + " s ago)";
            }
        } catch (SQLException e) {
            return "";
        }
    }

    public void release() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT RELEASE_LOCK(?)")) {
            s.setString(1, name);
            s.executeQuery().close();
        }
    }
}
