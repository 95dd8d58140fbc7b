package io.crossfade.testkit;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for a server's first answer. */
final class Waiting {
    private Waiting() {}

    /** A question to a server that may not be up yet: an exception counts as no. */
    interface Probe {
        boolean holds() throws SQLException;
    }

    /** Asks until the probe holds (true), or hope is gone, the bound has passed or the thread is interrupted (false). */
    static boolean until(Probe probe, BooleanSupplier hope, Duration bound, Duration poll) {
        long deadlineNanos = System.nanoTime() + bound.toNanos();
        while (hope.getAsBoolean() && System.nanoTime() - deadlineNanos < 0) {
            try {
                if (probe.holds()) {
                    return true;
                }
            } catch (SQLException notYet) {
                // The bound decides.
            }
            try {
                Thread.sleep(poll.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }
}
