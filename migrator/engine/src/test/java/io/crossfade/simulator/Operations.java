package io.crossfade.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients are doing: at one go, or held up in the middle for as long as chance likes. Confined to the simulation.
 */
final class Operations {
    private final World world;
    private final List<Operation> heldUp = new ArrayList<>();
    private @Nullable Operation running;

    Operations(World world) {
        this.world = world;
    }

    /** A client does something: at one go, or held up wherever chance likes. */
    void perform(SimulatedClient client, Runnable work) {
        Operation operation = new Operation(client, work, this, world.mayHoldUp() && world.chance(14));
        if (operation.fiber == null) {
            client.acting(true);
            carryOut(operation, work);
            client.acting(false);
        } else {
            heldUp.add(operation);
            goOn(operation);
        }
    }

    /** The whole of an operation, on whatever thread. */
    void carryOut(Operation operation, Runnable work) {
        Operation outer = running;
        running = operation;
        try {
            work.run();
        } catch (Died e) {
            // Its process is no more.
        } finally {
            operation.client.ended(operation);
            running = outer;
        }
    }

    boolean isAnyHeldUp() {
        return !heldUp.isEmpty();
    }

    /** One of those that are held up goes on, if its process runs. */
    void goOnWithOne() {
        Operation operation = heldUp.get(world.random().nextInt(heldUp.size()));
        if (!operation.client.process().isStopped() && operation.client.isLinkFreeFor(operation)) {
            goOn(operation);
        }
    }

    private void goOn(Operation operation) {
        Fiber fiber = operation.fiber;
        if (fiber == null) {
            return;
        }
        Operation outer = running;
        running = operation;
        boolean hasEnded = fiber.resume();
        running = outer;
        if (hasEnded) {
            heldUp.remove(operation);
        }
    }

    /** Everything that a dead client has under way ends where it is. */
    void endThoseOf(SimulatedClient client) {
        for (Operation operation : List.copyOf(heldUp)) {
            if (operation.client == client) {
                goOn(operation);
            }
        }
    }

    /** The simulation is over: nothing goes on. */
    void endAll() {
        for (Operation operation : List.copyOf(heldUp)) {
            operation.isDoomed = true;
            goOn(operation);
        }
    }

    @Nullable
    Operation running() {
        return running;
    }

    /** Others act within the operation that runs. */
    void aside(Runnable others) {
        Operation outer = running;
        running = null;
        others.run();
        running = outer;
    }

    /** The running operation stops here until it is taken up again. */
    void park(Fiber fiber) {
        running = null;
        fiber.park();
    }
}
