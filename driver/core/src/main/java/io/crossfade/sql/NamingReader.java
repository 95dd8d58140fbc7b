package io.crossfade.sql;

import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Side;
import io.crossfade.state.Naming;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds which side of a change a statement names. By tokens alone, so that it tells also of statements that pass as they are; where a bare name may be another table's column it is taken for the changing one's, which is the safe mistake.
 *
 * <p>Confined to one planning.
 */
final class NamingReader {

    /** Enough to know a statement again by. */
    private static final int SHAPE_CHARS_MAX = 400;

    /** Words that may stand behind a table's name and are no alias. */
    private static final Set<String> NO_ALIAS = Set.of(
            "SET",
            "WHERE",
            "VALUES",
            "VALUE",
            "SELECT",
            "ON",
            "JOIN",
            "INNER",
            "LEFT",
            "RIGHT",
            "CROSS",
            "NATURAL",
            "GROUP",
            "ORDER",
            "HAVING",
            "LIMIT",
            "FOR",
            "USE",
            "FORCE",
            "IGNORE",
            "UNION",
            "PARTITION",
            "STRAIGHT_JOIN",
            "USING",
            "LOCK",
            "WINDOW",
            "INTO");

    private final Tokens tokens;
    private final String verb;

    NamingReader(Tokens tokens) {
        this.tokens = tokens;
        this.verb = tokens.size() == 0 ? "" : tokens.text(0).toUpperCase(Locale.ROOT);
    }

    List<Naming> read(List<ChangingTable> tables) {
        List<Naming> found = new ArrayList<>();
        for (ChangingTable table : tables) {
            boolean old = names(table, Side.OLD);
            boolean fresh = names(table, Side.NEW);
            boolean star = !old && !fresh && meansWholeRow();
            if (old) {
                found.add(naming(table, Side.OLD, false));
            }
            if (fresh) {
                found.add(naming(table, Side.NEW, false));
            }
            if (star) {
                found.add(naming(table, table.view(), true));
            }
        }
        return found;
    }

    private Naming naming(ChangingTable table, Side side, boolean byStar) {
        return new Naming(table.change().id(), side, byStar, verb, shape());
    }

    private boolean names(ChangingTable table, Side side) {
        Set<String> qualifiers = null;
        for (int i = 1; i < tokens.size(); i++) {
            if (!tokens.isName(i) || !isColumn(table, side, tokens.name(i))) {
                continue;
            }
            if (tokens.isSymbol(i + 1, '.') || tokens.kind(i) == TokenKind.WORD && tokens.isSymbol(i + 1, '(')) {
                continue; // A qualifier, or a function.
            }
            if (!tokens.isSymbol(i - 1, '.')) {
                return true;
            }
            if (qualifiers == null) {
                qualifiers = qualifiers(table.name().table());
            }
            if (tokens.isName(i - 2) && qualifiers.contains(tokens.name(i - 2).toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isColumn(ChangingTable table, Side side, String name) {
        return (side == Side.OLD ? table.ofOld(name) : table.ofNew(name)).isPresent();
    }

    /** What the table's columns may be qualified with: its name and its aliases. */
    private Set<String> qualifiers(String table) {
        Set<String> found = new HashSet<>();
        found.add(table.toLowerCase(Locale.ROOT));
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.isNamed(i, table) && !tokens.isSymbol(i + 1, '.')) {
                int alias = tokens.isWord(i + 1, "AS") ? i + 2 : i + 1;
                if (tokens.isName(alias)
                        && !NO_ALIAS.contains(tokens.name(alias).toUpperCase(Locale.ROOT))) {
                    found.add(tokens.name(alias).toLowerCase(Locale.ROOT));
                }
            }
        }
        return found;
    }

    /** {@code SELECT *}, {@code TABLE t}, NATURAL JOIN, INSERT without a list of columns. */
    private boolean meansWholeRow() {
        if (verb.equals("INSERT") || verb.equals("REPLACE")) {
            for (int i = 1; i < tokens.size(); i++) {
                if (tokens.isWord(i, "VALUES") || tokens.isWord(i, "VALUE") || tokens.isWord(i, "SELECT")) {
                    return !tokens.isSymbol(i - 1, ')');
                }
            }
            return false;
        }
        for (int i = 0; i < tokens.size(); i++) {
            boolean isStar = tokens.isSymbol(i, '*')
                    && (tokens.isWord(i - 1, "SELECT") || tokens.isSymbol(i - 1, '.') || tokens.isSymbol(i - 1, ','));
            if (isStar || tokens.isWord(i, "NATURAL") || i == 0 && tokens.isWord(i, "TABLE")) {
                return true;
            }
        }
        return false;
    }

    private String shape() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size() && text.length() < SHAPE_CHARS_MAX; i++) {
            if (i > 0 && tokens.start(i) > tokens.end(i - 1)) {
                text.append(' ');
            }
            boolean isLiteral = tokens.kind(i) == TokenKind.STRING || tokens.kind(i) == TokenKind.NUMBER;
            text.append(isLiteral ? "?" : tokens.text(i));
        }
        return text.length() > SHAPE_CHARS_MAX ? text.substring(0, SHAPE_CHARS_MAX) + "…" : text.toString();
    }
}
