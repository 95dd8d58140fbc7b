package io.crossfade.migrator.alter;

import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What the server's optimizer knows of a ghost. Its own statistics are those of an empty table until it looks again by itself, which is seconds
 * later, or never (STATS_AUTO_RECALC=0); the application's statements would go by whatever index that suggests. Immutable.
 *
 * @param control a session in autocommit mode
 */
record Statistics(Connection control, Listener listener) {

    /** The server reads some pages of each index. What takes longer is left to it. */
    private static final Duration TAKES_MAX = Duration.ofMinutes(2);

    /** Has the server take them. A ghost without them is right all the same, so nothing ends over that. */
    void take(String quotedTable, TableName table) {
        try (Statement s = control.createStatement()) {
            s.setQueryTimeout((int) TAKES_MAX.toSeconds());
            try (ResultSet r = s.executeQuery("ANALYZE TABLE " + quotedTable)) {
                while (r.next()) {
                    if (r.getString("Msg_type").equalsIgnoreCase("error")) {
                        tell(table, r.getString("Msg_text"));
                    }
                }
            }
        } catch (SQLException e) {
            tell(table, SqlFailure.shown(e));
        }
    }

    private void tell(TableName table, String why) {
        listener.on(new Progress.Warning("the statistics of " + table + " could not be taken, the server says: " + why
                + "; statements may go by the wrong index until the server takes them by itself, or ANALYZE TABLE is run after"
                + " the cut-over"));
    }
}
