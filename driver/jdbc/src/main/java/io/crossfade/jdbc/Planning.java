package io.crossfade.jdbc;

import io.crossfade.sql.Comparison;
import io.crossfade.sql.RewriteRefusedException;
import io.crossfade.sql.Rewriter;
import io.crossfade.sql.Rewriting;
import io.crossfade.sql.SessionView;
import io.crossfade.state.Snapshot;
import java.sql.SQLException;

/**
 * The way of a session's texts through the rewriter, each under the snapshot that was pinned for it before.
 *
 * <p>One thread at a time, as the connection.
 */
final class Planning {
    private final ControlLink link;
    private final ReadChoice choice;

    Planning(ControlLink link, ReadChoice choice) {
        this.link = link;
        this.choice = choice;
    }

    /** Whether this execution is one of those that are to compare; by chance. */
    boolean samples(String sql, Snapshot snapshot) {
        return link.comparisons().samples(snapshot) && Rewriter.mayName(sql, snapshot);
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
        SessionView view = choice.view(sql, snapshot);
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
            link.requireLease();
            throw e.sqlException();
        }
    }

    /** Whether the plan of a text may be used again as it stands. One that compares is for one execution. */
    boolean isCurrent(Plan plan, String sql, Snapshot snapshot) {
        SessionView planned = plan.view();
        return !plan.compares()
                && plan.snapshot().epoch() == snapshot.epoch()
                && (planned == null || planned.equals(choice.view(sql, snapshot)));
    }
}
