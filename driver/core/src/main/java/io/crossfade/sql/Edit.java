package io.crossfade.sql;

import java.util.List;

/**
 * One edit of a statement, anchored at its tokens and not at its characters, so that it fits every text of the same shape.
 * Immutable.
 *
 * @param from the first token that is replaced; for an insertion the token before which it goes
 * @param to the token after the last one replaced; equal to {@code from} for an insertion
 * @param afterPrevious for an insertion: whether it stands right after token {@code from - 1} and not right before {@code from}
 * @param parts what is put there
 */
record Edit(int from, int to, boolean afterPrevious, List<Part> parts) {

    /** A piece of what an edit puts in. */
    sealed interface Part {}

    /** Text of the planner's own. */
    record Text(String sql) implements Part {}

    /** The user's own text from one token to before another, as it is. */
    record Copy(int from, int to) implements Part {}

    /** The user's own text as a quoted name: the label that the server gives an expression. */
    record Label(int from, int to) implements Part {}

    Edit {
        parts = List.copyOf(parts);
    }

    static Edit replace(int from, int to, String sql) {
        return new Edit(from, to, false, List.of(new Text(sql)));
    }

    static Edit before(int token, String sql) {
        return new Edit(token, token, false, List.of(new Text(sql)));
    }

    /** Right after token {@code token}. */
    static Edit after(int token, String sql) {
        return new Edit(token + 1, token + 1, true, List.of(new Text(sql)));
    }

    static Edit labelAfter(int from, int to) {
        return new Edit(to, to, true, List.of(new Text(" AS "), new Label(from, to)));
    }
}
