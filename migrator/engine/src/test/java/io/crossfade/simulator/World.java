package io.crossfade.simulator;

import io.crossfade.model.Table;
import io.crossfade.simulator.model.ModelException;
import io.crossfade.simulator.model.ModelServer;
import io.crossfade.simulator.model.Result;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One simulated run: a server, applications, a migrator and its operator, networks and clocks, and chance. Everything that
 * happens is drawn from one seed, and one thing happens at a time, so that a seed is a schedule that can be played again.
 *
 * <p>Between any two actions of a process other processes act: the migrator's actions have those of others nested between
 * them, and an action of a client may be held up on a {@link Fiber} for as long as chance likes.
 *
 * <p>One thread at a time.
 */
final class World {

    /** What may go wrong, and how much of it. */
    private static final int EVENTS_MAX = 220;

    /** Once everything is healed, more than this and somebody waits for ever. */
    private static final int HEALED_EVENTS_MAX = 3000;

    private static final int CLIENTS_MAX = 3;

    /** So few rows that applications write the same ones all the time. */
    private static final int FEW_IDS = 2;

    private static final int TRACE_LINES_MAX = 20_000;

    /** The server's clock begins somewhere in 2026. */
    private static final long EPOCH_MILLIS = 1_790_000_000_000L;

    private final long seed;
    private final Mutation mutation;
    private final SplittableRandom random;
    private final boolean isTraced;
    private final List<String> trace = new ArrayList<>();
    private final ModelServer server;
    private final Subject subject;
    private final int chaos;
    private final int ids;
    private final Invariants invariants;
    private final Operator operator;
    private final Faults faults;

    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedClient> dead = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();
    private final List<Operation> heldUp = new ArrayList<>();
    private @Nullable Operation running;
    private @Nullable Connection observer;
    private @Nullable String violation;
    private boolean isSetUp;
    private boolean isHealed;
    private int depth;
    private int clientsMade;
    private long events;
    private long healedAt;
    private long nowMillis;
    private long serverOffsetMillis;

    World(long seed, Mutation mutation, boolean isTraced) {
        this.seed = seed;
        this.mutation = mutation;
        this.isTraced = isTraced;
        this.random = new SplittableRandom(seed);
        this.server = new ModelServer(() -> (EPOCH_MILLIS + nowMillis + serverOffsetMillis) * 1000);
        this.subject = random.nextInt(2) == 0 ? Subject.RENAME : Subject.RETYPE;
        this.chaos = random.nextInt(4);
        this.ids = random.nextInt(2) == 0 ? FEW_IDS : UserStatement.IDS;
        this.faults = new Faults(this, mutation);
        this.operator = new Operator(this);
        this.invariants = new Invariants(this);
    }

    /** Plays the schedule; gives what was violated, or null. */
    @Nullable
    String play() {
        try {
            setUp();
            while (violation == null && !operator.isDone() && (events < EVENTS_MAX || !isHealed)) {
                if (events >= EVENTS_MAX) {
                    heal();
                    break;
                }
                turn();
            }
            finish();
        } catch (SQLException e) {
            throw new IllegalStateException("the simulation of seed " + seed + " cannot be set up", e);
        } finally {
            for (Operation operation : List.copyOf(heldUp)) {
                operation.isDoomed = true;
                goOn(operation);
            }
        }
        return violation;
    }

    /** The operator gives a command, or something else happens. */
    private void turn() {
        if (operator.isReady() && chance(isHealed ? 50 : 8)) {
            operator.act();
        } else {
            event();
        }
    }

    private void setUp() throws SQLException {
        SimulatedProcess process = new SimulatedProcess(this, "setup");
        observer = Jdbc.connection(new Wire(this, process, Wire.Kind.MIGRATOR, ""));
        try (Statement s = observer.createStatement()) {
            new ControlStore(observer).install();
            s.execute(Subject.ORDERS);
            s.execute(Subject.TRUTH);
            for (long id = 1; id <= 5; id++) {
                String value = random.nextInt(8) == 0 ? "NULL" : "'v" + random.nextInt(9) + "'";
                s.execute("INSERT INTO orders (id, status, note) VALUES (" + id + ", " + value + ", 'o')");
                s.execute("INSERT INTO truth (id, v, note) VALUES (" + id + ", " + value + ", 'o')");
            }
        }
        isSetUp = true;
        int count = 2 + random.nextInt(CLIENTS_MAX - 1);
        for (int i = 0; i < count; i++) {
            clients.add(newClient());
        }
        // Most applications run when a change is opened.
        for (int i = 0; i < 6 * count; i++) {
            clients.get(i % count).act();
        }
    }

    SimulatedClient newClient() throws SQLException {
        clientsMade++;
        return new SimulatedClient(
                this,
                "client " + clientsMade,
                new UUID(0x1234567812344321L + seed, 0x8000000000000000L | clientsMade),
                random.nextInt(3) == 0);
    }

    /** Nothing goes wrong any more; whoever waits must come to an end. */
    private void heal() {
        note(null, "--- everything is healed ---");
        isHealed = true;
        healedAt = events;
        clients.forEach(c -> c.process().heal());
        operator.heal();
    }

    private void finish() throws SQLException {
        if (!isHealed) {
            heal();
        }
        while (violation == null && !operator.isDone()) {
            turn();
        }
        for (int i = 0; violation == null && i < 10; i++) {
            event();
        }
        if (violation == null) {
            invariants.check(true);
        }
    }

    // --- what happens -----------------------------------------------------------------------------------------------

    /** One thing happens. */
    void event() {
        if (violation != null) {
            return;
        }
        events++;
        if (isHealed && events > healedAt + HEALED_EVENTS_MAX && !operator.isDone()) {
            violate("nothing is wrong any more, and the operator still waits: " + operator);
        }
        nowMillis += 1 + random.nextInt(60);
        int drawn = random.nextInt(100);
        if (isHealed && random.nextInt(8) == 0) {
            letGo();
        }
        if (drawn < (isHealed ? 40 : 22) && !heldUp.isEmpty()) {
            Operation operation = heldUp.get(random.nextInt(heldUp.size()));
            if (!operation.client.process().isStopped() && operation.client.isLinkFreeFor(operation)) {
                goOn(operation);
            }
        } else if (drawn < 30) {
            letGo();
        } else if (drawn < 40 && !isHealed && chaos > 0) {
            strike();
        } else {
            clients.get(random.nextInt(clients.size())).act();
        }
        invariants.check(false);
    }

    /** The server finds out about sessions that are killed or whose process is dead. */
    private void letGo() {
        for (Wire wire : List.copyOf(wires)) {
            boolean isOrphan = wire.process().isDead() || wire.isClosed();
            if (!wire.session().isGone() && (wire.session().isKilled() || isOrphan) && chance(isHealed ? 100 : 50)) {
                Runnable late = wire.underway;
                wire.underway = null;
                if (late != null && !wire.session().isKilled() && chance(60)) {
                    note(
                            wire.process(),
                            "what it had sent arrives after its death, session "
                                    + wire.session().id());
                    try {
                        late.run();
                    } catch (ModelException e) {
                        // Nobody hears of it.
                    }
                } else {
                    note(
                            wire.process(),
                            "the server lets go of session " + wire.session().id());
                    server.reap(wire.session());
                    wires.remove(wire);
                }
            }
        }
    }

    private void strike() {
        int drawn = random.nextInt(100);
        SimulatedClient client = clients.get(random.nextInt(clients.size()));
        SimulatedProcess process = client.process();
        long millis = 100 + random.nextInt(6000);
        if (drawn < 20) {
            note(process, "cannot reach the control tables for " + millis + " ms");
            process.cut(Wire.Kind.CONTROL, millis);
        } else if (drawn < 30) {
            note(process, "cannot reach the database for " + millis + " ms");
            process.cut(Wire.Kind.CONTROL, millis);
            process.cut(Wire.Kind.DATA, millis);
        } else if (drawn < 50) {
            int stop = 5 + random.nextInt(60);
            note(process, "is stopped for " + stop + " events");
            process.stop(stop);
        } else if (drawn < 60) {
            die(client);
        } else if (drawn < 72) {
            nowMillis += millis;
            note(null, "nothing happens for " + millis + " ms");
        } else if (drawn < 80) {
            long jump = random.nextInt(10_000) - 5000;
            note(process, "clock jumps by " + jump + " ms");
            process.shiftClock(jump);
        } else if (drawn < 86) {
            long jump = random.nextInt(10_000) - 5000;
            serverOffsetMillis += jump;
            note(null, "the server's clock jumps by " + jump + " ms");
        } else {
            int percent = random.nextInt(3) == 0 ? -1 : random.nextInt(101);
            note(process, "its flag asks for " + percent + " %");
            client.flip(percent);
        }
    }

    private void die(SimulatedClient client) {
        note(client.process(), "dies");
        client.process().die();
        clients.remove(client);
        dead.add(client);
        for (Operation operation : List.copyOf(heldUp)) {
            if (operation.client == client) {
                goOn(operation);
            }
        }
        try {
            clients.add(newClient());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // --- operations of clients --------------------------------------------------------------------------------------

    /** A client does something: at one go, or held up wherever chance likes. */
    void perform(SimulatedClient client, Runnable work) {
        Operation operation = new Operation(client, work, this, isSetUp && !isHealed && depth < 2 && chance(14));
        Fiber fiber = operation.fiber;
        if (fiber == null) {
            client.acting(true);
            carryOut(operation, work);
            client.acting(false);
        } else {
            heldUp.add(operation);
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
        fiber.resume();
        running = outer;
        if (fiber.isEnded()) {
            heldUp.remove(operation);
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

    @Nullable
    Operation running() {
        return running;
    }

    // --- what is sent -----------------------------------------------------------------------------------------------

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
        if (isSetUp) {
            invariants.check(false);
        }
        hold(wire, what);
    }

    private void hold(Wire wire, String what) {
        if (!isSetUp) {
            return;
        }
        if (wire.process().isDead()) {
            throw new Died();
        }
        Operation operation = running;
        if (wire.kind() == Wire.Kind.MIGRATOR) {
            holdMigrator(wire, what);
        } else if (operation != null && operation.fiber != null) {
            if (chance(40) && !operation.isDoomed && violation == null) {
                note(wire.process(), "is held up at " + shown(what));
                running = null;
                operation.fiber.park();
            }
            if (operation.isDoomed) {
                throw new Died();
            }
        } else if (depth < 2 && chance(10)) {
            nested();
        }
        if (wire.process().isDead()) {
            throw new Died();
        }
    }

    private void nested() {
        Operation outer = running;
        running = null;
        depth++;
        event();
        depth--;
        running = outer;
    }

    private void holdMigrator(Wire wire, String what) {
        while (chance(operator.haste())) {
            nested();
        }
        if (violation != null || !isHealed && chaos > 0 && random.nextInt(160) == 0) {
            note(wire.process(), "is killed at " + shown(what));
            wire.process().die();
        }
    }

    /** The migrator waits. */
    void pause(SimulatedProcess process, Duration duration) {
        nowMillis += Math.min(duration.toMillis(), 100);
        for (int i = 0; i < 4; i++) {
            nested();
        }
        if (violation != null) {
            process.die();
            throw new Died();
        }
    }

    Result execute(Wire wire, String sql, @Nullable Object[] parameters) {
        try {
            String sent = isSetUp ? faults.onTheWay(wire, sql) : sql;
            return server.execute(wire.session(), sent, parameters, result -> {
                if (isSetUp) {
                    faults.afterwards(wire, sql);
                }
                if (wire.owner != null) {
                    wire.owner.carriedOut(wire, sql, result);
                }
            });
        } catch (ModelException e) {
            throw e;
        } catch (RuntimeException e) {
            violate("the simulation itself: " + e);
            throw e;
        }
    }

    void opened(Wire wire) {
        wires.add(wire);
    }

    void closed(Wire wire) {
        if (wire.session().isGone()) {
            wires.remove(wire);
        }
    }

    void carriedOut(Wire wire, String what, Result result) {
        if (isTraced && isSetUp) {
            note(
                    wire.process(),
                    "session " + wire.session().id() + ": " + shown(what) + " -> "
                            + (result.isQuery() ? result.rows().size() + " rows" : result.count() + " written"));
        }
    }

    void failed(Wire wire, String what, ModelException e) {
        if (isTraced) {
            note(wire.process(), "session " + wire.session().id() + ": " + shown(what) + " -> " + e.getMessage());
        }
    }

    /** A statement of an application failed; there are errors that no application may see. */
    void failed(SimulatedClient client, SQLException e) {
        if (e.getErrorCode() == 1054 || e.getErrorCode() == 1136) {
            invariants.missingColumn(client, e);
        }
    }

    // --- facts ------------------------------------------------------------------------------------------------------

    void violate(String what) {
        if (violation == null) {
            violation = what;
            note(null, "VIOLATED: " + what);
        }
    }

    boolean isViolated() {
        return violation != null;
    }

    boolean isHealed() {
        return isHealed;
    }

    /** Statements are about rows 1 to this one. */
    int ids() {
        return ids;
    }

    int chaos() {
        return chaos;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    SplittableRandom random() {
        return random;
    }

    ModelServer server() {
        return server;
    }

    Subject subject() {
        return subject;
    }

    Mutation mutation() {
        return mutation;
    }

    Operator operator() {
        return operator;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    /** The changing table as the catalog shows it. */
    Table tableNow() {
        boolean was = isSetUp;
        isSetUp = false;
        try {
            return new CatalogReader(Objects.requireNonNull(observer))
                    .table(Subject.BEFORE.name())
                    .orElseThrow();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            isSetUp = was;
        }
    }

    /** Those that are dead, whose sessions may still be there. */
    List<SimulatedClient> dead() {
        return dead;
    }

    long nowMillis() {
        return nowMillis;
    }

    long events() {
        return events;
    }

    boolean isTraced() {
        return isTraced;
    }

    void note(@Nullable SimulatedProcess who, Object what) {
        if (isTraced && trace.size() < TRACE_LINES_MAX) {
            trace.add(String.format(
                    java.util.Locale.ROOT, "%5d %7d ms  %-22s %s", events, nowMillis, who == null ? "" : who, what));
        }
    }

    String trace() {
        return String.join("\n", trace);
    }

    private static String shown(String what) {
        return what.length() > 150 ? what.substring(0, 150) + "…" : what;
    }
}
