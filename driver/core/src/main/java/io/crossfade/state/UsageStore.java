package io.crossfade.state;

import io.crossfade.model.Side;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Which application named the old and the new columns of a change, how often and when last, by shapes of statements. It outlives the
 * clients that wrote it.
 *
 * <p>One thread at a time.
 */
public final class UsageStore {
    private final ControlSql sql;

    UsageStore(ControlSql sql) {
        this.sql = sql;
    }

    /**
     * Adds what a client has counted since its last report.
     *
     * @return false where the control tables are of an older migrator, which keeps none
     */
    public boolean add(ClientState client, List<Usage> usages) throws SQLException {
        String text =
                "INSERT INTO crossfade_usage (change_id, shape_hash, application, host, version, side, by_star, verb, shape,"
                        + " times, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3),"
                        + " UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND) ON DUPLICATE KEY UPDATE times = times + VALUES(times),"
                        + " last_at = GREATEST(last_at, VALUES(last_at))";
        return sql.addAll(text, usages, usage -> {
            Naming naming = usage.naming();
            return new Object[] {
                naming.change(),
                hash(client, naming),
                client.application(),
                client.host(),
                client.version(),
                word(naming.side()),
                naming.byStar() ? 1 : 0,
                naming.verb(),
                naming.shape(),
                usage.times(),
                usage.sinceLast().toNanos() / 1000
            };
        });
    }

    /** Everything that is known of a change, the last used first. */
    public List<UsageRow> of(String changeId) throws SQLException {
        String text = "SELECT application, host, version, side, by_star, verb, shape, times, last_at,"
                + " TIMESTAMPDIFF(MICROSECOND, last_at, UTC_TIMESTAMP(3)) FROM crossfade_usage WHERE change_id = ?"
                + " ORDER BY last_at DESC, application, host, shape";
        return sql.ofChange(changeId, text, r -> {
            Side side = Side.valueOf(r.getString(4).toUpperCase(Locale.ROOT));
            return new UsageRow(
                    r.getString(1),
                    r.getString(2),
                    r.getString(3),
                    new Naming(changeId, side, r.getBoolean(5), r.getString(6), r.getString(7)),
                    r.getLong(8),
                    ControlSql.required(ControlSql.instant(r, 9)),
                    Duration.ofNanos(r.getLong(10) * 1000));
        });
    }

    /** How long clients have been counting for this change, by the server's clock. */
    public Duration watched(String changeId) throws SQLException {
        try (PreparedStatement s = sql.connection()
                .prepareStatement("SELECT TIMESTAMPDIFF(MICROSECOND, opened_at, UTC_TIMESTAMP(3)) FROM crossfade_change"
                        + " WHERE id = ?")) {
            s.setString(1, changeId);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Duration.ofNanos(r.getLong(1) * 1000) : Duration.ZERO;
            }
        }
    }

    private static String word(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    private static String hash(ClientState client, Naming naming) {
        return ControlSql.hash(
                client.application(),
                client.host(),
                client.version(),
                word(naming.side()),
                String.valueOf(naming.byStar()),
                naming.verb(),
                naming.shape());
    }
}
