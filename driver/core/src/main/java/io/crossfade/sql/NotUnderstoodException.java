package io.crossfade.sql;

/**
 * The planner does not understand a statement that names a changing table. What follows depends on the statement: a read may
 * go to the old side as it is, a write is refused.
 */
final class NotUnderstoodException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    /**
     * @param reason a short word for counting
     * @param what what was seen, as a clause that can stand in a message
     */
    NotUnderstoodException(String reason, String what) {
        super(what);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
