package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Finds the place of a rename in the change log, after a run that could not note it. */
final class RenameSearch {

    /** The log of the time between the last checkpoint and the rename is short; a silence of this length means that it is not there. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    private RenameSearch() {}

    static LogPosition find(Site site, Endpoint endpoint, GhostNames names, AlterCheckpoint from) throws SQLException {
        LogPosition position = from.position();
        if (position == null) {
            throw new IllegalStateException("a checkpoint without a position");
        }
        // Only the old table is watched: it gets no rows any more, and the rename names it.
        Table old;
        try (Connection connection = site.connections().open()) {
            TableName name = names.old();
            old = new CatalogReader(connection).table(name).orElseThrow();
        }
        try (ChangeLog log =
                BinlogChangeLog.open(endpoint, position, Map.of(old.name(), old), site.server(), site.stop())) {
            long untilNanos = System.nanoTime() + SILENCE_MAX.toNanos();
            while (System.nanoTime() < untilNanos) {
                site.operator().check();
                LogEvent event = log.next(Duration.ofMillis(100));
                if (event instanceof LogEvent.Statement statement
                        && statement.sql().toLowerCase(java.util.Locale.ROOT).contains("rename")) {
                    return statement.position();
                }
                if (event != null) {
                    untilNanos = System.nanoTime() + SILENCE_MAX.toNanos();
                }
            }
        }
        throw MigrationException.stopped("stopped: the rename of " + names.table() + " is not in the change log after "
                + position.shown() + "; the table is changed, but from where a revert would begin is not known");
    }
}
