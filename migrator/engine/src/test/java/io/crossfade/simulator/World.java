package io.crossfade.simulator;

import io.crossfade.model.Table;
import io.crossfade.simulator.model.ModelServer;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ControlStore;
import io.crossfade.state.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** What may go wrong does so within so many events. */
    private static final int ROUGH_EVENTS_MAX = 150;

    /** Once everything is healed, more than this and somebody waits for ever. */
    private static final int HEALED_EVENTS_MAX = 3000;

    /** After the last command. */
    private static final int LAST_EVENTS = 10;

    private static final int CLIENTS_MAX = 3;

    /** One of so many schedules is {@link #isHot}. */
    private static final int HOT_ONE_IN = 5;

    /** So few rows that applications write the same ones all the time. */
    private static final int FEW_IDS = 2;

    /** So few that the same ones are met, and so many that not all are written again at once. */
    private static final int HOT_IDS = 4;

    /** The server's clock begins somewhere in 2026. */
    private static final long EPOCH_MILLIS = 1_790_000_000_000L;

    private final long seed;
    private final Mutation mutation;
    private final SplittableRandom random;
    private final Trace trace;
    private final ModelServer server;
    private final Subject subject;
    private final boolean isHot;
    private final int chaos;
    private final int ids;
    private final boolean goesToTheEnd;
    private final Operator operator;
    private final Forecast forecast;
    private final Invariants invariants;
    private final Transit transit;
    private final Operations operations = new Operations(this);
    private final Mishaps mishaps = new Mishaps(this);

    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedClient> dead = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();
    private @Nullable Connection observer;
    private @Nullable String violation;
    private Weather weather = Weather.CALM;
    private boolean isSetUp;
    private int clientsMade;
    private int commandsWhenHealed;
    private long events;
    private long weatherSince;
    private long nowMillis;
    private long serverOffsetMillis;

    World(long seed, Mutation mutation, boolean isTraced) {
        this.seed = seed;
        this.mutation = mutation;
        this.trace = new Trace(isTraced);
        this.random = new SplittableRandom(seed);
        this.server =
                new ModelServer(() -> (EPOCH_MILLIS + nowMillis + serverOffsetMillis) * 1000, random.nextInt(3) > 0);
        this.subject = random.nextInt(2) == 0 ? Subject.RENAME : Subject.RETYPE;
        this.isHot = random.nextInt(HOT_ONE_IN) == 0;
        this.chaos = isHot ? 0 : random.nextInt(4);
        this.ids = isHot ? HOT_IDS : random.nextInt(2) == 0 ? FEW_IDS : UserStatement.IDS;
        this.goesToTheEnd = random.nextInt(3) == 0;
        this.transit = new Transit(this, new Faults(this, mutation));
        this.operator = new Operator(this);
        this.forecast = isHot ? Forecast.atDualWrite() : Forecast.draw(random, operator.turnsBackAt());
        this.invariants = new Invariants(this);
    }

    /** Plays the schedule; gives what was violated, or null. */
    @Nullable
    String play() {
        try {
            setUp();
            while (violation == null && !isOver()) {
                turn();
            }
            for (int i = 0; violation == null && i < LAST_EVENTS; i++) {
                event();
            }
            if (violation == null) {
                invariants.check(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the simulation of seed " + seed + " cannot be set up", e);
        } finally {
            operations.endAll();
        }
        return violation;
    }

    /** Everybody has come to the end; in most schedules, one command further than where everything was healed. */
    private boolean isOver() {
        return operator.isDone()
                || !goesToTheEnd && weather == Weather.HEALED && operator.commandsDone() > commandsWhenHealed;
    }

    /** The operator gives a command, or something else happens. */
    private void turn() {
        if (operator.isReady() && chance(isRough() ? 8 : 50)) {
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
        weather = forecast.isRoughAtOnce() ? Weather.ROUGH : Weather.CALM;
        // Most applications run when a change is opened; some have read the control tables, and have no connection yet.
        int acts = !isHot && random.nextInt(3) == 0 ? 1 : 6;
        for (int i = 0; i < acts * count; i++) {
            clients.get(i % count).act();
        }
    }

    SimulatedClient newClient() throws SQLException {
        clientsMade++;
        boolean isLate = isHot && clientsMade == 1;
        boolean isNewCode = random.nextInt(3) == 0;
        return new SimulatedClient(
                this,
                "client " + clientsMade,
                new UUID(0x1234567812344321L + seed, 0x8000000000000000L | clientsMade),
                isNewCode && !isLate,
                isLate);
    }

    // --- what happens -----------------------------------------------------------------------------------------------

    /** One thing happens. */
    void event() {
        if (violation != null) {
            return;
        }
        events++;
        changeWeather();
        nowMillis += 1 + random.nextInt(60);
        int drawn = random.nextInt(100);
        if (!isRough() && random.nextInt(8) == 0) {
            mishaps.letGo();
        }
        if (drawn < (isRough() ? 22 : 40) && operations.isAnyHeldUp()) {
            operations.goOnWithOne();
        } else if (drawn < 30) {
            mishaps.letGo();
        } else if (drawn < 40 && mayStrike()) {
            mishaps.strike();
        } else {
            clients.get(random.nextInt(clients.size())).act();
        }
        invariants.check(false);
    }

    /** Where nothing goes wrong, all do soon what a fence waits for. */
    void settle() {
        mishaps.letGo();
        if (operations.isAnyHeldUp()) {
            operations.goOnWithOne();
        }
        for (SimulatedClient client : List.copyOf(clients)) {
            client.settle();
        }
        invariants.check(false);
    }

    private void changeWeather() {
        if (weather == Weather.CALM && invariants.isRough(forecast)) {
            turnTo(Weather.ROUGH);
        } else if (weather == Weather.ROUGH && events > weatherSince + ROUGH_EVENTS_MAX) {
            turnTo(Weather.HEALED);
            commandsWhenHealed = operator.commandsDone();
            clients.forEach(c -> c.process().heal());
            operator.heal();
        } else if (weather == Weather.HEALED && events > weatherSince + HEALED_EVENTS_MAX && !operator.isDone()) {
            violate("nothing is wrong any more, and the operator still waits: " + operator);
        }
    }

    private void turnTo(Weather next) {
        weather = next;
        weatherSince = events;
        note(null, "--- from now on it is " + next + " ---");
    }

    void check() {
        invariants.check(false);
    }

    /** Time passes. */
    void pass(long millis) {
        nowMillis += millis;
    }

    void shiftServerClock(long millis) {
        serverOffsetMillis += millis;
    }

    void opened(Wire wire) {
        wires.add(wire);
    }

    void closed(Wire wire) {
        if (wire.session().isGone()) {
            wires.remove(wire);
        }
    }

    /** A statement of an application failed; there are errors that no application may see. */
    void failed(SimulatedClient client, @Nullable Snapshot began, SQLException e) {
        if (e.getErrorCode() == 1054 || e.getErrorCode() == 1136) {
            invariants.missingColumn(client, began, e);
        }
    }

    void violate(String what) {
        if (violation == null) {
            violation = what;
            note(null, "VIOLATED: " + what);
        }
    }

    // --- facts ------------------------------------------------------------------------------------------------------

    boolean isViolated() {
        return violation != null;
    }

    boolean isSetUp() {
        return isSetUp;
    }

    boolean isRough() {
        return weather == Weather.ROUGH;
    }

    /** Whether processes, networks and clocks may fail; in some schedules none ever does. */
    boolean mayStrike() {
        return isRough() && chaos > 0;
    }

    /** Whether what a client begins now may be held up in the middle. */
    boolean mayHoldUp() {
        return isSetUp && isRough() && !isHot && !transit.isDeep();
    }

    /**
     * Whether clients write the same few rows all the time, one of them long under a stage that the others have left, and the
     * migrator is right behind them. What a stage leaves behind for the next one to mend shows here.
     */
    boolean isHot() {
        return isHot;
    }

    /** Statements are about rows 1 to this one. */
    int ids() {
        return ids;
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

    Operations operations() {
        return operations;
    }

    Transit transit() {
        return transit;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    /** Those that are dead, whose sessions may still be there. */
    List<SimulatedClient> dead() {
        return dead;
    }

    /** Every connection whose session may still be on the server. */
    List<Wire> wires() {
        return wires;
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

    long nowMillis() {
        return nowMillis;
    }

    long events() {
        return events;
    }

    boolean isTraced() {
        return trace.isOn();
    }

    void note(@Nullable SimulatedProcess who, Object what) {
        trace.note(events, nowMillis, who, what);
    }

    String trace() {
        return trace.toString();
    }
}
