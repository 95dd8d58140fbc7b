package io.crossfade.migrator.session;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a failed statement's error code means. The codes are those of MySQL's and MariaDB's reference manuals. */
public final class SqlFailure {

    /** Server shutting down, connection killed, session killed for other reasons, query cut off with its connection. */
    private static final Set<Integer> LOST = Set.of(1053, 1927, 2006, 2013, 3169, 4031);

    private static final int PACKET_TOO_LARGE = 1153;
    private static final int LOG_CACHE_FULL = 1197;
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;
    private static final int LOCK_NOWAIT = 3572;
    private static final Set<Integer> DUPLICATE = Set.of(1062, 1586);

    /** No partition for a row; the second one to a user who may not see the value. */
    private static final Set<Integer> NO_PARTITION = Set.of(1526, 1591);

    private static final Set<Integer> CHECKS = Set.of(3819, 4025);

    /** Codes of values that do not fit: NULL, range, length, format, truncation, partition, CHECK, JSON text, geometry. */
    private static final Set<Integer> DOES_NOT_FIT =
            Set.of(1048, 1264, 1265, 1292, 1366, 1367, 1406, 1411, 1416, 1526, 1591, 1690, 3140, 3819, 4025);

    /**
     * Further codes whose message quotes what stands in a row or in a literal: a statement's text, a text that cannot be read or
     * converted, a row in a wrong partition, a row that a foreign key or an index would make a duplicate.
     */
    private static final Set<Integer> QUOTES =
            Set.of(1064, 1149, 1300, 1525, 1569, 1737, 1761, 1762, 1863, 1918, 1977, 3141, 3854, 3988);

    /** Where the server itself names the column, before or behind all values: these may read alike. */
    private static final Pattern COLUMN = Pattern.compile(
            "(?:for column|: Column|^Column) (?:`[^`]+`\\.)*['`]([^'`]{1,64})['`](?: at row \\d+| cannot be null)?\\.?$");

    private static final Pattern KEY = Pattern.compile("for key ['`]([^'`]{1,200})['`]$");

    /** Such a message holds names and no value. */
    private static final Pattern CHECK =
            Pattern.compile("Check constraint '([^']{1,200})' is violated|CONSTRAINT `([^`]{1,200})` failed for ");

    /** A chain of causes may be a ring. */
    private static final int CAUSES_MAX = 32;

    private SqlFailure() {}

    /** The connection is gone, and what was sent last may or may not have been carried out. */
    public static boolean isLostConnection(SQLException e) {
        String state = e.getSQLState();
        // Sent once more it would be as large.
        return !isTooLarge(e) && (LOST.contains(e.getErrorCode()) || (state != null && state.startsWith("08")));
    }

    /** A statement larger than the server takes, whoever says so: the server, or the driver before it sends it. */
    public static boolean isTooLarge(SQLException e) {
        return e.getErrorCode() == PACKET_TOO_LARGE
                || String.valueOf(e.getMessage()).contains("max_allowed_packet");
    }

    /** A transaction larger than max_binlog_cache_size; it was undone, and a smaller one may pass. */
    public static boolean isOverLogCache(SQLException e) {
        return e.getErrorCode() == LOG_CACHE_FULL;
    }

    /** Somebody else's row or metadata lock; the statement or transaction was undone, and may be tried again. */
    public static boolean isLock(SQLException e) {
        return e.getErrorCode() == LOCK_WAIT_TIMEOUT || e.getErrorCode() == DEADLOCK || e.getErrorCode() == LOCK_NOWAIT;
    }

    public static boolean isDuplicate(SQLException e) {
        return isDuplicate(e.getErrorCode());
    }

    /** The same of the code of an error or a warning. */
    public static boolean isDuplicate(int code) {
        return DUPLICATE.contains(code);
    }

    /** A value that the new structure cannot hold. */
    public static boolean isMisfit(SQLException e) {
        return DOES_NOT_FIT.contains(e.getErrorCode());
    }

    /** Whether the server's message may hold values of rows. */
    public static boolean mayHoldValues(SQLException e) {
        return isDuplicate(e) || isMisfit(e) || QUOTES.contains(e.getErrorCode());
    }

    /** What the server says, for the operator: its message, or where that may hold values, what is in it beside them. */
    public static String shown(SQLException e) {
        if (!mayHoldValues(e)) {
            return String.valueOf(e.getMessage());
        }
        return (isDuplicate(e)
                        ? "a value is there twice"
                        : isMisfit(e) ? "a value does not fit" : "its words may hold values, and are kept back")
                + place(e);
    }

    /** The same in one line: the driver adds to the words of a lost connection when it last heard of the server. */
    public static String line(SQLException e) {
        return shown(e).lines().findFirst().orElse("");
    }

    /**
     * A text that may repeat what a server said, as a trace does: without what may be a value.
     *
     * @param thrown whose causes are looked through
     */
    public static String shown(String text, Throwable thrown) {
        String told = text;
        int depth = 0;
        for (Throwable e = thrown; e != null && depth < CAUSES_MAX; e = e.getCause(), depth++) {
            String said = e.getMessage();
            if (said != null && e instanceof SQLException sql && mayHoldValues(sql)) {
                told = told.replace(said, shown(sql));
            }
        }
        return told;
    }

    /** Where it happened, told without the value: {@code  in column "c" (error 1406)}. */
    public static String place(SQLException e) {
        return column(e).map(c -> " in column \"" + c + "\"").orElse("")
                + key(e).map(k -> " in key \"" + k + "\"").orElse("")
                + check(e).map(c -> " by CHECK \"" + c + "\"").orElse("")
                + (NO_PARTITION.contains(e.getErrorCode()) ? " in any partition" : "") + " (error " + e.getErrorCode()
                + ")";
    }

    /** The key that a duplicate's message names behind the value. */
    private static Optional<String> key(SQLException e) {
        Matcher matcher = KEY.matcher(String.valueOf(e.getMessage()));
        return isDuplicate(e) && matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<String> check(SQLException e) {
        Matcher matcher = CHECK.matcher(String.valueOf(e.getMessage()));
        return CHECKS.contains(e.getErrorCode()) && matcher.find()
                ? Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
                : Optional.empty();
    }

    /** The column that the server's message names. The rest of that message may hold values, and is for nobody. */
    public static Optional<String> column(SQLException e) {
        Matcher matcher = COLUMN.matcher(String.valueOf(e.getMessage()));
        return isMisfit(e) && matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
