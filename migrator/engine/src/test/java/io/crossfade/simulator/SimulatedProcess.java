package io.crossfade.simulator;

import java.util.EnumMap;
import java.util.Map;

/** A process: it may be dead, stopped, cut off from the network; its clock is its own. Confined to the simulation. */
final class SimulatedProcess {
    private final World world;
    private final String name;
    private final Map<Wire.Kind, Long> cutUntilMillis = new EnumMap<>(Wire.Kind.class);
    private boolean isDead;
    private long stoppedUntilEvent;
    private long clockOffsetMillis;

    SimulatedProcess(World world, String name) {
        this.world = world;
        this.name = name;
    }

    boolean isDead() {
        return isDead;
    }

    void die() {
        isDead = true;
    }

    boolean isStopped() {
        return stoppedUntilEvent > world.events();
    }

    void stop(int events) {
        stoppedUntilEvent = world.events() + events;
    }

    boolean isCut(Wire.Kind kind) {
        return cutUntilMillis.getOrDefault(kind, 0L) > world.nowMillis();
    }

    void cut(Wire.Kind kind, long millis) {
        cutUntilMillis.put(kind, world.nowMillis() + millis);
    }

    void shiftClock(long millis) {
        clockOffsetMillis += millis;
    }

    /** Everything that is wrong with it, but death, is over. */
    void heal() {
        cutUntilMillis.clear();
        stoppedUntilEvent = 0;
    }

    long nanos() {
        return (world.nowMillis() + clockOffsetMillis) * 1_000_000;
    }

    @Override
    public String toString() {
        return name;
    }
}
