package io.crossfade.simulator;

import io.crossfade.simulator.model.ModelException;
import io.crossfade.simulator.model.ModelServer;
import io.crossfade.simulator.model.Result;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The way of a statement from a process to the server and back: where processes are held up, killed and cut off, and others act in
 * between. Confined to the simulation.
 */
final class Transit {

    /** Others act within others' acts, but not without end. */
    private static final int DEPTH_MAX = 2;

    /** The migrator's waits are its bounds' business; here they pass in so many milliseconds and events. */
    private static final int PAUSE_MILLIS_MAX = 100;

    private static final int PAUSE_EVENTS = 4;

    /** One of so many statements of the migrator is its last. */
    private static final int KILLS_ONE_IN = 160;

    private final World world;
    private final Faults faults;
    private int depth;

    Transit(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
    }

    /** How deep in the acts of others the present one is. */
    boolean isDeep() {
        return depth >= DEPTH_MAX;
    }

    /** A process is about to send something: this is where it may be held up, killed, or cut off. */
    void arrive(Wire wire, String what) {
        if (wire.client != null) {
            wire.client.holdLink();
        }
        if (wire.owner != null && what.contains("orders")) {
            wire.owner.sending(what);
        }
        hold(wire, what);
    }

    /** The server has done it, and the process has not heard of it yet. */
    void depart(Wire wire, String what) {
        if (world.isSetUp()) {
            world.check();
        }
        hold(wire, what);
    }

    private void hold(Wire wire, String what) {
        if (!world.isSetUp()) {
            return;
        }
        if (wire.process().isDead()) {
            throw new Died();
        }
        Operation operation = world.operations().running();
        if (wire.kind() == Wire.Kind.MIGRATOR) {
            holdMigrator(wire, what);
        } else if (operation != null && operation.fiber != null) {
            if (world.chance(40) && !operation.isDoomed && !world.isViolated()) {
                if (world.isTraced()) {
                    world.note(wire.process(), "is held up at " + Trace.shown(what));
                }
                world.operations().park(operation.fiber);
            }
            if (operation.isDoomed) {
                throw new Died();
            }
        } else if (!isDeep() && world.chance(10)) {
            nested();
        }
        if (wire.process().isDead()) {
            throw new Died();
        }
    }

    private void nested() {
        depth++;
        world.operations().aside(world::event);
        depth--;
    }

    private void holdMigrator(Wire wire, String what) {
        while (world.chance(world.operator().haste())) {
            nested();
        }
        if (world.isViolated() || world.mayStrike() && world.random().nextInt(KILLS_ONE_IN) == 0) {
            world.note(wire.process(), "is killed at " + Trace.shown(what));
            wire.process().die();
        }
    }

    /** The migrator waits. */
    void pause(SimulatedProcess process, Duration duration) {
        world.pass(Math.min(duration.toMillis(), PAUSE_MILLIS_MAX));
        for (int i = 0; i < (world.isRough() ? PAUSE_EVENTS : 1); i++) {
            nested();
        }
        if (!world.isRough()) {
            depth++;
            world.operations().aside(world::settle);
            depth--;
        }
        if (world.isViolated()) {
            process.die();
            throw new Died();
        }
    }

    /** The server carries a statement out. */
    Result execute(Wire wire, String sql, @Nullable Object[] parameters) {
        ModelServer server = world.server();
        try {
            if (!world.isSetUp()) {
                return server.execute(wire.session(), sql, parameters, result -> {});
            }
            return server.execute(wire.session(), faults.onTheWay(wire, sql), parameters, result -> {
                faults.afterwards(wire, sql);
                if (wire.owner != null) {
                    wire.owner.carriedOut(wire, sql, result);
                }
            });
        } catch (ModelException e) {
            throw e;
        } catch (RuntimeException e) {
            world.violate("the simulation itself: " + e);
            throw e;
        }
    }

    void carriedOut(Wire wire, String what, Result result) {
        if (world.isTraced() && world.isSetUp()) {
            note(wire, what, result.isQuery() ? result.rows().size() + " rows" : result.count() + " written");
        }
    }

    void failed(Wire wire, String what, ModelException e) {
        if (world.isTraced()) {
            note(wire, what, String.valueOf(e.getMessage()));
        }
    }

    private void note(Wire wire, String what, String came) {
        world.note(wire.process(), "session " + wire.session().id() + ": " + Trace.shown(what) + " -> " + came);
    }
}
