package io.crossfade.dialect;

import java.util.Arrays;

/**
 * The tokens of one text, as positions in it. {@link #code} is the same text with executable comments opened: their
 * marks are blanks there, and so is everything that the server skips as a comment; token positions hold for both.
 *
 * <p>Immutable once the lexer has handed it out; safe for many threads.
 */
public final class Tokens {
    private final String text;
    private final String code;
    private final TokenKind[] kinds;
    private final int[] starts;
    private final int[] ends;
    private final int size;

    Tokens(String text, String code, TokenKind[] kinds, int[] starts, int[] ends, int size) {
        this.text = text;
        this.code = code;
        this.kinds = Arrays.copyOf(kinds, size);
        this.starts = Arrays.copyOf(starts, size);
        this.ends = Arrays.copyOf(ends, size);
        this.size = size;
    }

    public String text() {
        return text;
    }

    /** The text as the server executes it: of the same length, comments blanked, executable comments opened. */
    public String code() {
        return code;
    }

    public int size() {
        return size;
    }

    public TokenKind kind(int i) {
        return kinds[i];
    }

    /** Where token {@code i} begins, in UTF-16 units from 0. */
    public int start(int i) {
        return starts[i];
    }

    /** Where token {@code i} ends, exclusive. */
    public int end(int i) {
        return ends[i];
    }

    public String text(int i) {
        return text.substring(starts[i], ends[i]);
    }

    /** Whether token {@code i} is this bare word, in whatever case. */
    public boolean isWord(int i, String word) {
        return i >= 0
                && i < size
                && kinds[i] == TokenKind.WORD
                && ends[i] - starts[i] == word.length()
                && text.regionMatches(true, starts[i], word, 0, word.length());
    }

    /** Whether token {@code i} is this one character. */
    public boolean isSymbol(int i, char symbol) {
        return i >= 0 && i < size && kinds[i] == TokenKind.SYMBOL && text.charAt(starts[i]) == symbol;
    }

    /** Whether token {@code i} may be an identifier: a bare word or a quoted one. */
    public boolean isName(int i) {
        return i >= 0 && i < size && (kinds[i] == TokenKind.WORD || kinds[i] == TokenKind.QUOTED);
    }

    /** The identifier that token {@code i} spells, without its quotes. */
    public String name(int i) {
        if (kinds[i] != TokenKind.QUOTED) {
            return text(i);
        }
        char quote = text.charAt(starts[i]);
        String inner = text.substring(starts[i] + 1, ends[i] - 1);
        return inner.indexOf(quote) < 0 ? inner : inner.replace("" + quote + quote, "" + quote);
    }

    /** Whether token {@code i} spells this identifier; case is ignored, as for columns everywhere in MySQL. */
    public boolean isNamed(int i, String name) {
        if (!isName(i)) {
            return false;
        }
        int quotes = kinds[i] == TokenKind.QUOTED ? 1 : 0;
        int length = ends[i] - starts[i] - 2 * quotes;
        if (length == name.length()) {
            return text.regionMatches(true, starts[i] + quotes, name, 0, length);
        }
        return quotes == 1 && name(i).equalsIgnoreCase(name);
    }

    /** Whether any token could not be read. */
    public boolean isBroken() {
        return size > 0 && kinds[size - 1] == TokenKind.BROKEN;
    }

    /** The index of the token that starts at or holds this position, or of the next one; {@code size()} past the end. */
    public int at(int position) {
        int i = Arrays.binarySearch(starts, position);
        if (i >= 0) {
            return i;
        }
        int before = -i - 2;
        return before >= 0 && position < ends[before] ? before : before + 1;
    }
}
