package io.crossfade.dialect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tokens of MySQL's and MariaDB's SQL. It knows just enough to never take a string for an identifier or a
 * comment for code, under the sql_mode at hand; it does not know grammar.
 *
 * <p>{@code SELECT o FROM t /*!50000 WHERE o = 1 *}{@code /} gives the tokens of the executable comment too where the
 * server would run it.
 *
 * <p>Confined to one call: {@link #lex} makes a new one.
 */
public final class Lexer {

    /** Rough guess at characters per token, so that the arrays seldom grow. Judged, not measured. */
    private static final int CHARS_PER_TOKEN = 4;

    private final String text;
    private final SqlMode mode;
    private final int serverVersion;
    private final boolean mariaDb;

    private TokenKind[] kinds;
    private int[] starts;
    private int[] ends;
    private int size;
    private char @Nullable [] code;
    private boolean insideExecutable;

    private Lexer(String text, SqlMode mode, int serverVersion, boolean mariaDb) {
        this.text = text;
        this.mode = mode;
        this.serverVersion = serverVersion;
        this.mariaDb = mariaDb;
        int guess = text.length() / CHARS_PER_TOKEN + 8;
        kinds = new TokenKind[guess];
        starts = new int[guess];
        ends = new int[guess];
    }

    /**
     * Lexes a text.
     *
     * @param serverVersion as in executable comments: 80015 for 8.0.15, 110405 for MariaDB 11.4.5
     * @param mariaDb whether the server is MariaDB, which skips executable comments for MySQL 5.7 and later
     */
    public static Tokens lex(String text, SqlMode mode, int serverVersion, boolean mariaDb) {
        Lexer lexer = new Lexer(text, mode, serverVersion, mariaDb);
        lexer.run();
        String code = lexer.code == null ? text : new String(lexer.code);
        return new Tokens(text, code, lexer.kinds, lexer.starts, lexer.ends, lexer.size);
    }

    private void run() {
        int i = 0;
        int length = text.length();
        while (i < length) {
            i = next(i);
        }
        if (insideExecutable) {
            add(TokenKind.BROKEN, length, length);
        }
    }

    /** Reads what begins at {@code i} and gives the position after it. */
    private int next(int i) {
        char c = text.charAt(i);
        if (c <= ' ') {
            return i + 1;
        }
        if (isWordChar(c)) {
            return word(i);
        }
        switch (c) {
            case '\'':
                return quoted(i, TokenKind.STRING, !mode.noBackslashEscapes());
            case '"':
                return mode.ansiQuotes()
                        ? quoted(i, TokenKind.QUOTED, false)
                        : quoted(i, TokenKind.STRING, !mode.noBackslashEscapes());
            case '`':
                return quoted(i, TokenKind.QUOTED, false);
            case '?':
                return add(TokenKind.PARAMETER, i, i + 1);
            case '@':
                return variable(i);
            case '#':
                return blank(i, endOfLine(i));
            case '-':
                if (startsWith(i, "--") && (i + 2 >= text.length() || text.charAt(i + 2) <= ' ')) {
                    return blank(i, endOfLine(i));
                }
                return add(TokenKind.SYMBOL, i, i + 1);
            case '/':
                return startsWith(i, "/*") ? comment(i) : add(TokenKind.SYMBOL, i, i + 1);
            case '*':
                if (insideExecutable && startsWith(i, "*/")) {
                    insideExecutable = false;
                    return blank(i, i + 2);
                }
                return add(TokenKind.SYMBOL, i, i + 1);
            case '.':
                if (i + 1 < text.length() && isDigit(text.charAt(i + 1)) && !followsName(i)) {
                    return number(i);
                }
                return add(TokenKind.SYMBOL, i, i + 1);
            default:
                return add(TokenKind.SYMBOL, i, i + 1);
        }
    }

    private int word(int i) {
        if (isDigit(text.charAt(i)) && !(size > 0 && isDot(size - 1) && ends[size - 1] == i)) {
            return number(i);
        }
        int end = i + 1;
        while (end < text.length() && isWordChar(text.charAt(end))) {
            end++;
        }
        return add(TokenKind.WORD, i, end);
    }

    /** A number, or a bare identifier that begins with digits, such as {@code 2fa}. */
    private int number(int i) {
        int end = i;
        while (end < text.length() && isWordChar(text.charAt(end))) {
            end++;
        }
        if (isNumberWord(i, end)) {
            boolean exponent = endsInExponent(i, end);
            if (end < text.length() && text.charAt(end) == '.' && !exponent && isAllDigits(i, end)) {
                end++;
                int fraction = end;
                while (end < text.length() && isWordChar(text.charAt(end))) {
                    end++;
                }
                exponent = endsInExponent(fraction, end);
            }
            if (exponent && end + 1 < text.length() && isSign(text.charAt(end)) && isDigit(text.charAt(end + 1))) {
                end += 2;
                while (end < text.length() && isDigit(text.charAt(end))) {
                    end++;
                }
            }
            return add(TokenKind.NUMBER, i, end);
        }
        if (text.charAt(i) == '.') {
            end = i + 1;
            while (end < text.length() && isWordChar(text.charAt(end))) {
                end++;
            }
            if (endsInExponent(i + 1, end)
                    && end + 1 < text.length()
                    && isSign(text.charAt(end))
                    && isDigit(text.charAt(end + 1))) {
                end += 2;
                while (end < text.length() && isDigit(text.charAt(end))) {
                    end++;
                }
            }
            return add(TokenKind.NUMBER, i, end);
        }
        return add(TokenKind.WORD, i, end);
    }

    private boolean isNumberWord(int i, int end) {
        if (isAllDigits(i, end) || endsInExponent(i, end)) {
            return end > i;
        }
        if (end - i > 2 && text.charAt(i) == '0' && (text.charAt(i + 1) == 'x' || text.charAt(i + 1) == 'b')) {
            for (int k = i + 2; k < end; k++) {
                if (Character.digit(text.charAt(k), text.charAt(i + 1) == 'x' ? 16 : 2) < 0) {
                    return false;
                }
            }
            return true;
        }
        // 1e5: digits, e, digits
        int k = i;
        while (k < end && isDigit(text.charAt(k))) {
            k++;
        }
        return k > i && k + 1 < end && (text.charAt(k) | 0x20) == 'e' && isAllDigits(k + 1, end);
    }

    private boolean endsInExponent(int i, int end) {
        return end - i > 1
                && (text.charAt(end - 1) | 0x20) == 'e'
                && isAllDigits(i, end - 1)
                && end < text.length()
                && isSign(text.charAt(end));
    }

    private boolean isAllDigits(int i, int end) {
        for (int k = i; k < end; k++) {
            if (!isDigit(text.charAt(k))) {
                return false;
            }
        }
        return true;
    }

    private int quoted(int i, TokenKind kind, boolean backslashEscapes) {
        char quote = text.charAt(i);
        int k = i + 1;
        while (k < text.length()) {
            char c = text.charAt(k);
            if (c == '\\' && backslashEscapes) {
                k += 2;
            } else if (c == quote) {
                if (k + 1 < text.length() && text.charAt(k + 1) == quote) {
                    k += 2;
                } else {
                    return add(kind, i, k + 1);
                }
            } else {
                k++;
            }
        }
        return add(TokenKind.BROKEN, i, text.length());
    }

    private int variable(int i) {
        int k = i + 1;
        if (k < text.length() && text.charAt(k) == '@') {
            k++;
        }
        if (k < text.length() && (text.charAt(k) == '`' || text.charAt(k) == '\'' || text.charAt(k) == '"')) {
            int end = quoted(k, TokenKind.VARIABLE, false);
            if (kinds[size - 1] == TokenKind.VARIABLE) {
                starts[size - 1] = i;
            }
            return end;
        }
        while (k < text.length() && (isWordChar(text.charAt(k)) || text.charAt(k) == '.')) {
            k++;
        }
        return add(TokenKind.VARIABLE, i, k);
    }

    private int comment(int i) {
        boolean executable = startsWith(i, "/*!");
        boolean mariaOnly = startsWith(i, "/*M!");
        if ((executable || mariaOnly) && !insideExecutable) {
            int k = i + (executable ? 3 : 4);
            int digits = k;
            while (digits < text.length() && digits - k < 6 && isDigit(text.charAt(digits))) {
                digits++;
            }
            int count = digits - k;
            // Five digits, or six for 10.0 and later; fewer are not a version.
            if (count < 5) {
                digits = k;
            }
            int gate = digits == k ? 0 : Integer.parseInt(text.substring(k, digits));
            if (runs(gate, mariaOnly)) {
                insideExecutable = true;
                return blank(i, digits);
            }
            int end = endOfSkippedExecutable(digits);
            return end < 0 ? add(TokenKind.BROKEN, i, text.length()) : blank(i, end);
        }
        int end = text.indexOf("*/", i + 2);
        return end < 0 ? add(TokenKind.BROKEN, i, text.length()) : blank(i, end + 2);
    }

    private boolean runs(int gate, boolean mariaOnly) {
        if (mariaDb) {
            return gate <= serverVersion && (mariaOnly || gate < 50700 || gate > 99999);
        }
        return !mariaOnly && gate <= serverVersion;
    }

    /** A skipped executable comment may hold plain ones. */
    private int endOfSkippedExecutable(int from) {
        int k = from;
        while (true) {
            int end = text.indexOf("*/", k);
            int inner = text.indexOf("/*", k);
            if (end < 0 || inner < 0 || inner > end) {
                return end < 0 ? -1 : end + 2;
            }
            k = end + 2;
        }
    }

    private int blank(int from, int to) {
        if (code == null) {
            code = text.toCharArray();
        }
        Arrays.fill(code, from, to, ' ');
        return to;
    }

    private int endOfLine(int i) {
        int end = text.indexOf('\n', i);
        return end < 0 ? text.length() : end;
    }

    private int add(TokenKind kind, int start, int end) {
        if (size == kinds.length) {
            int more = size * 2;
            kinds = Arrays.copyOf(kinds, more);
            starts = Arrays.copyOf(starts, more);
            ends = Arrays.copyOf(ends, more);
        }
        kinds[size] = kind;
        starts[size] = start;
        ends[size] = end;
        size++;
        return end;
    }

    private boolean followsName(int i) {
        return size > 0
                && ends[size - 1] == i
                && (kinds[size - 1] == TokenKind.WORD || kinds[size - 1] == TokenKind.QUOTED);
    }

    private boolean isDot(int token) {
        return kinds[token] == TokenKind.SYMBOL && text.charAt(starts[token]) == '.';
    }

    private boolean startsWith(int i, String prefix) {
        return text.startsWith(prefix, i);
    }

    private static boolean isSign(char c) {
        return c == '+' || c == '-';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Letters, digits, underscore, dollar, and everything beyond ASCII, as MySQL allows in bare identifiers. */
    private static boolean isWordChar(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '$'
                || c >= 0x80;
    }
}
