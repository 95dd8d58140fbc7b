package io.crossfade.migrator.alter;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The change log's statements that change the tables themselves: our own rename, for which the run waits, or somebody else's, which end it.
 *
 * <p>{@link #look} is one thread's; the rest is safe for many threads.
 */
final class RenameWatch {
    private final Server server;
    private final List<TableRun> tables;
    private final CountDownLatch come = new CountDownLatch(1);
    private volatile boolean isExpected;
    private volatile @Nullable LogPosition at;

    RenameWatch(Server server, List<TableRun> tables) {
        this.server = server;
        this.tables = List.copyOf(tables);
    }

    /** Ends the run where somebody else has changed a table; notes our own rename. */
    void look(LogEvent.Statement statement) {
        SchemaStatement read = SchemaStatement.read(server, statement.schema(), statement.sql());
        for (TableRun table : tables) {
            if (!read.changes(table.change.source().name())) {
                continue;
            }
            boolean isOurs = read.verb().equals("RENAME")
                    && read.changes(table.names.ghost())
                    && read.changes(table.names.old());
            if (isOurs && isExpected) {
                at = statement.position();
                come.countDown();
                return;
            }
            throw MigrationException.stopped("stopped: change of " + table.name()
                    + "; somebody else changed the table meanwhile with " + read.verb()
                    + ", so its ghost is of no use any more; the table is theirs, untouched by us; begin anew with"
                    + " --initially-drop-ghost-table");
        }
    }

    boolean hasCome() {
        return at != null;
    }

    /** From now on our own may come. */
    void expect(boolean isToCome) {
        isExpected = isToCome;
    }

    /** The place behind it; null where it has not come within this time. */
    @Nullable
    LogPosition await(Duration atMost) {
        try {
            return come.await(atMost.toMillis(), TimeUnit.MILLISECONDS) ? at : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
