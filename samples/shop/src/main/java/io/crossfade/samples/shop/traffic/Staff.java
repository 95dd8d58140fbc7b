package io.crossfade.samples.shop.traffic;

import io.crossfade.samples.shop.app.CodeVersion;
import io.crossfade.samples.shop.app.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One instance of the shop with the clerks that work in it, a thread each. Deploying replaces the instance under them, as a
 * rolling deployment does. Confined to the thread that runs the scenario.
 */
public final class Staff implements AutoCloseable {
    /** A clerk's longest task, with a wait for a lock in it. Whoever takes longer hangs. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(90);

    private final String name;
    private final List<Clerk> clerks;
    private final Function<Deployment, Shop> deployer;
    private final List<Thread> threads = new ArrayList<>();
    private AtomicBoolean isOpen = new AtomicBoolean();
    private Deployment deployment;
    private Shop shop;

    /**
     * What is deployed.
     *
     * @param knowsOpenChange whether the code was written for the change that is open
     */
    public record Deployment(String instance, CodeVersion code, boolean knowsOpenChange) {}

    /** Opens the instance and lets the clerks begin. */
    public Staff(String name, List<Clerk> clerks, CodeVersion code, Function<Deployment, Shop> deployer) {
        this.name = name;
        this.clerks = List.copyOf(clerks);
        this.deployer = deployer;
        this.deployment = new Deployment(name, code, false);
        this.shop = deployer.apply(deployment);
        begin();
    }

    /** Ends the instance as it is and starts one with this version of the code. */
    public void deploy(CodeVersion code, boolean knowsOpenChange) {
        Deployment next = new Deployment(name, code, knowsOpenChange);
        if (!next.equals(deployment)) {
            close();
            deployment = next;
            shop = deployer.apply(next);
            begin();
        }
    }

    public List<Clerk> clerks() {
        return clerks;
    }

    /** Lets every clerk finish the task in hand, and ends the instance. */
    @Override
    public void close() {
        isOpen.set(false);
        for (Thread thread : threads) {
            join(thread);
        }
        threads.clear();
        shop.close();
    }

    private void begin() {
        Shop place = shop;
        AtomicBoolean open = new AtomicBoolean(true);
        isOpen = open;
        for (Clerk clerk : clerks) {
            Thread thread = new Thread(() -> clerk.work(place, open::get), "shop-" + name + "-" + threads.size());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(STOP_BOUND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("cannot stop " + thread.getName() + ": its statement has run for over "
                    + STOP_BOUND.toSeconds() + " s");
        }
    }
}
