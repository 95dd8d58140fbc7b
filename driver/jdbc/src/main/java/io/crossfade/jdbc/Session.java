package io.crossfade.jdbc;

import io.crossfade.state.ControlStore;
import io.crossfade.state.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * One physical connection as the rewriting sees it, and the way of each statement through it. The snapshot is pinned before a
 * statement is planned ({@link EpochPins}, {@link Planning}), and the lease is looked at after planning, just before it is sent
 * ({@link Dispatch}).
 *
 * <p>Statements: one thread at a time, as the connection. {@link #pins} is safe for many threads.
 */
final class Session {
    private final ControlLink link;
    private final Connection raw;
    private final SessionFacts facts;
    private final EpochPins pins;
    private final ReadChoice choice;
    private final Planning planning;
    private final Dispatch dispatch;
    private final Repetition repetition;

    /** Whether a result may have columns more than the application asked for. */
    @FunctionalInterface
    interface Taking {
        boolean takesMore() throws SQLException;
    }

    private Session(ControlLink link, Connection raw, SessionFacts facts) {
        this.link = link;
        this.raw = raw;
        this.facts = facts;
        this.pins = new EpochPins(link::current);
        this.choice = new ReadChoice(link, facts, pins);
        this.planning = new Planning(link, choice);
        this.dispatch = new Dispatch(link, pins);
        this.repetition = new Repetition(link, pins);
    }

    static Session begin(ControlLink link, Connection raw) throws SQLException {
        return new Session(link, raw, SessionFacts.read(raw));
    }

    // --- before anything else is done on it -----------------------------------------------------------------------

    long connectionId() {
        return facts.connectionId();
    }

    /** The epoch as the session itself sees it just now, before anything else is done on it; leaves no transaction open. */
    long epoch() throws SQLException {
        long epoch = new ControlStore(raw).epoch();
        if (!facts.autoCommit()) {
            raw.rollback();
        }
        return epoch;
    }

    /** Writes the session to the control tables, over itself, before anything else is done on it. */
    void writeDown() throws SQLException {
        new ControlStore(raw).clients().registerSessions(link.identity().id(), List.of(connectionId()));
        if (!facts.autoCommit()) {
            raw.commit();
        }
    }

    // --- its parts ------------------------------------------------------------------------------------------------

    EpochPins pins() {
        return pins;
    }

    ReadChoice choice() {
        return choice;
    }

    Planning planning() {
        return planning;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    Repetition repetition() {
        return repetition;
    }

    Comparisons comparisons() {
        return link.comparisons();
    }

    /** Whether a change is so far that rows must be written through statements that were planned. */
    boolean writesBothSides() {
        return link.current().changes().stream().anyMatch(c -> c.stage().writesNew());
    }

    // --- statements -----------------------------------------------------------------------------------------------

    /** Plans a text, sends it, and takes note of what it did to the session. */
    <T> T run(String sql, Sending<T> sending) throws SQLException {
        return run(sql, () -> false, sending);
    }

    /**
     * The same for a text that may be a query.
     *
     * @param takesMore whether its result may have hidden columns; asked where a comparison is wanted
     */
    <T> T run(String sql, Taking takesMore, Sending<T> sending) throws SQLException {
        List<Effect> effects = effects(sql);
        Snapshot snapshot = enter(effects);
        try {
            Plan plan = planning.plan(sql, snapshot, planning.samples(sql, snapshot) && takesMore.takesMore());
            if (plan.compares()) {
                try {
                    T result = dispatch.send(plan, sending);
                    apply(effects);
                    return result;
                } catch (SQLException e) {
                    repetition.passOver(e);
                    plan = planning.plan(sql, snapshot);
                }
            }
            T result;
            try {
                result = dispatch.send(plan, sending);
            } catch (SQLException e) {
                if (!repetition.maybeStale(e, plan, sql)) {
                    throw e;
                }
                result = dispatch.send(planning.plan(sql, repetition.renew(e)), sending);
            }
            apply(effects);
            return result;
        } finally {
            pins.exit();
        }
    }

    /** What the text will do to the session. */
    List<Effect> effects(String sql) {
        return EffectReader.effects(sql, facts.mode(), link.dialect());
    }

    /** Plans a text for a statement that is prepared now and run later. Begins no transaction. */
    <T> T prepare(String sql, Sending<T> sending) throws SQLException {
        Snapshot snapshot = enter();
        try {
            Plan plan = planning.plan(sql, snapshot);
            dispatch.passGate(plan.sql());
            return sending.send(plan);
        } finally {
            pins.exit();
        }
    }

    /** Pins a snapshot for a call that sends nothing yet; {@link EpochPins#exit} must follow. */
    Snapshot enter() {
        link.freshen();
        choice.forgetOutsideOfTransactions();
        return pins.enter(false);
    }

    /** Pins a snapshot for a statement that begins; {@link EpochPins#exit} must follow. */
    Snapshot enter(List<Effect> effects) {
        link.freshen();
        choice.forgetOutsideOfTransactions();
        boolean begins = !facts.autoCommit() || effects.stream().anyMatch(Effect.Begin.class::isInstance);
        return pins.enter(begins);
    }

    /** Takes note of what a statement has done to the session. */
    void apply(List<Effect> effects) throws SQLException {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Begin) {
                pins.beginTransaction();
            } else if (effect instanceof Effect.End end) {
                pins.endTransaction();
                if (end.chains()) {
                    choice.forget();
                    pins.renew();
                    pins.beginTransaction();
                }
            } else if (effect instanceof Effect.AutoCommit set) {
                setAutoCommit(set.on());
            } else if (effect instanceof Effect.Use use) {
                facts.setSchema(use.schema());
            } else if (effect instanceof Effect.ModeSet) {
                facts.readMode();
            } else if (effect instanceof Effect.Ddl) {
                link.forgetPlans();
            }
        }
    }

    // --- calls ----------------------------------------------------------------------------------------------------

    void transactionEnded() {
        pins.endTransaction();
    }

    void setAutoCommit(boolean on) {
        boolean ends = facts.setAutoCommit(on);
        if (ends) {
            pins.endTransaction();
        }
    }

    void schemaMayHaveChanged() throws SQLException {
        facts.readSchema();
    }
}
