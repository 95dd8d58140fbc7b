package io.crossfade.sql;

import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Side;

/**
 * What a plan is looked up by: the statement with its literals taken out, and everything of the session and the control state
 * that the plan depends on. Compared in full, so that two statements whose hashes meet never get each other's plan.
 */
record Shape(String text, long epoch, SessionView session, boolean compares) {

    /** Stand for literals in the text; no statement can hold them as tokens. */
    private static final char STRING = '\u0001';

    private static final char NUMBER = '\u0002';

    static Shape of(Tokens tokens, long epoch, SessionView session, boolean compares) {
        StringBuilder text = new StringBuilder(tokens.text().length());
        for (int i = 0; i < tokens.size(); i++) {
            TokenKind kind = tokens.kind(i);
            if (i > 0 && tokens.start(i) > tokens.end(i - 1)) {
                text.append(' '); // Whether tokens touch decides what some of them mean.
            }
            if (kind == TokenKind.STRING && !tokens.isWord(i - 1, "AS") && !tokens.isSymbol(i - 2, '{')) {
                text.append(STRING);
            } else if (kind == TokenKind.NUMBER && !isOrdinal(tokens, i)) {
                text.append(NUMBER);
            } else {
                text.append(tokens.text(), tokens.start(i), tokens.end(i));
            }
        }
        return new Shape(text.toString(), epoch, session, compares);
    }

    /** A bare number in ORDER BY or GROUP BY names an item; leaving it in costs only a few more plans. */
    private static boolean isOrdinal(Tokens tokens, int i) {
        return tokens.isWord(i - 1, "BY");
    }

    Side view() {
        return session.view();
    }
}
