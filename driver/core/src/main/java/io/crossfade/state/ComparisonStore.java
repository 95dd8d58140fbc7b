package io.crossfade.state;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What sampled reads found when they compared the two sides of rows, by application and host. It outlives the clients that wrote it.
 *
 * <p>One thread at a time.
 */
public final class ComparisonStore {

    private final ControlSql sql;

    ComparisonStore(ControlSql sql) {
        this.sql = sql;
    }

    /**
     * Adds what a client has found since its last report.
     *
     * @return false where the control tables are of an older migrator, which keeps none
     */
    public boolean add(ClientState client, List<RowsCompared> rows) throws SQLException {
        String text =
                "INSERT INTO crossfade_comparison (change_id, client_hash, application, host, version, rows_compared,"
                        + " rows_differing, first_at, last_at, first_differing_at, last_differing_at, last_keys) VALUES (?, ?, ?, ?, ?, ?, ?,"
                        + " UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND, UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND,"
                        + " UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND, ?) ON DUPLICATE KEY UPDATE"
                        + " rows_compared = rows_compared + VALUES(rows_compared), rows_differing = rows_differing + VALUES(rows_differing),"
                        + " last_at = GREATEST(last_at, VALUES(last_at)),"
                        + " first_differing_at = COALESCE(first_differing_at, VALUES(first_differing_at)),"
                        + " last_differing_at = COALESCE(VALUES(last_differing_at), last_differing_at),"
                        + " last_keys = IF(VALUES(rows_differing) > 0, VALUES(last_keys), last_keys)";
        return sql.addAll(text, rows, row -> {
            // NULL minus an interval stays NULL.
            Long sinceDiffering =
                    row.differing() == 0 ? null : row.sinceLastDiffering().toNanos() / 1000;
            return new @Nullable Object[] {
                row.change(),
                ControlSql.hash(client.application(), client.host(), client.version()),
                client.application(),
                client.host(),
                client.version(),
                row.compared(),
                row.differing(),
                row.sinceLast().toNanos() / 1000,
                sinceDiffering,
                sinceDiffering,
                row.differing() == 0 ? "" : String.join("; ", row.keys())
            };
        });
    }

    /** Everything that is known of a change, those with differences first. */
    public List<ComparisonRow> of(String changeId) throws SQLException {
        String text =
                "SELECT application, host, version, rows_compared, rows_differing, first_at, last_at, first_differing_at,"
                        + " last_differing_at, last_keys FROM crossfade_comparison WHERE change_id = ?"
                        + " ORDER BY rows_differing = 0, application, host, version";
        return sql.ofChange(
                changeId,
                text,
                r -> new ComparisonRow(
                        r.getString(1),
                        r.getString(2),
                        r.getString(3),
                        r.getLong(4),
                        r.getLong(5),
                        ControlSql.required(ControlSql.instant(r, 6)),
                        ControlSql.required(ControlSql.instant(r, 7)),
                        ControlSql.instant(r, 8),
                        ControlSql.instant(r, 9),
                        r.getString(10)));
    }
}
