package io.crossfade.sql;

/**
 * A statement that names a changing table cannot be served rightly, and is not sent. The message says what failed, on what,
 * what was seen and what to do; it holds identifiers and never a value.
 */
public final class RewriteRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    /**
     * @param reason a short word for counting, such as {@code multi-table-update}
     */
    public RewriteRefusedException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
