package io.crossfade.migrator.stream;

/** The log holds something that a row cannot be had from. The message says what, where it was seen, and what to do. */
final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param seen what was found
     * @param todo the way out
     */
    Unreadable(String seen, String todo) {
        super(seen + "; " + todo);
    }
}
