package io.crossfade.simulator;

import org.jspecify.annotations.Nullable;

/** Something that a client does from its beginning to its end. With a fiber it can be held up in the middle. */
final class Operation {
    final SimulatedClient client;
    final @Nullable Fiber fiber;

    /** Whether it is to end at once: the process is dead, or the simulation over. */
    boolean isDoomed;

    Operation(SimulatedClient client, Runnable work, Operations all, boolean stops) {
        this.client = client;
        this.fiber = stops ? Fiber.of(() -> all.carryOut(this, work)) : null;
    }
}
