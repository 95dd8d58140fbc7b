package io.crossfade.samples.shop;

import io.crossfade.samples.shop.app.SchemaChange;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How large a run is. Immutable.
 *
 * @param orders rows in the table of orders; there is a user for each ten
 * @param threads clerks, half of them in each of two instances of the shop
 * @param tasksPerSecond tasks that all clerks together begin; a task is three statements or so
 * @param throughCrossfade whether the shop's URL is Crossfade's
 * @param idle how long the shop is measured before the first change
 * @param dwell how long a change stays at each stage
 * @param changes the changes, in order
 * @param rolledBack those of them that are rolled back half-way
 */
record ScenarioOptions(
        int orders,
        int threads,
        double tasksPerSecond,
        boolean throughCrossfade,
        Duration idle,
        Duration dwell,
        List<SchemaChange> changes,
        Set<SchemaChange> rolledBack) {
    /** A clerk in each instance, and a user for each clerk. */
    private static final int THREADS_MIN = 2;

    private static final int ORDERS_MIN = 100;

    ScenarioOptions {
        changes = List.copyOf(changes);
        rolledBack = Set.copyOf(rolledBack);
        if (threads < THREADS_MIN) {
            throw new IllegalArgumentException("threads is " + threads + "; two instances need a thread each");
        }
        if (orders < ORDERS_MIN * threads) {
            throw new IllegalArgumentException("rows is " + orders + "; " + threads + " threads need "
                    + ORDERS_MIN * threads + " at least, " + ORDERS_MIN + " each");
        }
    }

    int users() {
        return orders / 10;
    }
}
