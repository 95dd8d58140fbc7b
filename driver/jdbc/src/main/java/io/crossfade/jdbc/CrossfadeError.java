package io.crossfade.jdbc;

import io.crossfade.sql.RewriteRefusedException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The errors that the driver itself raises, told apart by their vendor code, which no server uses. What the wrapped driver
 * raises is passed on as it is.
 */
public enum CrossfadeError {
    /** The statement cannot be served rightly while its table changes. Retrying does not help. */
    REFUSED("0A000", 47001),
    /** The client has lost touch with the control tables; statements on changing tables wait until it is back. Retry. */
    LEASE_LOST("40001", 47002),
    /** A connection could not be made known to the control tables while a change is open. Retry. */
    NOT_REGISTERED("08001", 47003),
    /** A URL, a property or the class path is wrong. */
    CONFIGURATION("08001", 47004);

    /** For the whole server, for its storage, for the transaction. */
    private static final Set<Integer> READ_ONLY = Set.of(1290, 1836, 1792);

    private static final String REPLICA =
            "; the server is read-only, as a replica is: connect the driver to the server that is written"
                    + " to, and readers of a replica without it";

    private final String sqlState;
    private final int vendorCode;

    CrossfadeError(String sqlState, int vendorCode) {
        this.sqlState = sqlState;
        this.vendorCode = vendorCode;
    }

    /** As {@link SQLException#getSQLState()} gives it. */
    public String sqlState() {
        return sqlState;
    }

    /** As {@link SQLException#getErrorCode()} gives it. */
    public int vendorCode() {
        return vendorCode;
    }

    /** Whether an error says that its connection is lost. */
    static boolean isBroken(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.startsWith("08");
    }

    static SQLException refused(RewriteRefusedException refusal) {
        return new SQLFeatureNotSupportedException(refusal.getMessage(), REFUSED.sqlState, REFUSED.vendorCode, refusal);
    }

    static SQLException refused(String message) {
        return new SQLFeatureNotSupportedException(message, REFUSED.sqlState, REFUSED.vendorCode);
    }

    static SQLException leaseLost(String address, long leaseMillis) {
        return new SQLTransientException(
                "cannot send a statement on a changing table: the lease on " + address + " is lost; the control tables"
                        + " were not read for over " + leaseMillis + " ms; retry, it comes back by itself",
                LEASE_LOST.sqlState,
                LEASE_LOST.vendorCode);
    }

    /** Whether an error says that the server takes no writes. */
    static boolean isReadOnly(@Nullable Throwable e) {
        return e instanceof SQLException error && READ_ONLY.contains(error.getErrorCode());
    }

    static SQLException notRegistered(String address, @Nullable Throwable cause) {
        return new SQLTransientConnectionException(
                "cannot connect to " + address
                        + ": a change, a cut-over or a watch is under way, and the connection could not be registered in its"
                        + " control tables" + (isReadOnly(cause) ? REPLICA : "") + "; retry",
                NOT_REGISTERED.sqlState,
                NOT_REGISTERED.vendorCode,
                cause);
    }

    static SQLException configuration(String message) {
        return new SQLException(message, CONFIGURATION.sqlState, CONFIGURATION.vendorCode);
    }

    static SQLException configuration(String message, Throwable cause) {
        return new SQLException(message, CONFIGURATION.sqlState, CONFIGURATION.vendorCode, cause);
    }
}
