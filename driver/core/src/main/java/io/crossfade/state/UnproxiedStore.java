package io.crossfade.state;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Who writes a changing table without the driver: row changes whose two sides disagreed, by writer and side.
 *
 * <p>One thread at a time.
 */
public final class UnproxiedStore {

    /** A key is shown to people. */
    private static final int KEY_CHARS_MAX = 255;

    private static final int WRITER_CHARS_MAX = 255;

    private final ControlSql sql;

    UnproxiedStore(ControlSql sql) {
        this.sql = sql;
    }

    /** Adds what was found; within the caller's transaction where autocommit is off. */
    public void add(String changeId, UnproxiedRow found) throws SQLException {
        sql.update(
                "INSERT INTO crossfade_unproxied (change_id, writer, side, times, repaired, first_at, last_at, last_key)"
                        + " VALUES (?, ?, ?, ?, ?, '1970-01-01' + INTERVAL ? MICROSECOND, '1970-01-01' + INTERVAL ?"
                        + " MICROSECOND, ?) ON DUPLICATE KEY UPDATE last_key = IF(VALUES(last_at) >= last_at,"
                        + " VALUES(last_key), last_key), times = times + VALUES(times), repaired = repaired +"
                        + " VALUES(repaired), first_at = LEAST(first_at, VALUES(first_at)), last_at = GREATEST(last_at,"
                        + " VALUES(last_at))",
                changeId,
                cut(found.writer(), WRITER_CHARS_MAX),
                found.side(),
                found.times(),
                found.repaired(),
                found.firstAt().toEpochMilli() * 1000,
                found.lastAt().toEpochMilli() * 1000,
                cut(found.lastKey(), KEY_CHARS_MAX));
    }

    /** All that is known of a change, the last written first; nothing where the tables are of an older version. */
    public List<UnproxiedRow> of(String changeId) throws SQLException {
        String text = "SELECT writer, side, times, repaired, first_at, last_at, TIMESTAMPDIFF(MICROSECOND, last_at,"
                + " UTC_TIMESTAMP(3)), last_key FROM crossfade_unproxied WHERE change_id = ? ORDER BY last_at DESC, writer,"
                + " side";
        return sql.ofChange(
                changeId,
                text,
                r -> new UnproxiedRow(
                        r.getString(1),
                        r.getString(2),
                        r.getLong(3),
                        r.getLong(4),
                        ControlSql.required(ControlSql.instant(r, 5)),
                        ControlSql.required(ControlSql.instant(r, 6)),
                        Duration.ofNanos(r.getLong(7) * 1000),
                        r.getString(8)));
    }

    /** The server's time now. */
    public Instant now() throws SQLException {
        try (PreparedStatement s = sql.connection().prepareStatement("SELECT UTC_TIMESTAMP(3)");
                ResultSet r = s.executeQuery()) {
            r.next();
            return ControlSql.required(ControlSql.instant(r, 1));
        }
    }

    private static String cut(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax - 1) + "…";
    }
}
