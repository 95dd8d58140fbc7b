package io.crossfade.sql;

import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.ASTNodeAccess;
import net.sf.jsqlparser.parser.AbstractJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.Node;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The one way to JSqlParser. It is given the code as the server executes it, with the insides of strings blanked to the same
 * length, so that neither comments nor escapes nor sql_mode can make it see another statement than the server does, and its
 * positions are ours.
 *
 * <p>Safe for many threads: every call makes a parser of its own, since a reused one keeps its nodes.
 */
final class SqlParser {

    /** Words after SELECT that change nothing in what it gives, and that the parser takes for a column's name. */
    private static final Set<String> MODIFIERS = Set.of(
            "HIGH_PRIORITY", "SQL_SMALL_RESULT", "SQL_BIG_RESULT", "SQL_BUFFER_RESULT", "SQL_NO_CACHE", "SQL_CACHE");

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

    /** A name as it is called, of one that may be written in quotes. */
    static String unquoted(String name) {
        int n = name.length();
        if (n >= 2
                && (name.charAt(0) == '`' || name.charAt(0) == '"' || name.charAt(0) == '\'')
                && name.charAt(n - 1) == name.charAt(0)) {
            return name.substring(1, n - 1).replace("``", "`");
        }
        return name;
    }

    /** The schema that a table is written with; null where it stands without one. */
    static @Nullable String schema(Table table) {
        return table.getSchemaName() == null ? null : unquoted(table.getSchemaName());
    }

    /** The column that an expression is, within parentheses or not; null where it is anything else. */
    static @Nullable Column column(@Nullable Expression expression) {
        if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
            return column(list.get(0));
        }
        if (expression instanceof SignedExpression signed && signed.getSign() == '+') {
            return column(signed.getExpression());
        }
        return expression instanceof Column column ? column : null;
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
        for (int i = 0; i < tokens.size(); i++) {
            mask(tokens, i, code);
        }
        return new String(code);
    }

    /** Takes out, or says otherwise, what the parser would not read or take for a column, and what names nothing. */
    private static void mask(Tokens tokens, int i, char[] code) {
        if (tokens.isWord(i, "LOCK")
                && tokens.isWord(i + 1, "IN")
                && tokens.isWord(i + 2, "SHARE")
                && tokens.isWord(i + 3, "MODE")) {
            Arrays.fill(code, tokens.start(i), tokens.end(i + 3), ' ');
        } else if (tokens.kind(i) == TokenKind.WORD && followsSelect(tokens, i)) {
            if (tokens.isWord(i, "DISTINCTROW")) {
                Arrays.fill(code, tokens.start(i) + "DISTINCT".length(), tokens.end(i), ' ');
            } else if (isModifier(tokens, i)) {
                Arrays.fill(code, tokens.start(i), tokens.end(i), ' ');
            }
        }
    }

    private static boolean isModifier(Tokens tokens, int i) {
        return MODIFIERS.contains(tokens.text(i).toUpperCase(Locale.ROOT));
    }

    /** Whether only words like it stand between a token and its SELECT. */
    private static boolean followsSelect(Tokens tokens, int i) {
        int k = i - 1;
        while (k > 0
                && tokens.kind(k) == TokenKind.WORD
                && (isModifier(tokens, k)
                        || tokens.isWord(k, "ALL")
                        || tokens.isWord(k, "DISTINCT")
                        || tokens.isWord(k, "DISTINCTROW")
                        || tokens.isWord(k, "STRAIGHT_JOIN")
                        || tokens.isWord(k, "SQL_CALC_FOUND_ROWS"))) {
            k--;
        }
        return tokens.isWord(k, "SELECT");
    }

    /** Whether the string's text means something to the parser: a label, or a JDBC escape such as {d '2026-01-01'}. */
    private static boolean isRead(Tokens tokens, int i) {
        return tokens.isWord(i - 1, "AS") || tokens.isSymbol(i - 2, '{');
    }
}
