package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import net.sf.jsqlparser.parser.ASTNodeAccess;

/** {@link SqlParser}'s positions for the visitors, which cannot throw a checked exception. */
final class SqlParserPosition {

    private SqlParserPosition() {}

    static int first(ASTNodeAccess node, Tokens tokens) {
        try {
            return SqlParser.first(node, tokens);
        } catch (NotUnderstoodException e) {
            throw new Unbound(e);
        }
    }

    static int end(ASTNodeAccess node, Tokens tokens) {
        try {
            return SqlParser.end(node, tokens);
        } catch (NotUnderstoodException e) {
            throw new Unbound(e);
        }
    }
}
