package io.crossfade.sql;

/** A refusal on its way out of the parser's visitors, which cannot throw a checked one. */
final class Unbound extends RuntimeException {
    private static final long serialVersionUID = 1;
    final NotUnderstoodException cause;

    Unbound(NotUnderstoodException cause) {
        super(cause);
        this.cause = cause;
    }

    /**
     * @param reason a short word for counting
     * @param what what was seen, as a clause that can stand in a message
     */
    Unbound(String reason, String what) {
        this(new NotUnderstoodException(reason, what));
    }
}
