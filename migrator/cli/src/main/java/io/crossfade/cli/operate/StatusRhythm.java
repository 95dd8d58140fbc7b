package io.crossfade.cli.operate;

import io.crossfade.migrator.alter.Status;

/** When a status line is due: often at the beginning, near the end and where something happened; else seldom. Immutable. */
final class StatusRhythm {
    private static final long BEGINNING_SECONDS = 60;
    private static final long EARLY_SECONDS = 180;

    /** Somebody who reads along is not flooded. */
    private static final long OFTEN_SECONDS = 5;

    private static final long SELDOM_SECONDS = 30;

    /** The settings are told anew so often. */
    private static final long HINTS_SECONDS = 600;

    private StatusRhythm() {}

    /** Whether a line is due in this second of the run. */
    static boolean isDue(long second, Status status, long secondsSinceEvent) {
        long left = status.left().isNegative() ? Long.MAX_VALUE : status.left().toSeconds();
        if (second <= BEGINNING_SECONDS || left <= BEGINNING_SECONDS) {
            return true;
        }
        boolean isOften = second <= EARLY_SECONDS || left <= EARLY_SECONDS || secondsSinceEvent <= BEGINNING_SECONDS;
        return second % (isOften ? OFTEN_SECONDS : SELDOM_SECONDS) == 0;
    }

    static boolean isHintDue(long second) {
        return second % HINTS_SECONDS == 0;
    }
}
