package io.crossfade.migrator.fence;

import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * The XA transactions that are prepared and not yet decided. Such a branch outlives its session and even the server, and what
 * it wrote under an old epoch is there once somebody commits it.
 *
 * <p>One thread at a time.
 */
final class PreparedBranches {

    /** SQLStates of a refusal: XA RECOVER wants a privilege on MySQL 8 and calls the lack of it a resource manager's error. */
    private static final Set<String> REFUSED = Set.of("XAE03", "42000");

    /** InnoDB gives its old list again to those who ask for it more often than every 100 ms. */
    private static final long LOOK_NANOS_MIN = 150_000_000;

    private final Connection connection;
    private final Listener listener;
    private boolean hasWarned;
    private Set<String> seen = Set.of();
    private long seenNanos;

    PreparedBranches(Connection connection, Listener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    /** Named as {@code XA COMMIT} takes them, where the server tells their names. */
    Set<String> look() throws SQLException {
        Set<String> branches = new TreeSet<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("XA RECOVER")) {
            while (r.next()) {
                branches.add(name(r.getLong(1), r.getInt(2), r.getBytes(4)));
            }
            return branches;
        } catch (SQLException e) {
            if (!REFUSED.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
        }
        return withoutNames();
    }

    /** A transaction without a session is a prepared one, or one that the server rolls back since it was restarted. */
    private Set<String> withoutNames() throws SQLException {
        long nowNanos = System.nanoTime();
        if (seenNanos == 0 || nowNanos - seenNanos >= LOOK_NANOS_MIN) {
            seen = ofInnoDb();
            seenNanos = nowNanos;
        }
        return seen;
    }

    private Set<String> ofInnoDb() throws SQLException {
        Set<String> branches = new TreeSet<>();
        String sql = "SELECT trx_id, trx_started FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = 0";
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                branches.add("transaction " + r.getString(1) + " of InnoDB, begun at " + r.getString(2));
            }
        } catch (SQLException e) {
            if (!REFUSED.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            if (!hasWarned) {
                hasWarned = true;
                listener.on(
                        new Progress.Warning("the user may not see prepared XA transactions, so that those of a client"
                                + " that died are not waited for; grant PROCESS, or XA_RECOVER_ADMIN on MySQL 8"));
            }
        }
        return branches;
    }

    private static String name(long format, int gtridLength, byte[] data) {
        return literal(Arrays.copyOfRange(data, 0, gtridLength)) + ","
                + literal(Arrays.copyOfRange(data, gtridLength, data.length)) + "," + format;
    }

    private static String literal(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        boolean isPlain = text.chars().allMatch(c -> c > ' ' && c < 127 && c != '\'' && c != '\\');
        return isPlain ? "'" + text + "'" : "X'" + HexFormat.of().formatHex(bytes) + "'";
    }
}
