package io.crossfade.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Has HikariCP keep a connection on which the driver refused a statement. HikariCP takes SQLState 0A000 for a broken
 * connection and closes it; but nothing was sent, and the connection is as it was. For {@code exceptionOverrideClassName}.
 * Immutable.
 */
public final class RefusalOverride implements SQLExceptionOverride {

    /** HikariCP makes it by its name. */
    public RefusalOverride() {}

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        boolean isRefusal = failure.getErrorCode() == CrossfadeError.REFUSED.vendorCode()
                && CrossfadeError.REFUSED.sqlState().equals(failure.getSQLState());
        return isRefusal ? Override.DO_NOT_EVICT : Override.CONTINUE_EVICT;
    }
}
