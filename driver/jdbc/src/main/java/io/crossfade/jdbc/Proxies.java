package io.crossfade.jdbc;

import io.crossfade.sql.Comparison;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Makes the proxies. The bodies here are replaced when the module is built, as the proxies' missing methods are added. */
@SuppressWarnings("DoNotCallSuggester")
final class Proxies {

    private Proxies() {}

    static ConnectionProxy connection(Connection delegate, Session session, Runnable onClose) {
        throw unwoven(delegate);
    }

    static StatementProxy statement(ConnectionProxy connection, Statement delegate) {
        throw unwoven(delegate);
    }

    static PreparedStatementProxy prepared(
            ConnectionProxy connection, PreparedStatement delegate, String sql, Plan plan, Preparation preparation) {
        throw unwoven(delegate);
    }

    static CallableStatementProxy callable(
            ConnectionProxy connection, CallableStatement delegate, String sql, Plan plan, Preparation preparation) {
        throw unwoven(delegate);
    }

    static ResultSetProxy resultSet(
            ConnectionProxy connection, @Nullable StatementProxy statement, ResultSet delegate, @Nullable Plan plan) {
        throw unwoven(delegate);
    }

    static ComparedResultSetProxy compared(ResultSet delegate, Comparison comparison, Comparisons comparisons) {
        throw unwoven(delegate);
    }

    static ResultSetMetaDataProxy columns(ResultSetMetaData delegate, int hidden) {
        throw unwoven(delegate);
    }

    static DatabaseMetaDataProxy metaData(ConnectionProxy connection, DatabaseMetaData delegate) {
        throw unwoven(delegate);
    }

    private static IllegalStateException unwoven(Object delegate) {
        return new IllegalStateException("cannot wrap " + delegate
                + ": the driver's classes were not completed; build them with Maven up to process-classes");
    }
}
