package io.crossfade.migrator.lint;

/**
 * Something that an ALTER would do and that its author may not have meant. Immutable.
 *
 * @param severity whether it stops the change
 * @param seen what was seen; keys of rows, never their values
 * @param todo the way out
 */
public record Finding(Severity severity, String seen, String todo) {

    /** How bad. */
    public enum Severity {
        /** Data would be lost or something would break; nothing is begun. */
        REFUSE,
        /** Worth knowing. */
        WARN
    }

    static Finding refuse(String seen, String todo) {
        return new Finding(Severity.REFUSE, seen, todo);
    }

    static Finding warn(String seen, String todo) {
        return new Finding(Severity.WARN, seen, todo);
    }

    public boolean isRefusal() {
        return severity == Severity.REFUSE;
    }

    /** The same, only warned of: the operator takes it upon himself. */
    Finding accepted() {
        return new Finding(Severity.WARN, seen, todo);
    }

    @Override
    public String toString() {
        return seen + "; " + todo;
    }
}
