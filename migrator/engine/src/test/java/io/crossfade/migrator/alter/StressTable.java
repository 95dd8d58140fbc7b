package io.crossfade.migrator.alter;

import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of random structure. Its columns: the key {@code k1…}, one of unique values {@code u} or none, those that are written
 * {@code c1…}, those that are left alone {@code d1, d2} and may be dropped or renamed, a stamp that writes itself. Immutable.
 *
 * @param directions of the key's columns: empty, or {@code  DESC}
 * @param keyIsPrimary else it is a unique key, and the table has no primary one
 * @param unique the unique column's definition; empty where there is none
 * @param called what all of them are really called
 */
record StressTable(
        StressKey key,
        List<String> directions,
        boolean keyIsPrimary,
        String unique,
        List<Written> written,
        List<String> spare,
        List<String> indexes,
        StressNames called) {

    /** A column that writers write. */
    record Written(String name, StressKind kind, boolean mayBeNull, boolean isIndexed) {
        String definition(String type) {
            String bare = type.replace(" NULL", "");
            return name + " " + bare + (mayBeNull ? " NULL" : " NOT NULL");
        }

        String literal(SeededRandom random) {
            return mayBeNull && random.chance(10) ? "NULL" : kind.literal().apply(random);
        }
    }

    static StressTable any(SeededRandom random, ServerKind server, StressNames called) {
        StressKey key = StressKey.any(random, server);
        List<StressKind> kinds = StressKind.all(server);
        List<Written> written = new ArrayList<>();
        List<String> indexes = new ArrayList<>();
        for (int i = 1; i <= 3 + random.nextInt(7); i++) {
            StressKind kind = random.pick(kinds);
            boolean isIndexed = kind.isIndexable() && random.chance(25);
            if (isIndexed) {
                indexes.add("KEY i" + i + " (c" + i + ")");
            }
            written.add(new Written("c" + i, kind, kind.type().endsWith("NULL") || random.chance(40), isIndexed));
        }
        List<String> spare = new ArrayList<>(
                List.of("d1 INT NULL DEFAULT 5", "d2 VARCHAR(30) CHARACTER SET utf8mb4 NOT NULL DEFAULT 'd'"));
        if (random.chance(30)) {
            spare.add("s TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)");
        }
        if (random.chance(25)) {
            spare.add("g INT AS (d1 + 1) " + random.pick("VIRTUAL", "STORED"));
        }
        String unique = random.chance(60)
                ? random.pick("VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL", "INT NULL")
                : "";
        return new StressTable(
                key,
                key.types().stream().map(t -> random.chance(20) ? " DESC" : "").toList(),
                key.isAutomatic() || random.chance(80),
                unique,
                List.copyOf(written),
                List.copyOf(spare),
                List.copyOf(indexes),
                called);
    }

    List<String> keyNames() {
        return IntStream.rangeClosed(1, key.types().size())
                .mapToObj(i -> "k" + i)
                .toList();
    }

    /** {@code k1, k2 DESC}. */
    String directed(List<String> directions) {
        return IntStream.range(0, directions.size())
                .mapToObj(i -> keyNames().get(i) + directions.get(i))
                .collect(Collectors.joining(", "));
    }

    boolean hasUnique() {
        return !unique.isEmpty();
    }

    String create(String name) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < key.types().size(); i++) {
            parts.add("k" + (i + 1) + " " + key.types().get(i) + " NOT NULL"
                    + (key.isAutomatic() && i == 0 ? " AUTO_INCREMENT" : "")
                    + (key.types().get(i).equals("TIMESTAMP") ? " DEFAULT '2001-01-01 00:00:00'" : ""));
        }
        if (hasUnique()) {
            parts.add("u " + unique);
        }
        written.forEach(c -> parts.add(c.definition(c.kind().type())));
        parts.addAll(spare);
        parts.add((keyIsPrimary ? "PRIMARY KEY" : "UNIQUE KEY kk") + " (" + directed(directions) + ")");
        if (hasUnique()) {
            parts.add("UNIQUE KEY uu (u)");
        }
        parts.addAll(indexes);
        return called.sql(
                "CREATE TABLE " + name + " (" + String.join(", ", parts) + ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    }

    /** {@code (k1, u, c1, …)}: what an INSERT names. */
    String names() {
        List<String> names = new ArrayList<>(keyNames());
        if (hasUnique()) {
            names.add("u");
        }
        written.forEach(c -> names.add(c.name()));
        return "(" + String.join(", ", names) + ")";
    }

    /** {@code (7, 'u12', …)}. */
    String row(SeededRandom random, List<String> keyValues, String uniqueValue) {
        List<String> values = new ArrayList<>(keyValues);
        if (hasUnique()) {
            values.add(uniqueValue);
        }
        written.forEach(c -> values.add(c.literal(random)));
        return "(" + String.join(", ", values) + ")";
    }

    /** A unique value for a number; a value that is nobody's for a negative one. */
    String uniqueValue(int number) {
        return unique.startsWith("INT") ? Integer.toString(number) : "'u" + number + "'";
    }

    /** {@code k1 = 7 AND k2 = 'x'}. */
    String where(List<String> keyValues) {
        return IntStream.range(0, keyValues.size())
                .mapToObj(i -> "k" + (i + 1) + " = " + keyValues.get(i))
                .collect(Collectors.joining(" AND "));
    }

    /** {@code k1 = 8, k2 = 'y'}. */
    String assigned(List<String> keyValues) {
        return where(keyValues).replace(" AND ", ", ");
    }
}
