package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.state.Snapshot;

/**
 * Statements in, statements out. A statement that names no changing table passes as the same object. Otherwise its plan is
 * looked up by its text with the literals taken out, or made, and spliced into the text. The number and order of parameter
 * marks never changes.
 *
 * <p>Safe for many threads.
 */
public final class Rewriter {

    private final Dialect dialect;
    private final Catalog catalog;

    public Rewriter(Dialect dialect, Catalog catalog) {
        this.dialect = dialect;
        this.catalog = catalog;
    }

    /**
     * Rewrites one text, which may hold several statements.
     *
     * @param snapshot the control state that the transaction runs under
     * @throws RewriteRefusedException where the statement cannot be served rightly
     */
    public Rewriting rewrite(String sql, Snapshot snapshot, SessionView session) throws RewriteRefusedException {
        throw new UnsupportedOperationException(dialect + " " + catalog);
    }
}
