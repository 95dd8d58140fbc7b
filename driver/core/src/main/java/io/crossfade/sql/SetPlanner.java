package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.sql.SetList.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Plans lists of assignments: of UPDATE, of INSERT … SET, of ON DUPLICATE KEY UPDATE.
 *
 * <p>The server assigns from left to right, and a value sees what was assigned before it: so {@code n = f(o)} goes behind the
 * last assignment, and a value that reads a column which was just assigned reads it as it is.
 */
final class SetPlanner {
    private final Tokens tokens;
    private final Dialect dialect;
    private final ChangingTable table;
    private final String verb;
    private final UnaryOperator<String> naming;

    SetPlanner(Tokens tokens, Dialect dialect, ChangingTable table, String verb, UnaryOperator<String> naming) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.table = table;
        this.verb = verb;
        this.naming = naming;
    }

    /** INSERT … SET: the row is new, its values read nothing. */
    void planInserted(SetList set, List<Edit> edits) {
        write(set, List.of(), true, edits);
    }

    /** UPDATE: the values' references are bound already. */
    void planUpdated(SetList set, List<Reference> references, List<Edit> edits) {
        write(set, references, false, edits);
    }

    /** ON DUPLICATE KEY UPDATE. */
    void planUpserted(SetList set, int from, int to, List<Edit> edits) throws NotUnderstoodException {
        for (int i = from; i < to; i++) {
            if (tokens.isWord(i, "SELECT")) {
                throw new NotUnderstoodException(
                        "insert-subquery", "an assignment after ON DUPLICATE KEY reads a query");
            }
        }
        String alias = table.name().table();
        SimpleBinder binder = new SimpleBinder(tokens, dialect, table, alias, dialect.quote(alias) + ".");
        List<Reference> references = new ArrayList<>();
        for (Assignment a : set.assignments()) {
            references.addAll(binder.bind(a.from(), a.to(), Reference.Place.VALUE));
        }
        write(set, references, false, edits);
    }

    private void write(SetList set, List<Reference> references, boolean insert, List<Edit> edits) {
        List<String> assigned =
                set.assignments().stream().map(Assignment::column).toList();
        for (String column : assigned) {
            if (!table.stage().servesNew() && table.ofNew(column).isPresent()) {
                throw Refusals.notYet(verb, table, column);
            }
        }
        for (Reference reference : references) {
            String sql = value(set, reference);
            if (sql != null) {
                edits.add(Edit.replace(reference.from(), reference.to(), sql));
            }
        }
        if (table.stage().atLeast(Stage.COMPLETE)) {
            set.assignments().forEach(a -> newOnly(a, assigned, edits));
        }
        DualWrite extra = DualWrite.of(table, assigned, insert, verb, naming);
        StringBuilder first = new StringBuilder();
        extra.refreshed().forEach(c -> first.append(naming.apply(c.column()))
                .append(" = ")
                .append(c.sql())
                .append(", "));
        if (!first.isEmpty()) {
            edits.add(Edit.before(set.assignments().get(0).qualified(), first.toString()));
        }
        StringBuilder more = new StringBuilder();
        extra.defaults().forEach(d -> more.append(", ").append(naming.apply(d)).append(" = DEFAULT"));
        extra.computed().forEach(c -> more.append(", ")
                .append(naming.apply(c.column()))
                .append(" = ")
                .append(c.sql()));
        if (!more.isEmpty()) {
            edits.add(Edit.after(set.lastToken(), more.toString()));
        }
    }

    /** SQL for a reference in a value; null where it may stand. */
    private @Nullable String value(SetList set, Reference r) {
        Mapping mapping = r.mapping();
        if (r.place() == Reference.Place.INSERTED) {
            return inserted(r);
        }
        int at = set.holding(r.from());
        boolean sameAssigned = assignedBefore(set, at, r.column());
        boolean otherAssigned = otherSide(r).stream().anyMatch(c -> assignedBefore(set, at, c));
        if (otherAssigned) {
            throw Refusals.refused(
                    "assigned-then-read",
                    verb,
                    table,
                    "a value reads \"" + r.column() + "\" after the other side of its mapping was assigned",
                    "name one side only, or split the statement");
        }
        boolean both = !table.stage().atLeast(Stage.COMPLETE);
        if (sameAssigned && both) {
            return null; // Just assigned in this row: it holds what the application means.
        }
        return table.read(mapping, r.side(), r.column(), table.stage().authority(), r.qualifier());
    }

    /** {@code VALUES(o)}: what the INSERT part would have stored, which from complete on is on the new side alone. */
    private @Nullable String inserted(Reference r) {
        if (r.side() == Side.NEW || !table.stage().atLeast(Stage.COMPLETE)) {
            return null;
        }
        Mapping mapping = r.mapping();
        if (mapping.isIdentity()) {
            return dialect.quote(mapping.news().get(0).name());
        }
        throw Refusals.refused(
                "old-column-gone",
                verb,
                table,
                "VALUES(" + r.column() + ") reads a column that is not written any more",
                "use \"" + mapping.news().get(0).name() + "\" instead");
    }

    private static List<String> otherSide(Reference r) {
        return r.side() == Side.OLD
                ? r.mapping().news().stream().map(NewColumn::name).toList()
                : r.mapping().kind().replacesOld()
                        ? r.mapping().olds().stream().map(OldColumn::name).toList()
                        : List.of();
    }

    private static boolean assignedBefore(SetList set, int at, String column) {
        for (int i = 0; i < at; i++) {
            if (set.assignments().get(i).column().equalsIgnoreCase(column)) {
                return true;
            }
        }
        return false;
    }

    /** Old columns are not written any more: the assignment goes to the new one. */
    private void newOnly(Assignment a, List<String> assigned, List<Edit> edits) {
        Optional<Mapping> found = table.ofOld(a.column());
        if (found.isEmpty()) {
            return;
        }
        Mapping mapping = found.get();
        boolean both = mapping.news().stream().anyMatch(n -> DualWrite.contains(assigned, n.name()));
        long olds = assigned.stream().distinct().filter(mapping::hasOld).count();
        if (both || olds > 1) {
            throw Refusals.refused(
                    "old-column-gone",
                    verb,
                    table,
                    "it assigns several columns of one mapping",
                    "write \"" + mapping.news().get(0).name() + "\" alone");
        }
        NewOnly only = new NewOnly(tokens, dialect, table, verb);
        String target = only.target(mapping, a.column()).name();
        edits.add(Edit.replace(a.target(), a.target() + 1, dialect.quote(target)));
        UnaryOperator<String> other = column -> mapping.hasOld(column)
                ? table.sides(mapping).down(ChangingTable.oldColumn(mapping, column), naming)
                : naming.apply(column);
        edits.addAll(only.value(mapping, a.column(), a.from(), a.to(), other));
    }
}
