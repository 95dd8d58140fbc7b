package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import org.jspecify.annotations.Nullable;

/** An UPDATE or DELETE, its clauses found by tokens: {@code UPDATE orders o SET status = ? WHERE id = ?}. Immutable. */
final class UpdateText {
    private final Tokens tokens;

    UpdateText(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The one table of a statement, as it is written. */
    record Target(@Nullable String schema, String table, @Nullable String alias) {}

    /** The token SET of an UPDATE, or -1. */
    int set() {
        return word("SET");
    }

    /** The token FROM of a DELETE, or -1. */
    int from() {
        return word("FROM");
    }

    private int word(String word) {
        int depth = 0;
        for (int i = 1; i < tokens.size(); i++) {
            depth += depth(i);
            if (depth == 0 && tokens.isWord(i, word)) {
                return i;
            }
        }
        return -1;
    }

    private int depth(int i) {
        return tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
    }

    boolean hasQuery() {
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.isWord(i, "SELECT") || tokens.isWord(i, "TABLE")) {
                return true;
            }
        }
        return false;
    }

    boolean isMultiDelete() {
        int i = 1;
        while (tokens.isWord(i, "LOW_PRIORITY") || tokens.isWord(i, "QUICK") || tokens.isWord(i, "IGNORE")) {
            i++;
        }
        return i != from();
    }

    /** The one table between these tokens; null where more stands there. */
    @Nullable
    Target target(int from, int to) {
        int i = from;
        while (tokens.isWord(i, "LOW_PRIORITY") || tokens.isWord(i, "IGNORE") || tokens.isWord(i, "QUICK")) {
            i++;
        }
        if (!tokens.isName(i)) {
            return null;
        }
        String schema = null;
        String table = tokens.name(i++);
        if (tokens.isSymbol(i, '.') && tokens.isName(i + 1)) {
            schema = table;
            table = tokens.name(i + 1);
            i += 2;
        }
        if (tokens.isWord(i, "PARTITION")) {
            return null;
        }
        if (tokens.isWord(i, "AS")) {
            i++;
        }
        String alias = i < to && tokens.isName(i) ? tokens.name(i++) : null;
        return i == to ? new Target(schema, table, alias) : null;
    }

    /** The first clause behind this token, whether in parentheses or not; else the end. */
    int clauseAfter(int token) {
        int i = token + 1;
        while (i < tokens.size() && !beginsClause(i)) {
            i++;
        }
        return i;
    }

    /** The first clause behind the list of assignments that begins at this token; else the end. */
    int listEnd(int from) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            depth += depth(i);
            if (depth == 0 && beginsClause(i)) {
                return i;
            }
        }
        return tokens.size();
    }

    private boolean beginsClause(int i) {
        return tokens.isWord(i, "WHERE")
                || tokens.isWord(i, "ORDER")
                || tokens.isWord(i, "LIMIT")
                || tokens.isWord(i, "RETURNING")
                || tokens.isSymbol(i, ';');
    }
}
