package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import io.crossfade.model.Mapping;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a query that is not understood: it goes as it is wherever the columns that it can name are right as they
 * stand, and is refused elsewhere.
 */
final class UnreadQuery {
    private final Tokens tokens;
    private final List<ChangingTable> named;

    UnreadQuery(Tokens tokens, List<ChangingTable> named) {
        this.tokens = tokens;
        this.named = named;
    }

    Plan plan(NotUnderstoodException why) {
        for (ChangingTable table : named) {
            String seen = wrongAsItStands(table);
            if (seen != null) {
                Refusals.Refused refused = Refusals.refused(
                        why.reason(), "SELECT", table, why.what() + ", and " + seen, "write it in a plainer form");
                return Plan.refused(refused.refusal);
            }
        }
        boolean mightBeNew = named.stream().anyMatch(t -> t.stage().atLeast(Stage.LIVE));
        return Plan.of(List.of(), mightBeNew ? why.reason() : null);
    }

    /** What the query as it is would read wrongly of this table, or null. */
    private @Nullable String wrongAsItStands(ChangingTable table) {
        Stage stage = table.stage();
        if (stage == Stage.OFF) {
            return null;
        }
        boolean old = false;
        boolean fresh = false;
        boolean star = false;
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isName(i)) {
                String name = tokens.name(i);
                old |= table.ofOld(name).isPresent();
                fresh |= table.ofNew(name).filter(UnreadQuery::comesFromOld).isPresent();
            }
            // Both take whatever columns there are.
            star |= tokens.isWord(i, "NATURAL") || tokens.isWord(i, "TABLE");
            star |= tokens.isSymbol(i, '*') && !tokens.isSymbol(i - 1, '(') && isStar(i);
        }
        if (old && !table.state().oldIsTrusted()) {
            return "the old columns are not kept at this stage";
        }
        if (fresh && !table.state().newIsVerified()) {
            return "the new columns are not verified yet, so that only a query that is understood can read them";
        }
        if (star && !table.starIsRight(Side.OLD)) {
            return "its star would show columns of both versions of the table";
        }
        return null;
    }

    private static boolean comesFromOld(Mapping mapping) {
        return mapping.hasUp();
    }

    /** Words after which a star is a list of columns; after anything else that is a value it multiplies. */
    private static final Set<String> SELECT_WORDS = Set.of(
            "SELECT",
            "DISTINCT",
            "DISTINCTROW",
            "ALL",
            "HIGH_PRIORITY",
            "STRAIGHT_JOIN",
            "SQL_SMALL_RESULT",
            "SQL_BIG_RESULT",
            "SQL_BUFFER_RESULT",
            "SQL_NO_CACHE",
            "SQL_CACHE",
            "SQL_CALC_FOUND_ROWS");

    private boolean isStar(int i) {
        return i == 0
                || tokens.isSymbol(i - 1, ',')
                || tokens.isSymbol(i - 1, '.')
                || SELECT_WORDS.contains(tokens.text(i - 1).toUpperCase(Locale.ROOT));
    }
}
