package io.crossfade.migrator.alter;

import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A key of a table: its columns, and a value of it for each number. Different numbers give different keys under the key's own
 * collation; {@link #respelled} gives the same key in other bytes where the collation has such.
 *
 * @param types the columns' types in CREATE TABLE
 * @param values literals for a number, one for each column
 * @param respelled literals of the same key, spelled in another way
 * @param isAutomatic whether the first column is AUTO_INCREMENT
 * @param wider a type that the first column may take; empty where it has to stay
 */
record StressKey(
        List<String> types,
        IntFunction<List<String>> values,
        IntFunction<List<String>> respelled,
        boolean isAutomatic,
        String wider) {

    StressKey {
        types = List.copyOf(types);
    }

    private static StressKey plain(IntFunction<List<String>> values, String... types) {
        return new StressKey(List.of(types), values, values, false, "");
    }

    static StressKey any(SeededRandom random, ServerKind server) {
        List<StressKey> all = new ArrayList<>();
        for (String auto : List.of("INT", "BIGINT", "BIGINT UNSIGNED", "INT UNSIGNED")) {
            IntFunction<List<String>> number = i -> List.of(Integer.toString(i));
            String wider = auto.equals("INT") ? "BIGINT" : auto.equals("INT UNSIGNED") ? "BIGINT UNSIGNED" : "";
            all.add(new StressKey(List.of(auto), number, number, true, wider));
        }
        all.add(plain(i -> List.of(Integer.toString(i % 37 - 18), Integer.toString(i / 37)), "INT", "INT"));
        all.add(plain(i -> List.of("18446744073709" + (500000 + i)), "BIGINT UNSIGNED"));
        all.add(plain(i -> List.of(hex(i * 2654435761L & 0xFFFFFFFFL, 4)), "BINARY(4)"));
        all.add(plain(
                i -> List.of("X'" + "00".repeat(i % 3) + String.format(Locale.ROOT, "%06X", i) + "'"), "VARBINARY(8)"));
        all.add(plain(i -> List.of(date(i % 400), Integer.toString(i / 400 - 2)), "DATE", "INT"));
        all.add(plain(
                i -> List.of("'" + "abcde".charAt(i % 5) + "'", Integer.toString(i / 5)),
                "ENUM('e','b','c','a','d')",
                "INT UNSIGNED"));
        all.add(plain(i -> List.of((i - 1500) + "." + i % 10 + "5"), "DECIMAL(12,2)"));
        all.add(plain(
                i -> List.of("'2024-01-" + (10 + i % 15) + " 10:11:12." + String.format(Locale.ROOT, "%06d", i) + "'"),
                "DATETIME(6)"));
        all.add(plain(
                i -> List.of("'" + (i % 2 == 0 ? "-" : "") + i / 60 + ":" + String.format(Locale.ROOT, "%02d", i % 60)
                        + ":07.5'"),
                "TIME(1)"));
        all.add(plain(
                i -> List.of("'2024-02-03 04:05:" + (10 + i % 40) + "'", Integer.toString(i / 40)),
                "TIMESTAMP",
                "MEDIUMINT"));
        all.add(plain(
                i -> List.of(Integer.toString(i % 1024), "'" + setOf(i / 1024 % 8) + "'", Integer.toString(i / 8192)),
                "BIT(10)",
                "SET('x','y','z')",
                "TINYINT"));
        List<String> collations = new ArrayList<>(List.of(
                "utf8mb4 COLLATE utf8mb4_general_ci",
                "utf8mb4 COLLATE utf8mb4_unicode_ci",
                "utf8mb4 COLLATE utf8mb4_bin",
                "latin1 COLLATE latin1_swedish_ci",
                "latin1 COLLATE latin1_german2_ci",
                "utf8 COLLATE utf8_general_ci"));
        if (server == ServerKind.MYSQL_80) {
            collations.add("utf8mb4 COLLATE utf8mb4_0900_ai_ci");
            collations.add("utf8mb4 COLLATE utf8mb4_0900_as_cs");
        } else if (server.isMariaDb()) {
            collations.add("utf8mb4 COLLATE utf8mb4_uca1400_ai_ci");
            collations.add("utf8mb4 COLLATE utf8mb4_nopad_bin");
        }
        for (String collation : collations) {
            all.add(text(collation, "VARCHAR(20)"));
        }
        String one = random.pick(collations);
        all.add(text(one, "CHAR(20)"));
        StressKey word = text(one, "VARCHAR(20)");
        all.add(new StressKey(
                List.of("SMALLINT", word.types().get(0)),
                i -> List.of(
                        Integer.toString(i % 11), word.values().apply(i / 11).get(0)),
                i -> List.of(
                        Integer.toString(i % 11), word.respelled().apply(i / 11).get(0)),
                false,
                ""));
        return random.pick(all);
    }

    private static StressKey text(String charset, String type) {
        String alphabet = "abcdefghij";
        IntFunction<String> word = i -> Integer.toString(i)
                .chars()
                .mapToObj(c -> Character.toString(alphabet.charAt(c - '0')))
                .collect(Collectors.joining());
        boolean isExact = charset.contains("_bin") || charset.contains("_as_cs");
        return new StressKey(
                List.of(type + " CHARACTER SET " + charset),
                i -> List.of(StressKind.utf8(word.apply(i))),
                i -> List.of(
                        StressKind.utf8(isExact ? word.apply(i) : word.apply(i).toUpperCase(Locale.ROOT))),
                false,
                "");
    }

    private static String setOf(int bits) {
        return IntStream.range(0, 3)
                .filter(i -> (bits >> i & 1) == 1)
                .mapToObj(i -> "xyz".substring(i, i + 1))
                .collect(Collectors.joining(","));
    }

    private static String date(int day) {
        return "'" + java.time.LocalDate.of(2023, 11, 3).plusDays(day) + "'";
    }

    private static String hex(long value, int bytes) {
        return "X'" + HexFormat.of().withUpperCase().toHexDigits(value, bytes * 2) + "'";
    }
}
