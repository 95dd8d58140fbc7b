package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.select.Select;
import org.jspecify.annotations.Nullable;

/** Plans statements that read changing tables and write none. Confined to one planning. */
final class SelectPlanner {
    private final Tokens tokens;
    private final Dialect dialect;
    private final Tables tables;

    SelectPlanner(Tokens tokens, Dialect dialect, Tables tables) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.tables = tables;
    }

    /**
     * @param compares whether the read is to tell of each row whether its two sides agree
     */
    Plan plan(boolean compares) throws NotUnderstoodException {
        Statement statement = SqlParser.parse(tokens);
        if (!(statement instanceof Select select)) {
            throw new NotUnderstoodException("unparsed", "it does not read as a query");
        }
        Binder binder = new Binder(tokens, dialect, tables);
        try {
            binder.select(select);
        } catch (Unbound e) {
            throw e.cause;
        }
        Plan plan = finish(binder);
        return compares && plan.namesChanging()
                ? new RowComparison(tokens, dialect, binder.bound()).add(select, plan)
                : plan;
    }

    /** An INSERT into a table that does not change, fed by a query that reads one that does. */
    Plan planInsertInto() throws NotUnderstoodException {
        Statement statement = SqlParser.parse(tokens);
        if (!(statement instanceof Insert insert) || insert.getSelect() == null) {
            throw new NotUnderstoodException("unparsed", "it does not read as an INSERT … SELECT");
        }
        Binder binder = new Binder(tokens, dialect, tables);
        try {
            binder.select(insert.getSelect());
        } catch (Unbound e) {
            throw e.cause;
        }
        return finish(binder);
    }

    private Plan finish(Binder binder) throws NotUnderstoodException {
        Bound bound = binder.bound();
        binder.requireAllAccounted();
        if (bound.tables.isEmpty()) {
            return Plan.FOREIGN;
        }
        Map<ChangingTable, Side> reading = new HashMap<>();
        String keptOld = null;
        for (ChangingTable table : bound.tables) {
            Refusals.requireServed(table, bound.references);
            Side side = tables.reading(table);
            String why = side == Side.NEW ? holdsBack(table, bound, tokens) : null;
            keptOld = why == null ? keptOld : why;
            reading.put(table, why == null ? side : Side.OLD);
        }
        List<Edit> edits = new ReadEdits(tokens, dialect, reading).of(bound);
        if (isRolledUp(tokens) && bound.references.stream().anyMatch(r -> isComputed(r, reading))) {
            throw new NotUnderstoodException(
                    "rollup", "WITH ROLLUP does not give NULL for a computed column in its totals");
        }
        return Plan.of(edits, keptOld);
    }

    private static boolean isComputed(Reference r, Map<ChangingTable, Side> reading) {
        return !r.mapping().isIdentity()
                && r.table().read(r.mapping(), r.side(), r.column(), reading.getOrDefault(r.table(), Side.OLD), "")
                        != null;
    }

    private static boolean isRolledUp(Tokens tokens) {
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.isWord(i, "ROLLUP")) {
                return true;
            }
        }
        return false;
    }

    /** Why this read should rather stay on the old side, as long as old is whole: a mapped predicate can use no index. */
    private static @Nullable String holdsBack(ChangingTable table, Bound bound, Tokens tokens) {
        if (!table.state().oldIsTrusted() || table.stage().atLeast(Stage.COMPLETE)) {
            return null;
        }
        boolean mapped = bound.references.stream()
                .anyMatch(r -> r.table().equals(table)
                        && r.side() == Side.OLD
                        && r.place() == Reference.Place.PREDICATE
                        && !r.mapping().isIdentity());
        if (mapped) {
            return "mapped-predicate";
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isWord(i, "MATCH") && tokens.isSymbol(i + 1, '(')) {
                return "full-text"; // It needs an index over just these columns.
            }
        }
        return bound.hasIndexHint ? "index-hint" : null;
    }
}
