package io.crossfade.jdbc;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds the {@link Effect}s of a text, in order. A look at the first letters tells nearly every statement to have none; the
 * rest is lexed. Where in doubt it believes that a transaction stays open, which only makes the migrator wait.
 *
 * <p>Confined to one call.
 */
final class EffectReader {

    private static final List<String> FIRST_WORDS =
            List.of("begin", "start", "commit", "rollback", "set", "use", "xa", "alter", "create", "drop", "rename");

    private final Tokens tokens;
    private final List<Effect> effects = new ArrayList<>();

    private EffectReader(Tokens tokens) {
        this.tokens = tokens;
    }

    static List<Effect> effects(String sql, SqlMode mode, Dialect dialect) {
        if (!mayHaveEffects(sql)) {
            return List.of();
        }
        EffectReader reader = new EffectReader(dialect.lex(sql, mode));
        reader.read();
        return List.copyOf(reader.effects);
    }

    /** Whether the text begins with one of the words or a comment, or holds more than one statement. */
    static boolean mayHaveEffects(String sql) {
        int first = 0;
        while (first < sql.length() && sql.charAt(first) <= ' ') {
            first++;
        }
        if (first == sql.length()) {
            return false;
        }
        char c = sql.charAt(first);
        if (c == '/' || c == '-' || c == '#' || c == ';') {
            return true;
        }
        for (String word : FIRST_WORDS) {
            if (sql.regionMatches(true, first, word, 0, word.length())) {
                return true;
            }
        }
        int semicolon = sql.indexOf(';');
        return semicolon >= 0 && !sql.substring(semicolon + 1).isBlank();
    }

    private void read() {
        int from = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || tokens.isSymbol(i, ';')) {
                statement(from, i);
                from = i + 1;
            }
        }
    }

    private void statement(int from, int to) {
        if (from >= to) {
            return;
        }
        switch (tokens.text(from).toLowerCase(Locale.ROOT)) {
            case "begin" -> effects.add(new Effect.Begin());
            case "start" -> {
                if (tokens.isWord(from + 1, "transaction")) {
                    effects.add(new Effect.Begin());
                }
            }
            case "commit", "rollback" -> end(from, to);
            case "xa" -> xa(from);
            case "set" -> set(from, to);
            case "use" -> {
                if (from + 1 < to && tokens.isName(from + 1)) {
                    effects.add(new Effect.Use(tokens.name(from + 1)));
                }
            }
            case "alter", "create", "drop", "rename" -> effects.add(new Effect.Ddl());
            default -> {
                // No effect.
            }
        }
    }

    /** {@code ROLLBACK TO s} ends nothing; {@code COMMIT AND CHAIN} begins anew. */
    private void end(int from, int to) {
        if (find(from, to, "to") < 0) {
            int chain = find(from, to, "chain");
            effects.add(new Effect.End(chain >= 0 && !tokens.isWord(chain - 1, "no")));
        }
    }

    /** A prepared XA transaction is open until it is committed or rolled back. */
    private void xa(int from) {
        if (tokens.isWord(from + 1, "start") || tokens.isWord(from + 1, "begin")) {
            effects.add(new Effect.Begin());
        } else if (tokens.isWord(from + 1, "commit") || tokens.isWord(from + 1, "rollback")) {
            effects.add(new Effect.End(false));
        }
    }

    private void set(int from, int to) {
        boolean isGlobal = false;
        for (int i = from + 1; i < to; i++) {
            String word = tokens.text(i).toLowerCase(Locale.ROOT);
            if (tokens.isSymbol(i, ',')) {
                isGlobal = false;
            } else if (word.equals("global") || word.startsWith("@@global")) {
                isGlobal = true;
            }
            if (word.contains("sql_mode")) {
                effects.add(new Effect.ModeSet());
            } else if (!isGlobal && word.endsWith("autocommit")) {
                effects.add(new Effect.AutoCommit(isOn(i + 1, to)));
            }
        }
    }

    private boolean isOn(int from, int to) {
        int value = from;
        while (value < to && (tokens.isSymbol(value, '=') || tokens.isSymbol(value, ':'))) {
            value++;
        }
        if (value >= to) {
            return false;
        }
        String text = tokens.text(value).toLowerCase(Locale.ROOT).replace("'", "");
        return text.equals("1") || text.equals("on") || text.equals("true");
    }

    private int find(int from, int to, String word) {
        for (int i = from; i < to; i++) {
            if (tokens.isWord(i, word)) {
                return i;
            }
        }
        return -1;
    }
}
