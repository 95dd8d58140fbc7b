package io.crossfade.migrator.alter;

import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A type of column, what it may become, and values for it that the server takes unchanged before and after: so that a writer
 * need not know whether the names have been exchanged.
 *
 * @param type as in CREATE TABLE
 * @param wider types that hold every value of this one
 * @param literal a value as SQL
 */
record StressKind(String type, List<String> wider, Function<SeededRandom, String> literal) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    StressKind {
        wider = List.copyOf(wider);
    }

    /** Whether an index may hold a column of it whole. */
    boolean isIndexable() {
        return !type.contains("TEXT") && !type.contains("BLOB") && !type.contains("JSON");
    }

    static StressKind of(String type, Function<SeededRandom, String> literal, String... wider) {
        return new StressKind(type, List.of(wider), literal);
    }

    /** Every type that a server of this kind has. */
    static List<StressKind> all(ServerKind server) {
        List<StressKind> all = new ArrayList<>();
        numbers(all);
        times(all);
        bytes(all);
        words(all);
        texts(all);
        StressKind json = of("JSON", StressKind::document);
        all.add(json);
        if (!server.isMariaDb()) {
            all.add(of("TEXT CHARACTER SET utf8mb4", StressKind::document, "JSON"));
        }
        return all;
    }

    private static void numbers(List<StressKind> all) {
        all.add(of("TINYINT", r -> within(r, -128, 127), "SMALLINT", "INT", "BIGINT", "DECIMAL(10,2)"));
        all.add(of("TINYINT UNSIGNED", r -> within(r, 0, 255), "INT UNSIGNED", "SMALLINT"));
        all.add(of("SMALLINT", r -> within(r, -32768, 32767), "INT"));
        all.add(of("MEDIUMINT UNSIGNED", r -> within(r, 0, 16777215), "INT UNSIGNED", "BIGINT"));
        all.add(of("MEDIUMINT", r -> within(r, -8388608, 8388607), "BIGINT"));
        all.add(of("INT", r -> within(r, Integer.MIN_VALUE, Integer.MAX_VALUE), "BIGINT", "VARCHAR(20)"));
        all.add(of("INT UNSIGNED", r -> within(r, 0, 4294967295L), "BIGINT UNSIGNED", "BIGINT"));
        all.add(of("BIGINT", r -> Long.toString(r.nextLong())));
        all.add(of("BIGINT UNSIGNED", r -> Long.toUnsignedString(r.nextLong()), "DECIMAL(30,0)"));
        all.add(of("DECIMAL(12,3)", r -> within(r, -99999999, 99999999) + "." + digits(r, 3), "DECIMAL(20,5)"));
        all.add(of("DECIMAL(30,10) UNSIGNED", r -> within(r, 0, Long.MAX_VALUE) + "." + digits(r, 10)));
        all.add(of("FLOAT", r -> Double.toString(r.nextInt(-4000, 4000) / 8.0), "DOUBLE"));
        all.add(of("FLOAT", r -> Float.toString((r.nextFloat() - 0.5f) * 1e7f)));
        all.add(of("DOUBLE", r -> Double.toString((r.nextDouble() - 0.5) * Math.pow(10, r.nextInt(-200, 200)))));
        all.add(of("BIT(1)", r -> r.pick("b'0'", "b'1'"), "BIT(8)"));
        all.add(of("BIT(12)", r -> within(r, 0, 4095), "BIT(33)"));
        all.add(of("BIT(64)", r -> Long.toUnsignedString(r.nextLong())));
    }

    private static void times(List<StressKind> all) {
        all.add(of("DATE", r -> "'" + date(r) + "'", "DATETIME"));
        all.add(of("DATE", r -> r.chance(5) ? "'0000-00-00'" : "'" + date(r) + "'"));
        all.add(of(
                "DATE", r -> r.pick("'0000-00-00'", "'2024-00-00'", "'2024-05-00'", "'" + date(r) + "'"), "DATETIME"));
        all.add(of(
                "DATETIME",
                r -> r.pick("'0000-00-00 00:00:00'", "'" + date(r) + " " + clock(r, 0) + "'"),
                "DATETIME(3)",
                "VARCHAR(40)"));
        all.add(of("TIMESTAMP NULL", r -> r.pick("0", "'" + recent(r) + " " + clock(r, 0) + "'"), "TIMESTAMP(2) NULL"));
        all.add(of("YEAR", r -> within(r, 1901, 2155), "SMALLINT UNSIGNED"));
        all.add(of("TIME", r -> "'" + time(r, 0) + "'", "TIME(3)"));
        all.add(of("TIME(3)", r -> "'" + (r.chance(30) ? "-" : "") + time(r, 3) + "'", "TIME(6)"));
        all.add(of("DATETIME", r -> "'" + date(r) + " " + clock(r, 0) + "'", "DATETIME(2)"));
        all.add(of("DATETIME(6)", r -> "'" + date(r) + " " + clock(r, 6) + "'"));
        all.add(of("TIMESTAMP NULL", r -> "'" + recent(r) + " " + clock(r, 0) + "'", "TIMESTAMP(4) NULL", "DATETIME"));
        all.add(of("TIMESTAMP(3) NULL", r -> "'" + recent(r) + " " + clock(r, 3) + "'", "DATETIME(3)"));
    }

    private static void bytes(List<StressKind> all) {
        all.add(of("BINARY(6)", r -> hex(r, 6), "BINARY(10)"));
        all.add(of("VARBINARY(30)", r -> hex(r, 30), "VARBINARY(60)", "BLOB"));
        all.add(of("BLOB", r -> hex(r, 200), "LONGBLOB"));
        all.add(of("TINYBLOB", r -> hex(r, 100), "MEDIUMBLOB"));
    }

    private static void words(List<StressKind> all) {
        String letters = "ENUM('a','b','\u00f6','','C c')";
        Function<SeededRandom, String> one = r -> r.pick("'a'", "'b'", "'\u00f6'", "''", "'C c'");
        all.add(of(letters, one, "ENUM('a','b','\u00f6','','C c','z')", "VARCHAR(10)"));
        all.add(of(letters, one, "ENUM('z','C c','','\u00f6','b','a')"));
        Function<SeededRandom, String> some = r -> r.pick("'x'", "'x,y'", "''", "'y,z'", "'x,y,z'");
        all.add(of("SET('x','y','z')", some, "SET('x','y','z','w')"));
        all.add(of("SET('x','y','z')", some, "SET('z','y','x')"));
    }

    private static void texts(List<StressKind> all) {
        all.add(text("CHAR(12)", "utf8mb4", "ab\u00e4\ud83d\ude00\u4e2d"));
        all.add(text(
                "VARCHAR(40)", "utf8mb4", "ab\u00e4\ud83d\ude00\u4e2d\\'\"\n\0", "VARCHAR(90) CHARACTER SET utf8mb4"));
        all.add(text("VARCHAR(40)", "latin1", "ab\u00e4\u00df\u00ff'\\", "VARCHAR(40) CHARACTER SET utf8mb4"));
        all.add(text("TEXT", "latin1", "ab\u00e4\u00df\u00ff", "MEDIUMTEXT CHARACTER SET utf8mb4"));
        all.add(text("VARCHAR(40)", "gbk", "ab\u4e2d\u6587\u8a9e", "VARCHAR(40) CHARACTER SET utf8mb4"));
        all.add(text("VARCHAR(40)", "ascii", "abc\\'", "VARCHAR(40) CHARACTER SET latin1"));
        all.add(text("VARCHAR(40)", "utf8", "ab\u00e4\u4e2d", "VARCHAR(40) CHARACTER SET utf8mb4"));
        all.add(text("VARCHAR(40)", "ucs2", "ab\u00e4\u4e2d", "TEXT CHARACTER SET utf8mb4"));
        all.add(text("MEDIUMTEXT", "utf8mb4", "ab\u00e4\ud83d\ude00", "LONGTEXT CHARACTER SET utf8mb4"));
        all.add(text("VARCHAR(40)", "utf8mb4", "ab\u00e4\ud83d\ude00", "VARCHAR(40) CHARACTER SET utf16"));
    }

    private static StressKind text(String type, String charset, String letters, String... wider) {
        int[] points = letters.codePoints().toArray();
        return of(
                type + " CHARACTER SET " + charset,
                r -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = r.nextInt(12); i > 0; i--) {
                        text.appendCodePoint(points[r.nextInt(points.length)]);
                    }
                    return utf8(text.toString());
                },
                wider);
    }

    /** A text in a form that no connection's character set bends. */
    static String utf8(String text) {
        return "_utf8mb4 X'" + HEX.formatHex(text.getBytes(Charset.forName("UTF-8"))) + "'";
    }

    private static String document(SeededRandom r) {
        return utf8(r.pick(
                "{\"a\": 1.0, \"b\": [true, null, \"\u00e4\"], \"n\": 18446744073709551615}",
                "[1, -2, 3.5, 1e100, \"x\\\"y\"]",
                "{}",
                "\"" + within(r, 0, 99999) + "\"",
                within(r, -99999, 99999),
                "{\"k" + within(r, 0, 999) + "\": {\"deep\": [[], {}, \"\ud83d\ude00\"]}}"));
    }

    static String within(SeededRandom r, long from, long to) {
        return r.chance(5)
                ? Long.toString(r.chance(50) ? from : to)
                : Long.toString(from + Math.floorMod(r.nextLong(), to - from == Long.MAX_VALUE ? to : to - from + 1));
    }

    private static String digits(SeededRandom r, int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(r.nextInt(10));
        }
        return digits.toString();
    }

    private static String date(SeededRandom r) {
        return String.format(Locale.ROOT, "%04d-%02d-%02d", r.nextInt(1000, 9999), r.nextInt(1, 13), r.nextInt(1, 29));
    }

    private static String recent(SeededRandom r) {
        return String.format(Locale.ROOT, "%04d-%02d-%02d", r.nextInt(1971, 2037), r.nextInt(1, 13), r.nextInt(1, 29));
    }

    private static String clock(SeededRandom r, int fraction) {
        return String.format(Locale.ROOT, "%02d:%02d:%02d", r.nextInt(24), r.nextInt(60), r.nextInt(60))
                + (fraction == 0 ? "" : "." + digits(r, fraction));
    }

    private static String time(SeededRandom r, int fraction) {
        return String.format(Locale.ROOT, "%02d:%02d:%02d", r.nextInt(838), r.nextInt(60), r.nextInt(60))
                + (fraction == 0 ? "" : "." + digits(r, fraction));
    }

    private static String hex(SeededRandom r, int bytesMax) {
        byte[] bytes = new byte[r.nextInt(bytesMax + 1)];
        r.nextBytes(bytes);
        if (bytes.length > 0 && r.chance(30)) {
            bytes[bytes.length - 1] = 0;
        }
        return "X'" + HEX.formatHex(bytes) + "'";
    }
}
