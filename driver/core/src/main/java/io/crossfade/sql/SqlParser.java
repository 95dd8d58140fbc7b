package io.crossfade.sql;

import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import java.util.Arrays;
import net.sf.jsqlparser.parser.ASTNodeAccess;
import net.sf.jsqlparser.parser.AbstractJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.Node;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.statement.Statement;

/**
 * The one way to JSqlParser. It is given the code as the server executes it, with the insides of strings blanked to the same
 * length, so that neither comments nor escapes nor sql_mode can make it see another statement than the server does, and its
 * positions are ours.
 *
 * <p>Safe for many threads: every call makes a parser of its own, since a reused one keeps its nodes.
 */
final class SqlParser {

    private SqlParser() {}

    /** Parses one statement to its end. */
    static Statement parse(Tokens tokens) throws NotUnderstoodException {
        CCJSqlParser parser = new CCJSqlParser(new StringProvider(readable(tokens)));
        parser.withDialect(AbstractJSqlParser.Dialect.MYSQL);
        try {
            Statement statement = parser.Statement();
            if (parser.getToken(1).kind != 0) {
                throw new NotUnderstoodException("unparsed", "something follows the statement that is not part of it");
            }
            return statement;
        } catch (ParseException | TokenMgrException e) {
            throw new NotUnderstoodException("unparsed", "it is not in the grammar that Crossfade reads");
        } catch (RuntimeException e) {
            // The parser's own actions fail on some odd inputs; to us that is the same as no parse.
            throw new NotUnderstoodException("unparsed", "the parser failed on it");
        }
    }

    /** Loads the parser's classes and tables: the first parse in a JVM takes some 170 ms, later ones well under one. */
    static void warm(Tokens tokens) {
        try {
            parse(tokens);
        } catch (NotUnderstoodException e) {
            throw new IllegalStateException("the warm-up statement does not parse", e);
        }
    }

    /** The first token of a node. */
    static int first(ASTNodeAccess node, Tokens tokens) throws NotUnderstoodException {
        return tokens.at(position(node).jjtGetFirstToken().absoluteBegin - 1);
    }

    /** After the last token of a node. */
    static int end(ASTNodeAccess node, Tokens tokens) throws NotUnderstoodException {
        return tokens.at(position(node).jjtGetLastToken().absoluteEnd - 2) + 1;
    }

    private static Node position(ASTNodeAccess node) throws NotUnderstoodException {
        Node position = node.getASTNode();
        if (position == null) {
            throw new NotUnderstoodException("unplaced", "the parser does not tell where a part of it stands");
        }
        return position;
    }

    private static String readable(Tokens tokens) {
        char[] code = tokens.code().toCharArray();
        for (int i = 0; i < tokens.size(); i++) {
            int start = tokens.start(i);
            int end = tokens.end(i);
            if (tokens.kind(i) == TokenKind.STRING && !isRead(tokens, i)) {
                // Noughts read as hexadecimal and bit digits too, as in x'00'.
                Arrays.fill(code, start + 1, end - 1, '0');
                code[start] = '\'';
                code[end - 1] = '\'';
            } else if (tokens.kind(i) == TokenKind.QUOTED && code[start] == '"') {
                code[start] = '`';
                code[end - 1] = '`';
            }
        }
        return new String(code);
    }

    /** Whether the string's text means something to the parser: a label, or a JDBC escape such as {d '2026-01-01'}. */
    private static boolean isRead(Tokens tokens, int i) {
        return tokens.isWord(i - 1, "AS") || tokens.isSymbol(i - 2, '{');
    }
}
