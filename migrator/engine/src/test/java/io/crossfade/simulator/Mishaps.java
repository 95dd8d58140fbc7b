package io.crossfade.simulator;

import io.crossfade.simulator.model.ModelException;
import java.sql.SQLException;
import java.util.List;

/** What goes wrong: networks, processes, clocks, and sessions that outlive their processes. Confined to the simulation. */
final class Mishaps {
    private static final int MILLIS_MAX = 6000;

    private static final int CLOCK_MILLIS_MAX = 5000;

    private static final int STOPPED_EVENTS_MAX = 65;

    private final World world;

    Mishaps(World world) {
        this.world = world;
    }

    /** The server finds out about sessions that are killed or whose process is dead. */
    void letGo() {
        for (Wire wire : List.copyOf(world.wires())) {
            boolean isOrphan = wire.process().isDead() || wire.isClosed();
            if (!wire.session().isGone()
                    && (wire.session().isKilled() || isOrphan)
                    && world.chance(world.isRough() ? 50 : 100)) {
                letGo(wire);
            }
        }
    }

    private void letGo(Wire wire) {
        Runnable late = wire.underway;
        wire.underway = null;
        if (late != null && !wire.session().isKilled() && world.chance(60)) {
            world.note(
                    wire.process(),
                    "what it had sent arrives after its death, session "
                            + wire.session().id());
            try {
                late.run();
            } catch (ModelException e) {
                // Nobody hears of it.
            }
        } else {
            world.note(
                    wire.process(),
                    "the server lets go of session " + wire.session().id());
            world.server().reap(wire.session());
            world.wires().remove(wire);
        }
    }

    void strike() {
        int drawn = world.random().nextInt(100);
        SimulatedClient client =
                world.clients().get(world.random().nextInt(world.clients().size()));
        SimulatedProcess process = client.process();
        long millis = 100 + world.random().nextInt(MILLIS_MAX);
        if (drawn < 20) {
            world.note(process, "cannot reach the control tables for " + millis + " ms");
            process.cut(Wire.Kind.CONTROL, millis);
        } else if (drawn < 30) {
            world.note(process, "cannot reach the database for " + millis + " ms");
            process.cut(Wire.Kind.CONTROL, millis);
            process.cut(Wire.Kind.DATA, millis);
        } else if (drawn < 50) {
            int stop = 5 + world.random().nextInt(STOPPED_EVENTS_MAX - 5);
            world.note(process, "is stopped for " + stop + " events");
            process.stop(stop);
        } else if (drawn < 60) {
            die(client);
        } else if (drawn < 72) {
            world.pass(millis);
            world.note(null, "nothing happens for " + millis + " ms");
        } else if (drawn < 80) {
            long jump = jump();
            world.note(process, "clock jumps by " + jump + " ms");
            process.shiftClock(jump);
        } else if (drawn < 86) {
            long jump = jump();
            world.shiftServerClock(jump);
            world.note(null, "the server's clock jumps by " + jump + " ms");
        } else {
            int percent = world.random().nextInt(3) == 0 ? -1 : world.random().nextInt(101);
            world.note(process, "its flag asks for " + percent + " %");
            client.flip(percent);
        }
    }

    private long jump() {
        return world.random().nextInt(2 * CLOCK_MILLIS_MAX) - CLOCK_MILLIS_MAX;
    }

    private void die(SimulatedClient client) {
        world.note(client.process(), "dies");
        client.process().die();
        world.clients().remove(client);
        world.dead().add(client);
        world.operations().endThoseOf(client);
        try {
            world.clients().add(world.newClient());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
