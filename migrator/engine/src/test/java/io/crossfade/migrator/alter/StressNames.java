package io.crossfade.migrator.alter;

import io.crossfade.testkit.SeededRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What tables, columns and indexes of a stress case are called. All texts are written with plain names, {@code t}, {@code c1}, and get
 * the names of the case before they are sent. Immutable.
 */
record StressNames(Map<String, String> real) {

    static final StressNames PLAIN = new StressNames(Map.of());

    /** A name, or what is not to be looked into: texts, names that are quoted already. */
    private static final Pattern TOKENS = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'|`(?:[^`]|``)*`|\"[^\"]*\""
            + "|(?<![\\w@])(t|k\\d|u|c\\d+|d[12]|r[12]|n\\d|g|s|i\\d+|kk|uu|uk|j1)(?!\\w)");

    private static final List<String> PLACES = List.of(
            "t", "k1", "k2", "u", "d1", "d2", "r1", "r2", "g", "s", "kk", "uu", "uk", "j1", "n1", "n2", "n3", "n5");

    private static final int CHARS_MAX = 64;

    StressNames {
        real = Map.copyOf(real);
    }

    static StressNames any(SeededRandom random) {
        List<String> places = new ArrayList<>(PLACES);
        for (int i = 1; i < 10; i++) {
            places.add("c" + i);
            places.add("i" + i);
        }
        List<String> reserved =
                new ArrayList<>(List.of("select", "ORDER", "Group", "key", "index", "_rowid1", "new", "OLD", "row"));
        Map<String, String> real = new HashMap<>();
        for (String place : places) {
            if (random.chance(50)) {
                real.put(
                        place,
                        random.chance(15) && !reserved.isEmpty()
                                ? reserved.remove(random.nextInt(reserved.size()))
                                : odd(random, place));
            }
        }
        return new StressNames(real);
    }

    /** Each has its place's plain name within, and so is nobody else's. */
    private static String odd(SeededRandom random, String place) {
        return random.pick(
                "the " + place,
                place + "`s",
                "``" + place,
                place.toUpperCase(Locale.ROOT) + "_B",
                "gr\u00f6\u00dfe " + place,
                "\u0418\u043c\u044f_" + place,
                "\u6570\u636e" + place,
                place + "'s",
                "\"" + place + "\"",
                place + "\\",
                place + ".x",
                place + "/x",
                place + "? :a @b",
                "{fn " + place + "}",
                "%s " + place + " %",
                "-- " + place,
                "/*" + place,
                "#" + place,
                "1" + place,
                "$" + place + "(),;",
                place + "_" + "x".repeat(CHARS_MAX - 1 - place.length()),
                place + "_" + "\u00e4".repeat(CHARS_MAX - 1 - place.length()));
    }

    /** The name of this one. */
    String of(String place) {
        return real.getOrDefault(place, place);
    }

    /** The same as a text in SQL. */
    String literal(String place) {
        return "'" + of(place).replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** A text with the names in it. */
    String sql(String text) {
        return sql(text, '`');
    }

    /** The same with another quote. */
    String sql(String text, char quote) {
        return TOKENS.matcher(text)
                .replaceAll(m -> java.util.regex.Matcher.quoteReplacement(
                        m.group(1) == null || !real.containsKey(m.group(1))
                                ? m.group()
                                : quoted(of(m.group(1)), quote)));
    }

    private static String quoted(String name, char quote) {
        String one = Character.toString(quote);
        return one + name.replace(one, one + one) + one;
    }
}
