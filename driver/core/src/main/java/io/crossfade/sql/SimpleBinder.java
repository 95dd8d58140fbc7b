package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Binds names in a statement over one table and without sub-queries, where no scope is needed: every name that is a
 * column's is that table's. By tokens alone, so that no grammar can stand in the way.
 */
final class SimpleBinder {
    private final Tokens tokens;
    private final Dialect dialect;
    private final ChangingTable table;
    private final String alias;
    private final String qualifier;

    /**
     * @param alias the name that qualifies the table's columns
     * @param qualifier SQL that qualifies them, with its dot
     */
    SimpleBinder(Tokens tokens, Dialect dialect, ChangingTable table, String alias, String qualifier) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.table = table;
        this.alias = alias;
        this.qualifier = qualifier;
    }

    List<Reference> bind(int from, int to, Reference.Place place) throws NotUnderstoodException {
        List<Reference> references = new ArrayList<>();
        for (int i = from; i < to; i++) {
            if (tokens.isName(i) && table.isMapped(tokens.name(i)) && !tokens.isSymbol(i + 1, '.') && !isFunction(i)) {
                references.add(reference(i, place));
            }
        }
        return references;
    }

    private Reference reference(int i, Reference.Place place) throws NotUnderstoodException {
        String name = tokens.name(i);
        int first = i;
        if (tokens.isSymbol(i - 1, '.')) {
            first = i - 2;
            if (!tokens.isNamed(first, alias)) {
                throw new NotUnderstoodException(
                        "unbound-name", "\"" + name + "\" has a qualifier that is not the table's");
            }
            if (tokens.isSymbol(first - 1, '.')) {
                first -= 2;
            }
        } else {
            boolean keyword = tokens.kind(i) == TokenKind.WORD && dialect.isKeyword(name);
            if (keyword
                    || tokens.isWord(i - 1, "AS")
                    || tokens.isWord(i - 1, "COLLATE")
                    || tokens.isWord(i - 1, "USING")) {
                throw new NotUnderstoodException("unbound-name", "\"" + name + "\" may be a keyword where it stands");
            }
        }
        boolean inserted =
                tokens.isSymbol(first - 1, '(') && tokens.isWord(first - 2, "VALUES") && tokens.isSymbol(i + 1, ')');
        Reference reference =
                table.reference(first, i + 1, name, qualifier, inserted ? Reference.Place.INSERTED : place, false);
        if (reference == null) {
            throw new IllegalStateException("a mapped column has no mapping: " + name);
        }
        return reference;
    }

    private boolean isFunction(int i) {
        return tokens.kind(i) == TokenKind.WORD && tokens.isSymbol(i + 1, '(');
    }
}
