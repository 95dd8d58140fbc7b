package io.crossfade.migrator.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the operator's text is read: as a session of the server would read it that sets nothing. Under PIPES_AS_CONCAT {@code a || b}
 * joins two texts, under REAL_AS_FLOAT a REAL is another type. Our own statements are written for a mode of our own, so the
 * server's is set for the one statement that carries the operator's words.
 *
 * <p>One thread at a time, as its session.
 */
public final class TextMode {

    /** Words of sql_mode that decide how a text is read, its defaults among them; whether values pass is for others to say. */
    private static final Set<String> WORDS = Set.of(
            "ANSI_QUOTES",
            "EMPTY_STRING_IS_NULL",
            "HIGH_NOT_PRECEDENCE",
            "IGNORE_SPACE",
            "MAXDB",
            "NO_BACKSLASH_ESCAPES",
            "NO_UNSIGNED_SUBTRACTION",
            "ORACLE",
            "PIPES_AS_CONCAT",
            "REAL_AS_FLOAT",
            "TIME_ROUND_FRACTIONAL",
            "TIME_TRUNCATE_FRACTIONAL");

    /** Of these the ones that count for rows that are converted, too. */
    private static final Set<String> CUTS = Set.of("TIME_ROUND_FRACTIONAL", "TIME_TRUNCATE_FRACTIONAL");

    private static final String BACK = "SET SESSION sql_mode = @cf_own_mode";

    private TextMode() {}

    /** What is sent in the server's mode. */
    @FunctionalInterface
    public interface Sending {
        void send() throws SQLException;
    }

    /** The words of the server's global mode that matter, joined by commas; none as a rule. */
    public static String words(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT @@GLOBAL.sql_mode")) {
            r.next();
            return Arrays.stream(r.getString(1).toUpperCase(Locale.ROOT).split(","))
                    .map(String::trim)
                    .filter(WORDS::contains)
                    .collect(Collectors.joining(","));
        }
    }

    /** The one of these words by which parts of a second are cut; empty where there is none. */
    static String cut(String words) {
        return Arrays.stream(words.split(","))
                .filter(CUTS::contains)
                .findFirst()
                .orElse("");
    }

    /** Sends it; the session has its own mode again then. */
    public static void during(Connection connection, Sending sending) throws SQLException {
        String words = words(connection);
        if (words.isEmpty()) {
            sending.send();
            return;
        }
        try (Statement s = connection.createStatement()) {
            s.execute("SET @cf_own_mode = @@SESSION.sql_mode, SESSION sql_mode = CONCAT(@@SESSION.sql_mode, '," + words
                    + "')");
            try {
                sending.send();
            } catch (SQLException | RuntimeException e) {
                back(s, e);
                throw e;
            }
            s.execute(BACK);
        }
    }

    private static void back(Statement s, Exception cause) {
        try {
            s.execute(BACK);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
