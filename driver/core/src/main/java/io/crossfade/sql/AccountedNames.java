package io.crossfade.sql;

import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import java.util.BitSet;
import net.sf.jsqlparser.parser.ASTNodeAccess;

/**
 * The tokens of one statement that binding has met and knows the meaning of. A name that matters and is not among them stands
 * somewhere that the binder does not know, and the statement is not understood.
 *
 * <p>Confined to the planning that fills it.
 */
final class AccountedNames {
    private final Tokens tokens;
    private final BitSet accounted = new BitSet();

    AccountedNames(Tokens tokens) {
        this.tokens = tokens;
    }

    void add(int token) {
        accounted.set(token);
    }

    /** Tokens {@code from} up to, but without, {@code to}; none where that is not behind it. */
    void add(int from, int to) {
        for (int i = from; i < to; i++) {
            add(i);
        }
    }

    /** All tokens of a part of the statement. */
    void add(ASTNodeAccess node) {
        add(SqlParserPosition.first(node, tokens), SqlParserPosition.end(node, tokens));
    }

    /** {@code orders AS o}: the alias that stands at this token or behind its AS. */
    void addAliasAt(int token, String alias) {
        int i = tokens.isWord(token, "AS") ? token + 1 : token;
        if (tokens.isNamed(i, alias)) {
            add(i);
        }
    }

    /** {@code WITH r (n, status) AS (…)}: the names in the parentheses are labels. */
    void addDeclaredBy(String commonTable) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isNamed(i, commonTable) && tokens.isSymbol(i + 1, '(')) {
                int close = i + 2;
                while (close < tokens.size() && !tokens.isSymbol(close, ')')) {
                    close++;
                }
                if (tokens.isWord(close + 1, "AS")) {
                    add(i + 2, close);
                    return;
                }
            }
        }
    }

    /** Every name that matters must have been met. */
    void requireAll(Tables tables) throws NotUnderstoodException {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isName(i) && !accounted.get(i) && tables.isInteresting(tokens.name(i))) {
                boolean isFunction = tokens.kind(i) == TokenKind.WORD && tokens.isSymbol(i + 1, '(');
                if (!isFunction) {
                    throw new NotUnderstoodException(
                            "unbound-name",
                            "\"" + tokens.name(i) + "\" stands where Crossfade does not look for names");
                }
            }
        }
    }
}
