package io.crossfade.migrator.cutover;

/** How an attempt at a cut-over ended. */
public enum Outcome {
    DONE,
    NOT_DONE,
    /** The connection was lost around the rename and the server could not be asked within the bound. */
    UNKNOWN
}
