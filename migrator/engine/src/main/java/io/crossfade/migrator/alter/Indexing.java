package io.crossfade.migrator.alter;

import io.crossfade.migrator.mysql.PlainIndexes;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Builds the plain indexes of a ghost whose rows are in, while changes go on being applied and rows are compared. The server does it
 * whole or not at all, and what is missing is asked anew before each attempt; so a run that was killed here goes on here.
 *
 * <p>Confined to the run's thread, but for the two that it starts.
 */
final class Indexing {

    /** What an earlier run began goes on in the server though that run is dead; then its end is waited for. */
    private static final Duration EARLIER_MAX = Duration.ofHours(12);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Undone by what was written meanwhile: more than the server's online log holds (1799), or a row that met itself (1062). */
    private static final int ONLINE_LOG_FULL = 1799;

    private static final int DUPLICATE = 1062;
    private static final int ONLINE_ATTEMPTS_MAX = 3;
    private static final int INTERRUPTED = 1317;

    private final Site site;
    private final TableRun table;
    private final Lane lane;
    private final AtomicReference<@Nullable Statement> running = new AtomicReference<>();
    private final Queue<Progress> news = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isDone;

    /**
     * @param lane a session in autocommit mode
     */
    Indexing(Site site, TableRun table, Lane lane) {
        this.site = site;
        this.table = table;
        this.lane = lane;
    }

    /** Begins, where there are any to build. */
    void start(Crew crew) {
        if (!table.checkpoint.work().indexes().isEmpty()) {
            threads.add(crew.start("index", this::run));
            crew.start("index-watch", this::watch);
        }
    }

    boolean isUnderWay() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    /** Waits until they are there. */
    void await(Crew crew) throws SQLException {
        crew.await(threads, () -> {
            site.check();
            tell();
        });
        tell();
    }

    private void tell() {
        for (Progress each = news.poll(); each != null; each = news.poll()) {
            site.listener().on(each);
        }
    }

    private void run() throws SQLException {
        try {
            build();
        } catch (SQLException e) {
            if (e.getErrorCode() != INTERRUPTED || !site.stop().isRequested()) {
                throw e;
            }
        } catch (MigrationException e) {
            if (!site.stop().isRequested()) {
                throw e;
            }
        } finally {
            isDone = true;
        }
    }

    private void build() throws SQLException {
        PlainIndexes indexes = PlainIndexes.of(
                site.server().dialect(),
                table.change.ghost().name(),
                table.checkpoint.work().indexes());
        long beganNanos = System.nanoTime();
        int undone = 0;
        while (true) {
            String sql = lane.run((c, isAgain) -> indexes.statement(c));
            if (sql.isEmpty()) {
                return;
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
            if (elapsed.compareTo(EARLIER_MAX) > 0) {
                throw MigrationException.stopped("stopped: indexes of the ghost " + table.names.ghost()
                        + "; another session holds the table since " + EARLIER_MAX.toHours()
                        + " h; end it and run the same command again");
            }
            try {
                long executedNanos = System.nanoTime();
                execute(sql, undone > 0);
                news.add(new Progress.Executed(sql, Duration.ofNanos(System.nanoTime() - executedNanos)));
            } catch (SQLException e) {
                if (SqlFailure.isLock(e)) {
                    news.add(new Progress.Waiting("the ghost's metadata lock", elapsed, EARLIER_MAX));
                } else if (e.getErrorCode() == ONLINE_LOG_FULL || e.getErrorCode() == DUPLICATE) {
                    undone++;
                    if (undone == ONLINE_ATTEMPTS_MAX) {
                        throw e;
                    }
                } else if (!SqlFailure.isLostConnection(e)) {
                    throw e;
                }
                lane.drop();
                site.stop().pause(PAUSE);
            }
        }
    }

    /**
     * @param isQuiet whether changes wait meanwhile
     */
    private void execute(String sql, boolean isQuiet) throws SQLException {
        if (isQuiet) {
            table.writing.lock();
        }
        try {
            lane.run((c, isAgain) -> {
                try (Statement s = c.createStatement()) {
                    running.set(s);
                    return isAgain || s.execute(sql);
                } finally {
                    running.set(null);
                }
            });
        } finally {
            if (isQuiet) {
                table.writing.unlock();
            }
        }
    }

    /** Cuts the statement off when the run is to end; it may be hours long. */
    private void watch() throws SQLException {
        while (!isDone) {
            try {
                site.stop().pause(LOOK);
            } catch (MigrationException e) {
                Statement statement = running.get();
                if (statement != null) {
                    statement.cancel();
                }
                return;
            }
        }
    }
}
