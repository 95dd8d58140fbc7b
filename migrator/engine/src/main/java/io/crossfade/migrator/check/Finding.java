package io.crossfade.migrator.check;

/**
 * Something that a check found. Immutable.
 *
 * @param isFatal whether the change cannot be made as things are; else it is only worth knowing
 * @param seen what was seen, and why it matters
 * @param todo the way out
 */
public record Finding(boolean isFatal, String seen, String todo) {

    public static Finding fatal(String seen, String todo) {
        return new Finding(true, seen, todo);
    }

    static Finding warning(String seen, String todo) {
        return new Finding(false, seen, todo);
    }

    @Override
    public String toString() {
        return seen + "; " + todo;
    }
}
