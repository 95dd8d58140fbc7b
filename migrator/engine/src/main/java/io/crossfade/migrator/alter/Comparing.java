package io.crossfade.migrator.alter;

import io.crossfade.migrator.checksum.Checksum;
import io.crossfade.migrator.checksum.Direction;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import java.sql.SQLException;
import java.time.Duration;

/** The comparison of the tables with their ghosts, which is repeated as long as a cut-over is put off. One thread at a time. */
final class Comparing {

    /** While a cut-over is postponed, the ghost is compared again after this. */
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Site site;
    private final Feed feed;
    private final Lanes lanes;
    private final GhostStatus status;

    Comparing(Site site, Feed feed, Lanes lanes, GhostStatus status) {
        this.site = site;
        this.feed = feed;
        this.lanes = lanes;
        this.status = status;
    }

    /** Compares, and again as long as the cut-over is put off. */
    void untilCutOver() throws SQLException {
        compare();
        if (!site.controls().isPostponed()) {
            return;
        }
        status.state = "postponing cut-over";
        site.listener().on(new Progress.Reached(Milestone.POSTPONED));
        long nextNanos = System.nanoTime() + AGAIN.toNanos();
        while (site.controls().isPostponed()) {
            feed.check();
            site.operator().pause(LOOK);
            if (System.nanoTime() > nextNanos) {
                compare();
                status.state = "postponing cut-over";
                nextNanos = System.nanoTime() + AGAIN.toNanos();
            }
        }
        feed.catchUp();
    }

    private void compare() throws SQLException {
        status.state = "checksum";
        for (TableRun table : feed.tables()) {
            long beganNanos = System.nanoTime();
            Checksum checksum = new Checksum(
                    Direction.there(site.server().dialect(), table.change, table.sql),
                    feed.catchingUp(table),
                    new Checksum.Lanes(
                            lanes.add(site.lane(
                                    "the checksum", () -> site.sessions().openConverting(table.change))),
                            lanes.add(site.lane(
                                    "the checksum", () -> site.sessions().openConverting(table.change))),
                            lanes.add(
                                    site.lane("a repair", () -> site.sessions().openConvertingManual(table.change)))),
                    new Beside(),
                    site.operator());
            Checksum.Result result = checksum.run();
            String text = "checksum of " + table.name() + ": " + result.rows() + " rows compared in "
                    + (System.nanoTime() - beganNanos) / 1_000_000 + " ms, " + result.repaired() + " repaired";
            site.listener()
                    .on(
                            result.repaired() > table.copy.passedOver()
                                    ? new Progress.Warning(
                                            text + ", which should not have been necessary; please report it")
                                    : new Progress.Note(text));
        }
    }

    private final class Beside implements Checksum.Beside {
        @Override
        public void await() {
            site.throttles().await();
        }

        @Override
        public boolean compared(long rows) {
            status.rowsChecked = rows;
            return true;
        }
    }
}
