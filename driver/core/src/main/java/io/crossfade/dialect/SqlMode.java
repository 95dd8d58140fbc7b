package io.crossfade.dialect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The words of {@code @@sql_mode} that change how a statement is read or what an assignment means. Immutable. */
public record SqlMode(
        boolean ansiQuotes,
        boolean noBackslashEscapes,
        boolean simultaneousAssignment,
        boolean pipesAsConcat,
        boolean strict) {

    /** What MySQL and MariaDB start with. */
    public static final SqlMode DEFAULT = new SqlMode(false, false, false, false, true);

    /** Reads the server's comma-separated list. */
    public static SqlMode of(String sqlMode) {
        Set<String> words = Arrays.stream(sqlMode.toUpperCase(Locale.ROOT).split(","))
                .map(String::trim)
                .collect(Collectors.toSet());
        boolean ansi = words.contains("ANSI")
                || words.contains("ORACLE")
                || words.contains("POSTGRESQL")
                || words.contains("DB2")
                || words.contains("MSSQL")
                || words.contains("MAXDB");
        return new SqlMode(
                ansi || words.contains("ANSI_QUOTES"),
                words.contains("NO_BACKSLASH_ESCAPES"),
                words.contains("SIMULTANEOUS_ASSIGNMENT"),
                ansi || words.contains("PIPES_AS_CONCAT"),
                words.contains("STRICT_TRANS_TABLES")
                        || words.contains("STRICT_ALL_TABLES")
                        || words.contains("TRADITIONAL"));
    }
}
