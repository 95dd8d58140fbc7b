package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import io.crossfade.state.Naming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rewritten form of one statement shape at one epoch. Immutable.
 *
 * @param edits in the order of their places, none overlapping
 * @param namesChanging whether a changing table is named
 * @param keptOld why a read was left on the old side, or null
 * @param refusal the refusal that stands for the whole plan, or null
 * @param namings which sides of which changes the statement names
 * @param comparison which rows it compares, or why it does not; null where that was not asked for
 */
record Plan(
        List<Edit> edits,
        boolean namesChanging,
        @Nullable String keptOld,
        @Nullable Refusal refusal,
        List<Naming> namings,
        @Nullable Comparison comparison) {

    /** Why a statement is not sent: a word for counting and a message. */
    record Refusal(String reason, String message) {}

    /** About what one edit adds; a first guess for the buffer. Judged, not measured. */
    private static final int EDIT_CHARS = 48;

    /** Names no changing table after all: a string or a comment did. */
    static final Plan FOREIGN = new Plan(List.of(), false, null, null, List.of(), null);

    Plan {
        List<Edit> sorted = new ArrayList<>(edits);
        // Stable: several insertions at one place stay in the order in which the planner made them.
        sorted.sort(Comparator.comparingInt(Edit::from)
                .thenComparing(e -> e.to() > e.from() ? 2 : e.afterPrevious() ? 0 : 1));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).from() < sorted.get(i - 1).to()) {
                throw new IllegalStateException(
                        "two edits overlap at token " + sorted.get(i).from());
            }
        }
        edits = List.copyOf(sorted);
    }

    static Plan of(List<Edit> edits, @Nullable String keptOld) {
        return new Plan(edits, true, keptOld, null, List.of(), null);
    }

    static Plan refused(String reason, String message) {
        return refused(new Refusal(reason, message));
    }

    static Plan refused(Refusal refusal) {
        return new Plan(List.of(), true, null, refusal, List.of(), null);
    }

    Plan with(List<Naming> found) {
        return new Plan(edits, namesChanging, keptOld, refusal, List.copyOf(found), comparison);
    }

    /** The same plan with what a comparison adds to it. */
    Plan comparing(Comparison how, List<Edit> more) {
        List<Edit> all = new ArrayList<>(edits);
        all.addAll(more); // Behind the others, where they stand at the same place.
        return new Plan(all, namesChanging, keptOld, refusal, namings, how);
    }

    /** Splices the edits into a text of this plan's shape; the very same String where there is nothing to splice. */
    String splice(Tokens tokens) {
        String text = tokens.text();
        if (edits.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + edits.size() * EDIT_CHARS);
        int copied = 0;
        for (Edit edit : edits) {
            int at = place(tokens, edit);
            out.append(text, copied, at);
            append(edit, tokens, out);
            copied = edit.to() > edit.from() ? tokens.end(edit.to() - 1) : at;
        }
        return out.append(text, copied, text.length()).toString();
    }

    private static int place(Tokens tokens, Edit edit) {
        if (edit.afterPrevious()) {
            return tokens.end(edit.from() - 1);
        }
        return edit.from() < tokens.size()
                ? tokens.start(edit.from())
                : tokens.text().length();
    }

    private static void append(Edit edit, Tokens tokens, StringBuilder out) {
        for (Edit.Part part : edit.parts()) {
            if (part instanceof Edit.Text t) {
                out.append(t.sql());
            } else if (part instanceof Edit.Copy c) {
                out.append(tokens.text(), tokens.start(c.from()), tokens.end(c.to() - 1));
            } else if (part instanceof Edit.Label l) {
                String label = tokens.text().substring(tokens.start(l.from()), tokens.end(l.to() - 1));
                out.append('`').append(label.replace("`", "``")).append('`');
            }
        }
    }

    /**
     * The safety net: the spliced text is lexed again, and outside of what the edits put in it must have the user's own
     * tokens, all of them, in their order.
     */
    boolean keeps(Tokens before, Tokens after) {
        int i = 0;
        int shift = 0;
        int j = 0;
        for (Edit edit : edits) {
            StringBuilder added = new StringBuilder();
            append(edit, before, added);
            int at = place(before, edit) + shift;
            for (; i < edit.from(); i++, j++) {
                if (!sameToken(before, i, after, j)) {
                    return false;
                }
            }
            int removed = edit.to() > edit.from() ? before.end(edit.to() - 1) - before.start(edit.from()) : 0;
            int end = at + added.length();
            while (j < after.size() && after.end(j) <= end && after.start(j) >= at) {
                j++;
            }
            i = edit.to();
            shift += added.length() - removed;
        }
        for (; i < before.size(); i++, j++) {
            if (!sameToken(before, i, after, j)) {
                return false;
            }
        }
        return j == after.size();
    }

    private static boolean sameToken(Tokens before, int i, Tokens after, int j) {
        int length = before.end(i) - before.start(i);
        return j < after.size()
                && before.kind(i) == after.kind(j)
                && after.end(j) - after.start(j) == length
                && before.text().regionMatches(before.start(i), after.text(), after.start(j), length);
    }
}
