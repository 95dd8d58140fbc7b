package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans UPDATE and DELETE. Their predicates follow the stage: old up to live, new from rampdown on. Those over one table and
 * without sub-queries are planned here, by tokens alone; the others go to {@link JoinedUpdatePlanner}.
 *
 * <p>Confined to one planning.
 */
final class UpdatePlanner {
    private final Tokens tokens;
    private final Dialect dialect;
    private final Tables tables;
    private final SqlMode mode;
    private final UpdateText text;

    UpdatePlanner(Tokens tokens, Dialect dialect, Tables tables, SqlMode mode) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.tables = tables;
        this.mode = mode;
        this.text = new UpdateText(tokens);
    }

    Plan planUpdate() throws NotUnderstoodException {
        int set = text.set();
        if (set < 0) {
            throw new NotUnderstoodException("update", "there is no SET");
        }
        SetList list = SetList.read(tokens, set + 1, text.listEnd(set + 1));
        UpdateText.Target target = text.hasQuery() ? null : text.target(1, set);
        return target == null ? joined().planUpdate(list) : plan(target, list, set + 1);
    }

    Plan planDelete() throws NotUnderstoodException {
        int from = text.from();
        boolean isJoined = from < 0 || text.hasQuery() || text.isMultiDelete();
        UpdateText.Target target = isJoined ? null : text.target(from + 1, text.clauseAfter(from));
        return target == null ? joined().planDelete(from) : plan(target, null, text.clauseAfter(from));
    }

    private JoinedUpdatePlanner joined() {
        return new JoinedUpdatePlanner(tokens, dialect, tables, mode);
    }

    /**
     * @param from where the assignments begin, or else what follows the table
     */
    private Plan plan(UpdateText.Target target, @Nullable SetList set, int from) throws NotUnderstoodException {
        ChangingTable table = tables.resolve(target.schema(), target.table())
                .map(tables::changing)
                .orElse(null);
        if (table == null) {
            return Plan.FOREIGN; // Only a column is called like a changing one.
        }
        SimpleBinder binder = binder(target, table);
        List<Reference> values = new ArrayList<>();
        int rest = from;
        if (set != null) {
            for (SetList.Assignment a : set.assignments()) {
                values.addAll(binder.bind(a.from(), a.to(), Reference.Place.VALUE));
            }
            rest = set.lastToken() + 1;
        }
        List<Reference> predicates = binder.bind(rest, tokens.size(), Reference.Place.PREDICATE);
        for (int i = rest; i < tokens.size(); i++) {
            if (tokens.isWord(i, "RETURNING")) {
                throw new NotUnderstoodException("returning", "it has a RETURNING clause");
            }
        }
        Refusals.requireServed(table, values);
        Refusals.requireServed(table, predicates);
        List<Edit> edits = new ArrayList<>();
        if (set != null) {
            Refusals.requireLeftToRight(table, set, mode);
            new SetPlanner(tokens, dialect, table, "UPDATE", dialect::quote).planUpdated(set, values, edits);
        }
        for (Reference r : predicates) {
            String sql =
                    table.read(r.mapping(), r.side(), r.column(), table.stage().authority(), r.qualifier());
            if (sql != null) {
                edits.add(Edit.replace(r.from(), r.to(), sql));
            }
        }
        return Plan.of(edits, null);
    }

    private SimpleBinder binder(UpdateText.Target target, ChangingTable table) {
        if (target.alias() != null) {
            return new SimpleBinder(tokens, dialect, table, target.alias(), dialect.quote(target.alias()) + ".");
        }
        String schema = target.schema() == null ? "" : dialect.quote(target.schema()) + ".";
        return new SimpleBinder(tokens, dialect, table, target.table(), schema + dialect.quote(target.table()) + ".");
    }
}
