package io.crossfade.migrator.alter;

import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A sql_mode that the whole server has while a case is played, and what it had before. The classes of one process, which share its
 * servers, run one after the other.
 */
final class StressMode implements AutoCloseable {

    /** Words that decide which values pass and what becomes of them: a run has a strict mode of its own for that, and so has the twin. */
    private static final Set<String> OF_VALUES =
            Set.of("NO_ZERO_DATE", "NO_ZERO_IN_DATE", "TRADITIONAL", "STRICT_ALL_TABLES", "PAD_CHAR_TO_FULL_LENGTH");

    private final AlterTrial trial;
    private final String before;
    private final String words;

    private StressMode(AlterTrial trial, String before, String words) {
        this.trial = trial;
        this.before = before;
        this.words = words;
    }

    /** Sets one; that of the server as it is now and then. */
    static StressMode set(SeededRandom random, ServerKind server, AlterTrial trial) throws SQLException {
        String before = trial.one("SELECT @@GLOBAL.sql_mode");
        if (random.chance(20)) {
            return new StressMode(trial, before, before);
        }
        List<String> all = new ArrayList<>(List.of(
                "ANSI_QUOTES",
                "ANSI",
                "PIPES_AS_CONCAT",
                "NO_BACKSLASH_ESCAPES",
                "REAL_AS_FLOAT",
                "HIGH_NOT_PRECEDENCE",
                "NO_UNSIGNED_SUBTRACTION",
                "IGNORE_SPACE",
                "PAD_CHAR_TO_FULL_LENGTH",
                "TRADITIONAL",
                "NO_AUTO_VALUE_ON_ZERO",
                "STRICT_ALL_TABLES"));
        if (server.isMariaDb()) {
            all.addAll(List.of("EMPTY_STRING_IS_NULL", "ORACLE", "TIME_ROUND_FRACTIONAL", "SIMULTANEOUS_ASSIGNMENT"));
        } else if (server == ServerKind.MYSQL_80) {
            all.add("TIME_TRUNCATE_FRACTIONAL");
        }
        List<String> some = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            some.add(all.remove(random.nextInt(all.size())));
        }
        trial.execute("SET GLOBAL sql_mode = '" + String.join(",", some) + "'");
        return new StressMode(trial, before, trial.one("SELECT @@GLOBAL.sql_mode"));
    }

    boolean quotesNames() {
        return words.contains("ANSI_QUOTES");
    }

    /** The mode in which the server's own ALTER has to make the same. */
    static String ofTwin(AlterTrial trial) throws SQLException {
        return "STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO,"
                + Arrays.stream(trial.one("SELECT @@GLOBAL.sql_mode").split(","))
                        .filter(w -> !OF_VALUES.contains(w))
                        .collect(Collectors.joining(","));
    }

    @Override
    public void close() throws SQLException {
        trial.execute("SET GLOBAL sql_mode = '" + before + "'");
    }

    @Override
    public String toString() {
        return "SET GLOBAL sql_mode = '" + words + "'";
    }
}
