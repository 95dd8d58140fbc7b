package io.crossfade.migrator.alter;

import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows, in a session and on a thread of its own, which end with {@link #close}: a count of a large table is one statement
 * that may last for hours, and would be carried out to its end for nobody.
 *
 * <p>Its methods are for the run's thread.
 */
final class Counting implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(50);

    /** A statement that was killed ends at once, or its server is gone. */
    private static final Duration END_MAX = Duration.ofSeconds(5);

    private final Site site;
    private final List<TableRun> tables;
    private final Runnable counted;
    private final Thread thread = new Thread(this::run, "crossfade-rowcount");
    private volatile @Nullable MigrationException failure;
    private volatile boolean isEnding;
    private @Nullable Statement asking;

    /**
     * @param counted told when the rows of all tables are known, on the thread that counts
     */
    Counting(Site site, List<TableRun> tables, Runnable counted) {
        this.site = site;
        this.tables = List.copyOf(tables);
        this.counted = counted;
        thread.setDaemon(true);
    }

    Counting start() {
        thread.start();
        return this;
    }

    private void run() {
        try (Connection connection = site.sessions().open();
                Statement s = connection.createStatement()) {
            asks(s);
            for (TableRun table : tables) {
                if (isEnding) {
                    return; // Nobody had seen what to cancel.
                }
                // By the index that the server chooses: another one may be much smaller than the key's.
                try (ResultSet r = s.executeQuery(
                        "SELECT COUNT(*) FROM " + table.change.sourceKey().quotedTable())) {
                    r.next();
                    table.rowsTotal = r.getLong(1);
                }
            }
            asks(null);
            if (!isEnding) {
                counted.run();
            }
        } catch (MigrationException e) {
            failure = e;
        } catch (SQLException e) {
            if (!isEnding) {
                site.listener()
                        .on(new Progress.Warning("the rows could not be counted: " + SqlFailure.shown(e)
                                + "; the server's estimate stays"));
            }
        } finally {
            asks(null);
        }
    }

    private synchronized void asks(@Nullable Statement s) {
        asking = s;
    }

    /** Throws what ended it, where that ends the run: a hook that was told of the count. */
    void check() {
        MigrationException e = failure;
        if (e != null) {
            throw MigrationException.again(e);
        }
    }

    /** Waits until the rows are known. */
    void await() {
        while (thread.isAlive()) {
            site.check();
            site.operator().pause(LOOK);
        }
        check();
    }

    /** Ends the count where it is under way: the server's part of it, too. */
    @Override
    public void close() {
        isEnding = true;
        long deadlineNanos = System.nanoTime() + END_MAX.toNanos();
        while (isAsking() && System.nanoTime() < deadlineNanos) {
            cancel();
            try {
                thread.join(LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized boolean isAsking() {
        return asking != null;
    }

    private void cancel() {
        Statement s;
        synchronized (this) {
            s = asking;
        }
        try {
            if (s != null) {
                s.cancel();
            }
        } catch (SQLException e) {
            // The server is gone, and its session with it, or the count has just ended.
            return;
        }
    }
}
