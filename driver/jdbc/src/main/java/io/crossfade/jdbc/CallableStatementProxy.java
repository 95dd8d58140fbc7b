package io.crossfade.jdbc;

import java.sql.CallableStatement;
import java.sql.PreparedStatement;

/**
 * A call, prepared again like any prepared statement; its out parameters are registered again too.
 *
 * <p>One thread at a time, except {@code cancel}.
 */
abstract class CallableStatementProxy extends PreparedStatementProxy implements CallableStatement {

    private CallableStatement call;

    CallableStatementProxy(
            ConnectionProxy connection, CallableStatement delegate, String sql, Plan plan, Preparation preparation) {
        super(connection, delegate, sql, plan, preparation);
        this.call = delegate;
    }

    @Override
    CallableStatement delegate() {
        return call;
    }

    @Override
    void replaceDelegate(PreparedStatement anew) {
        super.replaceDelegate(anew);
        call = (CallableStatement) anew;
    }
}
