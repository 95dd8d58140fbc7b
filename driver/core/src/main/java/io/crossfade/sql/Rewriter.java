package io.crossfade.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.TableName;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Naming;
import io.crossfade.state.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements in, statements out. A statement that names no changing table passes as the same object. Otherwise its plan is
 * looked up by its text with the literals taken out, or made, and spliced into the text. The number and order of parameter
 * marks never changes.
 *
 * <p>Safe for many threads.
 */
public final class Rewriter {

    /** Shapes kept; an application has hundreds, a generator of literals in odd places must not fill the heap. Judged. */
    private static final int PLANS_MAX = 2_000;

    /** Makes the plan of one statement, where none is kept. */
    @FunctionalInterface
    interface Planning {
        Plan plan(
                Tokens tokens,
                Dialect dialect,
                Catalog catalog,
                Snapshot snapshot,
                SessionView session,
                boolean compares);
    }

    private final Dialect dialect;
    private final Catalog catalog;
    private final Planning planning;
    private final Cache<Shape, Plan> plans =
            Caffeine.newBuilder().maximumSize(PLANS_MAX).executor(Runnable::run).build();

    public Rewriter(Dialect dialect, Catalog catalog) {
        this(dialect, catalog, Rewriter::planned);
    }

    /** With plans that somebody else keeps, too: a simulation makes the same ones again and again. */
    Rewriter(Dialect dialect, Catalog catalog, Planning planning) {
        this.dialect = dialect;
        this.catalog = catalog;
        this.planning = planning;
    }

    /** Loads what the first plan needs, some 170 ms of it, so that no statement has to wait; for a background thread. */
    public void warm() {
        SqlParser.warm(
                dialect.lex("SELECT a, COUNT(*) FROM t WHERE b = ? GROUP BY a ORDER BY a LIMIT 1", SqlMode.DEFAULT));
    }

    /**
     * Rewrites one text, which may hold several statements.
     *
     * @param snapshot the control state that the transaction runs under
     * @throws RewriteRefusedException where the statement cannot be served rightly
     */
    public Rewriting rewrite(String sql, Snapshot snapshot, SessionView session) throws RewriteRefusedException {
        return rewrite(sql, snapshot, session, false);
    }

    /**
     * The same, and where {@code compares} a read is to tell of each row whether its two sides agree. Where its form does not allow
     * that it is rewritten as ever.
     */
    public Rewriting rewrite(String sql, Snapshot snapshot, SessionView session, boolean compares)
            throws RewriteRefusedException {
        if (!mayName(sql, snapshot)) {
            return Rewriting.foreign(sql);
        }
        Tokens tokens = dialect.lex(sql, session.mode());
        List<Integer> starts = Statements.starts(tokens);
        if (starts.size() == 1) {
            return one(tokens, snapshot, session, compares);
        }
        StringBuilder out = new StringBuilder(sql.length() * 2);
        boolean names = false;
        List<Naming> namings = new ArrayList<>();
        boolean changed = false;
        String keptOld = null;
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : sql.length();
            String part = sql.substring(starts.get(i), end);
            Rewriting rewriting = one(dialect.lex(part, session.mode()), snapshot, session, false);
            out.append(rewriting.sql());
            names |= rewriting.namesChanging();
            changed |= !rewriting.sql().equals(part);
            namings.addAll(rewriting.namings());
            keptOld = keptOld == null ? rewriting.keptOld() : keptOld;
        }
        Comparison comparison = compares ? Comparison.unfit("several-statements") : null;
        return new Rewriting(changed ? out.toString() : sql, names, keptOld, namings, comparison);
    }

    private Rewriting one(Tokens tokens, Snapshot snapshot, SessionView session, boolean compares)
            throws RewriteRefusedException {
        Shape shape = Shape.of(tokens, snapshot.epoch(), session, compares);
        Plan plan = plans.getIfPresent(shape);
        if (plan == null) {
            plan = planning.plan(tokens, dialect, catalog, snapshot, session, compares);
            plans.put(shape, plan);
        }
        Plan.Refusal refusal = plan.refusal();
        if (refusal != null) {
            throw new RewriteRefusedException(refusal.reason(), refusal.message());
        }
        return new Rewriting(
                plan.splice(tokens), plan.namesChanging(), plan.keptOld(), plan.namings(), plan.comparison());
    }

    static Plan planned(
            Tokens tokens, Dialect dialect, Catalog catalog, Snapshot snapshot, SessionView session, boolean compares) {
        Plan plan = new Planner(tokens, dialect, catalog, snapshot, session, compares).plan();
        if (!plan.edits().isEmpty() && !plan.keeps(tokens, dialect.lex(plan.splice(tokens), session.mode()))) {
            return Plan.refused(
                    "not-kept",
                    "cannot rewrite a statement: what would be sent does not hold the statement as it was written; this is a"
                            + " defect of Crossfade, please report it; write the statement in a plainer form");
        }
        return plan;
    }

    /** Whether a text may name a changing table: a plain search, so that other statements cost next to nothing. */
    public static boolean mayName(String sql, Snapshot snapshot) {
        List<ChangeState> changes = snapshot.changes();
        for (int i = 0; i < changes.size(); i++) {
            if (indexOf(sql, changes.get(i).change().table().table(), 0) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text may name this table: the same search, but for names that are part of a longer word. */
    public static boolean mayName(String sql, TableName table) {
        String name = table.table();
        for (int at = indexOf(sql, name, 0); at >= 0; at = indexOf(sql, name, at + 1)) {
            int end = at + name.length();
            boolean isWithin = (at > 0 && Character.isJavaIdentifierPart(sql.charAt(at - 1)))
                    || (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end)));
            if (!isWithin) {
                return true;
            }
        }
        return false;
    }

    /** Letters of either case; -1 where it is not there. */
    private static int indexOf(String sql, String name, int from) {
        char lower = Character.toLowerCase(name.charAt(0));
        char upper = Character.toUpperCase(name.charAt(0));
        int last = sql.length() - name.length();
        for (int i = from; i <= last; i++) {
            char c = sql.charAt(i);
            if ((c == lower || c == upper) && sql.regionMatches(true, i, name, 0, name.length())) {
                return i;
            }
        }
        return -1;
    }

    /** Forgets every plan: the catalog is not what it was. */
    public void forgetPlans() {
        plans.invalidateAll();
    }

    /** How many plans are kept; for tests and metrics. */
    public long planCount() {
        plans.cleanUp();
        return plans.estimatedSize();
    }

    /** The plan that is kept for a text, if any; for tests. */
    @Nullable
    Plan planOf(String sql, Snapshot snapshot, SessionView session) {
        return plans.getIfPresent(Shape.of(dialect.lex(sql, session.mode()), snapshot.epoch(), session, false));
    }
}
