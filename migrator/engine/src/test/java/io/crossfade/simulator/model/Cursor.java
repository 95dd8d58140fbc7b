package io.crossfade.simulator.model;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import java.util.Locale;

/** The tokens of a statement, and how far it has been read. Confined to one call. */
final class Cursor {
    private static final MySqlDialect DIALECT = MySqlDialect.of("8.0.35");

    private final Tokens tokens;
    private int at;

    Cursor(String sql) {
        this.tokens = DIALECT.lex(sql, SqlMode.DEFAULT);
    }

    int at() {
        return at;
    }

    boolean isAtEnd() {
        return at >= tokens.size();
    }

    TokenKind kind() {
        return tokens.kind(at);
    }

    boolean isWord(String word) {
        return tokens.isWord(at, word);
    }

    boolean isSymbol(char symbol) {
        return isSymbol(0, symbol);
    }

    /** Whether the token that so many come before is this symbol. */
    boolean isSymbol(int ahead, char symbol) {
        return tokens.isSymbol(at + ahead, symbol);
    }

    boolean isName() {
        return !isAtEnd() && tokens.isName(at);
    }

    void skip(int count) {
        at += count;
    }

    /** The token as it is written. */
    String take() {
        return tokens.text(at++);
    }

    boolean takeIf(String word) {
        boolean is = tokens.isWord(at, word);
        at += is ? 1 : 0;
        return is;
    }

    boolean takeIf(char symbol) {
        boolean is = tokens.isSymbol(at, symbol);
        at += is ? 1 : 0;
        return is;
    }

    void take(String word) {
        if (!takeIf(word)) {
            throw unread();
        }
    }

    void take(char symbol) {
        if (!takeIf(symbol)) {
            throw unread();
        }
    }

    String word() {
        if (at >= tokens.size() || tokens.kind(at) != TokenKind.WORD) {
            throw unread();
        }
        return tokens.text(at++).toUpperCase(Locale.ROOT);
    }

    String name() {
        if (!tokens.isName(at)) {
            throw unread();
        }
        return tokens.name(at++);
    }

    IllegalStateException unread() {
        return new IllegalStateException("the model server does not read this at token " + at
                + (at < tokens.size() ? " (" + tokens.text(at) + ")" : "") + ": " + tokens.text());
    }

    /** What a select list calls what was read from there: a column's name, or the text. */
    String label(int start) {
        boolean isColumn = true;
        for (int i = start; i < at; i++) {
            isColumn &= (i - start) % 2 == 0 ? tokens.isName(i) : tokens.isSymbol(i, '.');
        }
        return isColumn ? tokens.name(at - 1) : tokens.text().substring(tokens.start(start), tokens.end(at - 1));
    }

    String text() {
        return tokens.text();
    }
}
