package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * The assignments of a SET list, found by tokens: {@code o.status = CONCAT(status, ?), n = 1}. Immutable.
 *
 * @param assignments in their order
 */
record SetList(List<Assignment> assignments) {

    /**
     * One assignment.
     *
     * @param target the token that names the column
     * @param qualified the first token of the target: the qualifier's where it has one
     * @param from the first token of the value
     * @param to after the last token of the value
     */
    record Assignment(String column, int qualified, int target, int from, int to) {}

    /** Reads the list that begins at token {@code from} and ends before token {@code to}. */
    static SetList read(Tokens tokens, int from, int to) throws NotUnderstoodException {
        List<Assignment> assignments = new ArrayList<>();
        int i = from;
        while (i < to) {
            int first = i;
            while (i + 2 < to && tokens.isName(i) && tokens.isSymbol(i + 1, '.')) {
                i += 2;
            }
            boolean assigns = tokens.isName(i)
                    && (tokens.isSymbol(i + 1, '=') || (tokens.isSymbol(i + 1, ':') && tokens.isSymbol(i + 2, '=')));
            if (!assigns) {
                throw new NotUnderstoodException("assignment", "an assignment is not of the form column = value");
            }
            int target = i;
            int value = tokens.isSymbol(i + 1, '=') ? i + 2 : i + 3;
            int end = value;
            int depth = 0;
            while (end < to && !(depth == 0 && tokens.isSymbol(end, ','))) {
                depth += tokens.isSymbol(end, '(') ? 1 : tokens.isSymbol(end, ')') ? -1 : 0;
                end++;
            }
            if (end == value) {
                throw new NotUnderstoodException("assignment", "an assignment has no value");
            }
            assignments.add(new Assignment(tokens.name(target), first, target, value, end));
            i = end + 1;
        }
        if (assignments.isEmpty()) {
            throw new NotUnderstoodException("assignment", "the SET list is empty");
        }
        return new SetList(List.copyOf(assignments));
    }

    /** Whether it assigns a column that this table's change is about, or reads. */
    boolean assigns(ChangingTable table) {
        return assignments.stream()
                .map(Assignment::column)
                .anyMatch(c ->
                        table.isMapped(c) || table.change().mappings().stream().anyMatch(m -> m.hasOld(c)));
    }

    /** The index of the assignment whose value holds this token, or -1. */
    int holding(int token) {
        for (int i = 0; i < assignments.size(); i++) {
            if (token >= assignments.get(i).from() && token < assignments.get(i).to()) {
                return i;
            }
        }
        return -1;
    }

    int lastToken() {
        return assignments.get(assignments.size() - 1).to() - 1;
    }
}
