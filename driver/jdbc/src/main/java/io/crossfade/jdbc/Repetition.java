package io.crossfade.jdbc;

import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;

/**
 * When a statement that failed is sent once more: without the columns of its comparison, planned on tables that were read anew, or
 * prepared anew. Whatever else failed is the application's to hear of.
 *
 * <p>One thread at a time, as the connection.
 */
final class Repetition {

    /** MySQL's and MariaDB's "unknown column" and "column count doesn't match": a plan made on a table that has changed. */
    private static final int UNKNOWN_COLUMN = 1054;

    private static final int COLUMN_COUNT = 1136;

    /** MySQL's "maximum statement execution time exceeded", which has no SQLState of its own. */
    private static final int TIMED_OUT = 3024;

    private static final String SELECT = "SELECT";

    private final ControlLink link;
    private final EpochPins pins;

    Repetition(ControlLink link, EpochPins pins) {
        this.link = link;
        this.pins = pins;
    }

    /**
     * A comparison never fails a statement: one that failed with its hidden columns is to be sent once more without them. What
     * a repetition would not help, or make worse, is thrown.
     */
    void passOver(SQLException e) throws SQLException {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        boolean isOfTheConnection = state.startsWith("08") || state.startsWith("40") || state.startsWith("70");
        if (isOfTheConnection
                || e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || e.getErrorCode() == TIMED_OUT) {
            throw e;
        }
        link.counters().notCompared("failed");
    }

    /** Whether a failed statement may just have been planned on a table that has changed, and has certainly done nothing. */
    boolean maybeStale(SQLException e, Plan plan, String sql) {
        return (e.getErrorCode() == UNKNOWN_COLUMN || e.getErrorCode() == COLUMN_COUNT)
                && !plan.sql().equals(sql)
                && sql.indexOf(';') < 0 // Of several statements the first may have been carried out.
                && !pins.isInTransaction();
    }

    /**
     * Whether the connector fails since a statement that it has prepared gives more columns than it gave when it was prepared: the table
     * has got some, and MySQL's connector does not get over that by itself.
     */
    static boolean isOutgrown(SQLException e) {
        return e.getCause() instanceof IndexOutOfBoundsException;
    }

    /** Whether it may be carried out twice: the server has carried it out when the connector fails over what it gives. */
    static boolean isRead(String sql) {
        return sql.stripLeading().regionMatches(true, 0, SELECT, 0, SELECT.length()) && sql.indexOf(';') < 0;
    }

    /** Looks at the control state and the tables anew, for the one repetition of a statement that failed by {@code cause}. */
    Snapshot renew(SQLException cause) throws SQLException {
        try {
            link.refresh();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            throw cause;
        }
        link.forgetPlans();
        return pins.renew();
    }
}
