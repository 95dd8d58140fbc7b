package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;

/** The statements of a text, cut at the semicolons that stand outside of everything. */
final class Statements {

    private Statements() {}

    /**
     * Where each statement begins; the first is 0, each ends where the next begins, with its semicolon. One entry where the
     * text holds one statement, however many semicolons follow it, or a definition that has statements inside.
     */
    static List<Integer> starts(Tokens tokens) {
        List<Integer> starts = new ArrayList<>();
        starts.add(0);
        if (tokens.isWord(0, "CREATE") || tokens.isWord(0, "ALTER")) {
            return starts;
        }
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.isSymbol(i, ';') && !tokens.isSymbol(i + 1, ';')) {
                starts.add(tokens.end(i));
            }
        }
        return starts;
    }
}
