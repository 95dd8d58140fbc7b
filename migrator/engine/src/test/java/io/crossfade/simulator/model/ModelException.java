package io.crossfade.simulator.model;

import java.sql.SQLException;

/** An error of the model server, with the code that a MySQL server gives. Becomes a {@link SQLException} at the connection. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final int LOCK_WAIT_TIMEOUT = 1205;
    static final int DUPLICATE = 1062;
    static final int NO_SUCH_TABLE = 1146;
    static final int TABLE_CHANGED = 1412;

    private final int code;
    private final String state;

    ModelException(int code, String state, String message) {
        super(message, null, false, false);
        this.code = code;
        this.state = state;
    }

    public SQLException sqlException() {
        return new SQLException(getMessage(), state, code);
    }
}
