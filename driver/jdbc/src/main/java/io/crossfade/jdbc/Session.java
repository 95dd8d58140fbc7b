package io.crossfade.jdbc;

import io.crossfade.dialect.SqlMode;
import io.crossfade.flag.KeyComment;
import io.crossfade.flag.ReadShare;
import io.crossfade.flag.Shares;
import io.crossfade.sql.Comparison;
import io.crossfade.sql.RewriteRefusedException;
import io.crossfade.sql.Rewriter;
import io.crossfade.sql.Rewriting;
import io.crossfade.sql.SessionView;
import io.crossfade.state.Announcement;
import io.crossfade.state.ControlStore;
import io.crossfade.state.Snapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One physical connection as the rewriting sees it: its schema, sql_mode, read side and transaction, and the way of each
 * statement through the rewriter. The snapshot is pinned before a statement is planned, and the lease is looked at after
 * planning, just before it is sent.
 *
 * <p>Statements: one thread at a time, as the connection. {@link #pins} is safe for many threads.
 */
final class Session {

    /** MySQL's and MariaDB's "unknown column" and "column count doesn't match": a plan made on a table that has changed. */
    private static final int UNKNOWN_COLUMN = 1054;

    private static final int COLUMN_COUNT = 1136;

    /** MySQL's "maximum statement execution time exceeded", which has no SQLState of its own. */
    private static final int TIMED_OUT = 3024;

    private final ControlLink link;
    private final Connection raw;
    private final long connectionId;
    private final EpochPins pins;

    private volatile boolean autoCommit;
    private volatile String schema;
    private volatile SqlMode mode;
    private volatile @Nullable String nextKey;
    private volatile @Nullable Choice choice;
    private volatile @Nullable Seen seen;

    /** By which key and under which flags a transaction reads: taken at its first statement that may name a changing table. */
    private record Choice(String key, Shares flags) {}

    /** Whether a result may have columns more than the application asked for. */
    @FunctionalInterface
    interface Taking {
        boolean takesMore() throws SQLException;
    }

    /** A view and what it was made from, so that it is made anew only when one of them moves. */
    private record Seen(Snapshot snapshot, Choice choice, SessionView view) {}

    private Session(
            ControlLink link, Connection raw, long connectionId, String schema, SqlMode mode, boolean autoCommit) {
        this.link = link;
        this.raw = raw;
        this.connectionId = connectionId;
        this.schema = schema;
        this.mode = mode;
        this.autoCommit = autoCommit;
        this.pins = new EpochPins(link::current);
    }

    /** Asks the server what it knows of the session. */
    static Session begin(ControlLink link, Connection raw) throws SQLException {
        try (Statement s = raw.createStatement();
                ResultSet r = s.executeQuery("SELECT CONNECTION_ID(), DATABASE(), @@sql_mode")) {
            r.next();
            return new Session(
                    link,
                    raw,
                    r.getLong(1),
                    text(r.getString(2)),
                    SqlMode.of(text(r.getString(3))),
                    raw.getAutoCommit());
        }
    }

    long connectionId() {
        return connectionId;
    }

    /** The epoch as the session itself sees it just now, before anything else is done on it; leaves no transaction open. */
    long epoch() throws SQLException {
        long epoch = new ControlStore(raw).epoch();
        if (!autoCommit) {
            raw.rollback();
        }
        return epoch;
    }

    /** Writes the session to the control tables, over itself, before anything else is done on it. */
    void writeDown() throws SQLException {
        new ControlStore(raw).clients().registerSessions(link.identity().id(), List.of(connectionId));
        if (!autoCommit) {
            raw.commit();
        }
    }

    EpochPins pins() {
        return pins;
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
            Plan plan = plan(sql, snapshot, samples(sql, snapshot) && takesMore.takesMore());
            if (plan.compares()) {
                try {
                    T result = send(plan, sending);
                    apply(effects);
                    return result;
                } catch (SQLException e) {
                    passOver(e);
                    plan = plan(sql, snapshot);
                }
            }
            T result;
            try {
                result = send(plan, sending);
            } catch (SQLException e) {
                if (!maybeStale(e, plan, sql)) {
                    throw e;
                }
                result = send(plan(sql, renew(e)), sending);
            }
            apply(effects);
            return result;
        } finally {
            pins.exit();
        }
    }

    /** What the text will do to the session. */
    List<Effect> effects(String sql) {
        return EffectReader.effects(sql, mode, link.dialect());
    }

    /** Plans a text for a statement that is prepared now and run later. Begins no transaction. */
    <T> T prepare(String sql, Sending<T> sending) throws SQLException {
        Snapshot snapshot = enter();
        try {
            Plan plan = plan(sql, snapshot);
            passGate(plan.sql());
            return sending.send(plan);
        } finally {
            pins.exit();
        }
    }

    /** Pins a snapshot for a call that sends nothing yet; {@link EpochPins#exit} must follow. */
    Snapshot enter() {
        link.freshen();
        chooseAnewOutsideOfTransactions();
        return pins.enter(false);
    }

    /** Pins a snapshot for a statement that begins; {@link EpochPins#exit} must follow. */
    Snapshot enter(List<Effect> effects) {
        link.freshen();
        chooseAnewOutsideOfTransactions();
        boolean begins = !autoCommit || effects.stream().anyMatch(Effect.Begin.class::isInstance);
        return pins.enter(begins);
    }

    /** Whether this execution is one of those that are to compare; by chance. */
    boolean samples(String sql, Snapshot snapshot) {
        return link.comparisons().samples(snapshot) && Rewriter.mayName(sql, snapshot);
    }

    /**
     * A comparison never fails a statement: one that failed with its hidden columns is to be sent once more without them. What
     * a repetition would not help, or make worse, is thrown.
     */
    void passOver(SQLException e) throws SQLException {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        boolean isOfTheConnection = state.startsWith("08") || state.startsWith("40") || state.startsWith("70");
        if (isOfTheConnection
                || e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || e.getErrorCode() == TIMED_OUT) {
            throw e;
        }
        link.counters().notCompared("failed");
    }

    Comparisons comparisons() {
        return link.comparisons();
    }

    Plan plan(String sql, Snapshot snapshot) throws SQLException {
        return plan(sql, snapshot, false);
    }

    /**
     * @param compares whether a read is to compare the rows that it gives, where its form allows that
     */
    Plan plan(String sql, Snapshot snapshot, boolean compares) throws SQLException {
        if (!Rewriter.mayName(sql, snapshot)) {
            return new Plan(Rewriting.foreign(sql), snapshot, null);
        }
        SessionView view = view(sql, snapshot);
        try {
            Rewriting rewriting = link.rewriter().rewrite(sql, snapshot, view, compares);
            Comparison comparison = rewriting.comparison();
            if (comparison != null && comparison.unfit() != null) {
                link.counters().notCompared(comparison.unfit());
            }
            if (rewriting.keptOld() != null) {
                link.counters().keptOld(rewriting.keptOld());
            }
            return new Plan(rewriting, snapshot, view);
        } catch (RewriteRefusedException e) {
            link.counters().refused(e.reason());
            throw CrossfadeError.refused(e);
        } catch (CatalogException e) {
            // The text may name a changing table, and how to serve it cannot be found out.
            requireLease(true);
            throw e.sqlException();
        }
    }

    /** Whether the plan of a text may be used again as it stands. One that compares is for one execution. */
    boolean isCurrent(Plan plan, String sql, Snapshot snapshot) {
        SessionView planned = plan.view();
        return !plan.compares()
                && plan.snapshot().epoch() == snapshot.epoch()
                && (planned == null || planned.equals(view(sql, snapshot)));
    }

    <T> T send(Plan plan, Sending<T> sending) throws SQLException {
        passGate(plan.sql());
        requireLease(plan.rewriting().namesChanging());
        count(plan);
        StatementTimes.Running running = link.times().begin(plan.sql());
        try {
            return sending.send(plan);
        } catch (SQLException e) {
            doubtIfBroken(e);
            throw e;
        } finally {
            running.end();
        }
    }

    /** Begins to measure a batch that is about to be sent. */
    StatementTimes.Running measured(List<String> texts) {
        return link.times().begin(texts);
    }

    /** Waits, for a bounded time, while a table that the text may name is cut over. */
    private void passGate(String sql) {
        List<Announcement> announced = link.current().announced();
        if (!announced.isEmpty()) {
            link.gate().pass(List.of(sql), announced, pins);
        }
    }

    /** As for one statement, for all of a batch. */
    void passGate(List<String> texts) {
        List<Announcement> announced = link.current().announced();
        if (!announced.isEmpty()) {
            link.gate().pass(texts, announced, pins);
        }
    }

    /** Takes note of which side the application names. */
    void count(Plan plan) {
        link.namings().saw(plan.rewriting().namings());
    }

    void requireLease(boolean namesChanging) throws SQLException {
        if (namesChanging && !link.holdsLease()) {
            link.counters().leaseLost();
            throw link.leaseLost();
        }
    }

    void doubtIfBroken(SQLException e) {
        if (CrossfadeError.isBroken(e)) {
            pins.doubt();
        }
    }

    /** Whether a failed statement may just have been planned on a table that has changed, and has certainly done nothing. */
    boolean maybeStale(SQLException e, Plan plan, String sql) {
        return (e.getErrorCode() == UNKNOWN_COLUMN || e.getErrorCode() == COLUMN_COUNT)
                && !plan.sql().equals(sql)
                && sql.indexOf(';') < 0 // Of several statements the first may have been carried out.
                && !pins.isInTransaction();
    }

    /** Looks at the control state and the tables anew, for the one repetition of a statement that failed by {@code cause}. */
    Snapshot renew(SQLException cause) throws SQLException {
        try {
            link.refresh();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            throw cause;
        }
        link.forgetPlans();
        return pins.renew();
    }

    void apply(List<Effect> effects) throws SQLException {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Begin) {
                pins.beginTransaction();
            } else if (effect instanceof Effect.End end) {
                pins.endTransaction();
                if (end.chains()) {
                    choice = null;
                    pins.renew();
                    pins.beginTransaction();
                }
            } else if (effect instanceof Effect.AutoCommit set) {
                setAutoCommit(set.on());
            } else if (effect instanceof Effect.Use use) {
                schema = use.schema();
            } else if (effect instanceof Effect.ModeSet) {
                mode = SqlMode.of(ask("SELECT @@sql_mode"));
            } else if (effect instanceof Effect.Ddl) {
                link.forgetPlans();
            }
        }
    }

    // --- facts ----------------------------------------------------------------------------------------------------

    void transactionEnded() {
        pins.endTransaction();
    }

    /** Switching it on ends the transaction; switching on what is on ends nothing. */
    void setAutoCommit(boolean on) {
        boolean ends = on && !autoCommit;
        autoCommit = on;
        if (ends) {
            pins.endTransaction();
        }
    }

    void schemaMayHaveChanged() throws SQLException {
        schema = ask("SELECT DATABASE()");
    }

    @Nullable
    String key() {
        return nextKey;
    }

    /** Holds for transactions that have not met a changing table yet. */
    void setKey(@Nullable String value) {
        nextKey = value == null || value.isEmpty() ? null : value;
    }

    /** Whether a change is so far that rows must be written through statements that were planned. */
    boolean writesBothSides() {
        return link.current().changes().stream().anyMatch(c -> c.stage().writesNew());
    }

    /** The session as the planner sees it: the same object as long as nothing in it has changed. */
    private SessionView view(String sql, Snapshot snapshot) {
        Choice chosen = choice;
        if (chosen == null) {
            chosen = new Choice(shareKey(sql), link.shares());
            choice = chosen;
        }
        Seen last = seen;
        if (last != null
                && last.snapshot.epoch() == snapshot.epoch()
                && last.choice.equals(chosen)
                && last.view.mode().equals(mode)
                && last.view.schema().equals(schema)) {
            return last.view;
        }
        SessionView view = new SessionView(
                schema, mode, link.settings().view(), ReadShare.readsNew(chosen.key, snapshot, chosen.flags));
        seen = new Seen(snapshot, chosen, view);
        return view;
    }

    private void chooseAnewOutsideOfTransactions() {
        if (choice != null && !pins.isInTransaction()) {
            choice = null;
        }
    }

    /** What the application set, else what the statement says in a comment, else this client. */
    private String shareKey(String sql) {
        String own = nextKey;
        String key = own == null ? KeyComment.key(sql, mode, link.dialect()) : own;
        return key == null ? link.shareKey(connectionId) : key;
    }

    private String ask(String question) throws SQLException {
        try (Statement s = raw.createStatement();
                ResultSet r = s.executeQuery(question)) {
            return r.next() ? text(r.getString(1)) : "";
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
