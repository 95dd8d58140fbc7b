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
 * @param poll how often the shop's driver looks at the control state
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
        Duration poll,
        Duration idle,
        Duration dwell,
        List<SchemaChange> changes,
        Set<SchemaChange> rolledBack) {
    /** A clerk in each instance, and a user for each clerk. */
    private static final int THREADS_MIN = 2;

    private static final int ORDERS_MIN = 100;

    /** How often the driver looks where it is not told otherwise. */
    static final Duration POLL_DEFAULT = Duration.ofSeconds(1);

    /** How many times its poll an idle client has to hear of a new change: what the migrator gives one by default. */
    private static final int DISCOVERY_POLLS = 6;

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

    /** What the start of a change is told of how often its clients look. */
    List<String> startOptions() {
        return poll.equals(POLL_DEFAULT)
                ? List.of()
                : List.of(
                        "--discovery-millis",
                        String.valueOf(poll.multipliedBy(DISCOVERY_POLLS).toMillis()));
    }

    int users() {
        return orders / 10;
    }
}
