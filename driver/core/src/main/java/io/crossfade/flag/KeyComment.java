package io.crossfade.flag;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The key of a share in a comment of the statement, in the form of sqlcommenter or plain. The first one counts.
 *
 * <pre>
 * SELECT … /*action='pay',crossfade.key='customer%2042'*{@code /}   →  customer 42
 * SELECT … /* crossfade.key=customer-42 *{@code /}                  →  customer-42
 * SELECT '/* crossfade.key=x *{@code /}'                            →  none: that is a string
 * </pre>
 */
public final class KeyComment {

    private static final String NAME = "crossfade.key=";

    private KeyComment() {}

    /** The key; null where the statement has none. A statement without the word costs one search and no more. */
    public static @Nullable String key(String sql, SqlMode mode, Dialect dialect) {
        int at = sql.indexOf(NAME);
        if (at < 0) {
            return null;
        }
        Tokens tokens = dialect.lex(sql, mode);
        for (; at >= 0; at = sql.indexOf(NAME, at + 1)) {
            if (isEntry(tokens, at)) {
                String key = value(sql, at + NAME.length());
                if (!key.isEmpty()) {
                    return key;
                }
            }
        }
        return null;
    }

    /** Whether an entry of a plain block comment begins here: not of a hint, and not of SQL that some servers run. */
    private static boolean isEntry(Tokens tokens, int at) {
        String sql = tokens.text();
        int begin = sql.lastIndexOf("/*", at);
        boolean isInComment = begin >= 0
                && sql.indexOf("*/", begin + 2) > at
                && tokens.code().charAt(at) == ' '
                && tokens.code().substring(begin, at).isBlank();
        if (!isInComment
                || sql.startsWith("/*!", begin)
                || sql.startsWith("/*+", begin)
                || sql.startsWith("/*M!", begin)) {
            return false;
        }
        char before = sql.charAt(at - 1);
        return before <= ' ' || before == ',' || at == begin + 2;
    }

    /** {@code 'customer%2042'}, where a quote within is escaped by a backslash, or {@code customer-42}. */
    private static String value(String sql, int from) {
        int end = from;
        if (from < sql.length() && sql.charAt(from) == '\'') {
            end = from + 1;
            while (end < sql.length() && sql.charAt(end) != '\'' && !sql.startsWith("*/", end)) {
                end += sql.charAt(end) == '\\' ? 2 : 1;
            }
            String quoted = sql.substring(from + 1, Math.min(end, sql.length()));
            return decoded(quoted.replace("\\'", "'"));
        }
        while (end < sql.length() && sql.charAt(end) > ' ' && sql.charAt(end) != ',' && !sql.startsWith("*/", end)) {
            end++;
        }
        return decoded(sql.substring(from, end));
    }

    /** Percent escapes opened, so that the key is the same that client info gives. What is no escape stays. */
    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
