package io.crossfade.migrator.signal;

import org.jspecify.annotations.Nullable;

/** The end of a run that did not do all it was asked for. The message is for the operator and complete in itself. */
public final class MigrationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the operator has to make of it. */
    public enum Kind {
        /** It cannot be done as asked; nothing of it was begun. */
        REFUSED,
        /** It stopped half-way, in a state that the same command goes on from. */
        STOPPED,
        /** The two sides of some rows disagree. */
        DIFFERENT,
        /** It went wrong. */
        FAILED
    }

    private final Kind kind;

    private MigrationException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static MigrationException refused(String message) {
        return new MigrationException(Kind.REFUSED, message, null);
    }

    public static MigrationException stopped(String message) {
        return new MigrationException(Kind.STOPPED, message, null);
    }

    public static MigrationException different(String message) {
        return new MigrationException(Kind.DIFFERENT, message, null);
    }

    public static MigrationException failed(String message, Throwable cause) {
        return new MigrationException(Kind.FAILED, message, cause);
    }

    /** The same end, thrown on another thread. */
    public static MigrationException again(MigrationException e) {
        return new MigrationException(e.kind, String.valueOf(e.getMessage()), e);
    }

    public Kind kind() {
        return kind;
    }
}
