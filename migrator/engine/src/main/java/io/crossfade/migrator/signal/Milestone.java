package io.crossfade.migrator.signal;

/** The places on the way of a table change at which somebody may want to act, in their order. */
public enum Milestone {
    STARTED,
    VALIDATED,
    ROWS_COUNTED,
    BEFORE_ROW_COPY,
    ROW_COPY_COMPLETE,
    POSTPONED,
    STOPPING_REPLICATION,
    STARTING_REPLICATION,
    BEFORE_CUT_OVER,
    SUCCESS,
    FAILURE
}
