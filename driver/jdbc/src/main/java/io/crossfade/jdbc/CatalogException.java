package io.crossfade.jdbc;

import java.sql.SQLException;

/** Carries a failed look into the catalog through the planner, which knows no SQLException. */
final class CatalogException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final SQLException sqlException;

    CatalogException(SQLException cause) {
        super(cause);
        this.sqlException = cause;
    }

    SQLException sqlException() {
        return sqlException;
    }
}
