package io.crossfade.cli;

import io.crossfade.migrator.signal.MigrationException;

/** What the command tells the shell. */
enum ExitCode {
    /** All that was asked for is done. */
    DONE(0),
    /** Something went wrong; the last line on stderr says what. */
    FAILED(1),
    /** The command line or the change file cannot be read. */
    USAGE(2),
    /** It cannot be done as asked; nothing was begun. */
    REFUSED(3),
    /** It stopped half-way: a fence timed out, the load was critical, or Ctrl-C. The same command goes on. */
    STOPPED(4),
    /** The two sides of some rows disagree. */
    DIFFERENT(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static ExitCode of(MigrationException.Kind kind) {
        return switch (kind) {
            case REFUSED -> REFUSED;
            case STOPPED -> STOPPED;
            case DIFFERENT -> DIFFERENT;
            case FAILED -> FAILED;
        };
    }
}
