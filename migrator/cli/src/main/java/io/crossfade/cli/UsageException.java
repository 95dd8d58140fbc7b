package io.crossfade.cli;

/** A command line that cannot be carried out as written. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
