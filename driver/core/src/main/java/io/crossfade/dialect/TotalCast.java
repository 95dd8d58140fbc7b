package io.crossfade.dialect;

import io.crossfade.model.Column;
import io.crossfade.model.Expression;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code CAST(x AS SIGNED)} and {@code CAST(x AS UNSIGNED)} total: text that spells no integer, and an integer that
 * the target column cannot hold, give NULL. Strict mode makes an error of both, and it would be the application's own
 * statement that fails.
 *
 * <p>{@code CAST(age_str AS SIGNED)} → {@code CASE WHEN CAST(age_str AS CHAR) REGEXP '^ *[-+]?[0-9]{1,18}$' AND … THEN CASE WHEN
 * CAST(age_str AS SIGNED) BETWEEN -2147483648 AND 2147483647 THEN CAST(age_str AS SIGNED) END END}
 */
final class TotalCast {

    /** Eighteen digits always fit a BIGINT; nineteen may not. */
    private static final String SIGNED_TEXT = "'^ *[-+]?[0-9]{1,18}$'";

    private static final String UNSIGNED_TEXT = "'^ *[+]?[0-9]{1,18}$'";

    /** The dollar sign matches before a line feed that ends the text, too; the cast would fail on it. */
    private static final String NO_OTHERS = "'[^-+0-9 ]'";

    private static final Map<String, Integer> BITS =
            Map.of("tinyint", 8, "smallint", 16, "mediumint", 24, "int", 32, "integer", 32);

    private TotalCast() {}

    static Expression mend(Dialect dialect, Expression expression, Column target, Predicate<String> isText) {
        if (expression.sql().toUpperCase(Locale.ROOT).contains("REGEXP")) {
            return expression; // Written with care already, or mended.
        }
        Tokens tokens = dialect.lex(expression.sql(), SqlMode.DEFAULT);
        StringBuilder sql = new StringBuilder();
        int copied = 0;
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.isWord(i, "CAST") && tokens.isSymbol(i + 1, '(')) {
                int close = closing(tokens, i + 1);
                String mended = close < 0 ? null : mendedCast(tokens, i, close, target, isText);
                if (mended != null) {
                    sql.append(expression.sql(), copied, tokens.start(i)).append(mended);
                    copied = tokens.end(close);
                    i = close;
                }
            }
        }
        return copied == 0
                ? expression
                : new Expression(sql.append(expression.sql().substring(copied)).toString());
    }

    private static @Nullable String mendedCast(
            Tokens tokens, int cast, int close, Column target, Predicate<String> isText) {
        int as = -1;
        int depth = 0;
        for (int i = cast + 2; i < close; i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            if (depth == 0 && tokens.isWord(i, "AS")) {
                as = i;
            }
        }
        if (as < 0) {
            return null;
        }
        boolean signed = tokens.isWord(as + 1, "SIGNED");
        if (!signed && !tokens.isWord(as + 1, "UNSIGNED")) {
            return null;
        }
        String value =
                tokens.text().substring(tokens.end(cast + 1), tokens.start(as)).trim();
        String whole = tokens.text().substring(tokens.start(cast), tokens.end(close));
        String range = range(whole, target);
        String inner = range.isEmpty() ? whole : "CASE WHEN " + range + " THEN " + whole + " END";
        boolean readsText = false;
        for (int i = cast + 2; i < as; i++) {
            readsText |= tokens.isName(i) && !tokens.isSymbol(i + 1, '(') && isText.test(tokens.name(i));
        }
        if (!readsText) {
            // A number always casts; 200.00 spells no integer and is one.
            return range.isEmpty() ? null : inner;
        }
        String text = "CAST(" + value + " AS CHAR)";
        return "CASE WHEN " + text + " REGEXP " + (signed ? SIGNED_TEXT : UNSIGNED_TEXT) + " AND " + text
                + " NOT REGEXP " + NO_OTHERS + " THEN " + inner + " END";
    }

    private static String range(String sql, Column target) {
        Integer bits = BITS.get(target.baseType());
        boolean unsigned = target.type().toLowerCase(Locale.ROOT).contains("unsigned");
        if (bits == null) {
            return unsigned ? sql + " >= 0" : "";
        }
        long low = unsigned ? 0 : -(1L << (bits - 1));
        long high = unsigned ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
        return sql + " BETWEEN " + low + " AND " + high;
    }

    private static int closing(Tokens tokens, int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            if (tokens.isSymbol(i, '(')) {
                depth++;
            } else if (tokens.isSymbol(i, ')') && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
