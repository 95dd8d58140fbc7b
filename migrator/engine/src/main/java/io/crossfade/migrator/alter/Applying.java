package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Image;
import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.session.Presence;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Puts the images of one table into its ghost, as they become ready. {@link #run} is one thread's; {@link #drain} that of whoever
 * holds {@link TableRun#writing}.
 */
final class Applying {
    private static final Duration TAKE = Duration.ofMillis(50);
    private static final Duration LOCK_PAUSE = Duration.ofMillis(20);

    /** Only the copy, a repair and somebody's console write the ghost beside us. */
    private static final int LOCK_ATTEMPTS_MAX = 120;

    /** Rows that wait for a unique value are tried again so often, whatever else there is to do. */
    private static final Duration SETTLE_EVERY = Duration.ofMillis(200);

    /** For about so long; then it is the turn of what may free their values. */
    private static final Duration SETTLE_MAX = Duration.ofMillis(100);

    /** Images of one transaction; at least one, however wide it is. */
    private static final long TRANSACTION_BYTES_MAX = 8L << 20;

    private final Site site;
    private final TableRun table;
    private final Lane lane;
    private final Misfits misfits;
    private final Presence presence;
    private long settledNanos = System.nanoTime();

    /**
     * @param lane a session in manual commit
     */
    Applying(Site site, TableRun table, Markers markers, Lane lane) {
        this.misfits = new Misfits(table, markers);
        this.site = site;
        this.presence = new Presence(site.request().bounds().log().silenceMax());
        this.table = table;
        this.lane = lane;
    }

    /** Applies until the run ends. */
    void run() throws SQLException {
        try {
            while (!site.stop().isRequested()) {
                boolean isIdle = !step();
                // Under steady load it is never idle, and the value may have come free long ago.
                if (isIdle || System.nanoTime() - settledNanos > SETTLE_EVERY.toNanos()) {
                    settle();
                }
                speak();
            }
        } catch (MigrationException e) {
            if (!site.stop().isRequested()) {
                throw e;
            }
        }
    }

    /** The server ends a silent session, and a new one costs a pause when images come. */
    private void speak() throws SQLException {
        if (presence.isDue()) {
            table.writing.lock();
            try {
                presence.on(lane);
            } finally {
                table.writing.unlock();
            }
        }
    }

    /** Waits for images outside of the lock, then takes and applies them inside. */
    private boolean step() throws SQLException {
        if (!table.frontier.awaitReady(TAKE, site.controls().applyRows())) {
            return false;
        }
        table.writing.lock();
        try {
            List<Image> images = take();
            if (images.isEmpty()) {
                return false;
            }
            List<Image> done = retried((c, isAgain) -> table.applier.apply(c, images));
            table.frontier.done(done);
            table.rowsApplied.addAndGet(images.size());
            return true;
        } finally {
            table.writing.unlock();
        }
    }

    private List<Image> take() {
        return table.frontier.take(site.controls().applyRows(), TRANSACTION_BYTES_MAX);
    }

    private void settle() throws SQLException {
        table.writing.lock();
        try {
            settle(() -> retried((c, isAgain) -> table.applier.settle(c)));
            misfits.check();
        } finally {
            table.writing.unlock();
        }
        settledNanos = System.nanoTime();
    }

    /** Tries every row that owes at most once. */
    private void settle(Settling settling) throws SQLException {
        long deadlineNanos = System.nanoTime() + SETTLE_MAX.toNanos();
        long round = table.applier.rounds();
        while (table.applier.owingImages() > 0
                && table.applier.rounds() == round
                && System.nanoTime() < deadlineNanos) {
            table.frontier.done(settling.some());
        }
    }

    /** One transaction of it. */
    @FunctionalInterface
    private interface Settling {
        List<Image> some() throws SQLException;
    }

    private List<Image> retried(Lane.Work<List<Image>> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return lane.run(work);
            } catch (SQLException e) {
                if (!SqlFailure.isLock(e) || attempt == LOCK_ATTEMPTS_MAX) {
                    throw e;
                }
                new Cancel().pause(LOCK_PAUSE);
            }
        }
    }

    /**
     * Applies everything that is ready and owes, through this session.
     *
     * @param writer in manual commit
     */
    void drain(Connection writer) throws SQLException {
        List<Image> images = take();
        while (!images.isEmpty()) {
            apply(writer, images);
            images = take();
        }
        settle(() -> table.applier.settle(writer));
    }

    /** What could not be put in, since the time was up, comes first in the next attempt. */
    private void apply(Connection writer, List<Image> images) throws SQLException {
        List<Image> done;
        try {
            done = table.applier.apply(writer, images);
        } catch (SQLException | RuntimeException e) {
            table.frontier.giveBack(images);
            throw e;
        }
        table.frontier.done(done);
        table.rowsApplied.addAndGet(images.size());
    }
}
