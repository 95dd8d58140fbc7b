package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.mysql.OldTables;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a run by ghosts stands: written by the run's thread, read by any. */
final class GhostStatus {
    /** Also where its rows are not counted, since it goes at once. */
    static final String DROPPING = Status.DROPPING + "the old table";

    private final Site site;
    private final Markers markers;
    private volatile List<TableRun> tables = List.of();
    private volatile long copyBeganNanos;
    private volatile long copyEndedNanos;
    private volatile long rowsCopiedBefore;

    /** As {@link Status#state}. */
    volatile String state = "preparing";

    volatile long rowsChecked;
    volatile @Nullable Feed feed;

    /** How the drop of a table gets on; null while none goes in pieces. */
    private volatile Progress.@Nullable Rows dropping;

    /** The copying thread that was started last: all of them come to the same size of chunks. */
    volatile @Nullable Copying copying;

    GhostStatus(Site site, Markers markers) {
        this.site = site;
        this.markers = markers;
    }

    void counted(List<TableRun> counted) {
        rowsCopiedBefore = counted.stream().mapToLong(t -> t.rowsCopied.get()).sum();
        tables = List.copyOf(counted);
    }

    /** Tells the same listener, and keeps what the status line shows of it. */
    Listener heard(Listener listener) {
        return progress -> {
            if (progress instanceof Progress.Rows rows && OldTables.isOf(rows)) {
                dropping = rows.isDone() ? null : rows;
            }
            listener.on(progress);
        };
    }

    void copyBegins() {
        state = "migrating";
        copyBeganNanos = System.nanoTime();
    }

    void copyEnds() {
        copyEndedNanos = System.nanoTime();
    }

    Status now(Duration elapsed) {
        Feed from = feed;
        Progress.Rows drop = dropping;
        Copying last = copying;
        long copied = tables.stream().mapToLong(t -> t.rowsCopied.get()).sum();
        long total =
                Math.max(copied, tables.stream().mapToLong(t -> t.rowsTotal).sum());
        int waiting =
                tables.stream().mapToInt(t -> t.frontier.standing().images()).sum();
        Duration copying = copying();
        return new Status(
                drop == null ? state : dropping(drop),
                copied,
                total,
                tables.stream().mapToLong(t -> t.rowsApplied.get()).sum(),
                (from == null ? 0 : from.log().backlog()) + waiting,
                from == null ? 0 : from.log().backlogMax(),
                rowsChecked,
                elapsed,
                copying,
                from == null ? "" : from.events().last().shown(),
                markers.lag().toMillis(),
                site.throttles().holding(),
                drop == null ? left(copied, total, copying) : left(drop),
                last == null ? site.controls().chunkRows() : last.rows());
    }

    private Duration copying() {
        long ended = copyEndedNanos != 0 ? copyEndedNanos : System.nanoTime();
        return copyBeganNanos == 0 ? Duration.ZERO : Duration.ofNanos(ended - copyBeganNanos);
    }

    private static String dropping(Progress.Rows drop) {
        return Status.DROPPING + OldTables.tableOf(drop) + ", " + drop.rowsDone() + "/" + drop.rowsTotal() + " rows";
    }

    private static Duration left(Progress.Rows drop) {
        return drop.rowsPerSecond() <= 0 ? Duration.ofSeconds(-1) : drop.left();
    }

    private Duration left(long copied, long total, Duration copying) {
        if (copyEndedNanos != 0) {
            return Duration.ZERO;
        }
        double rowsPerSecond = (copied - rowsCopiedBefore) / Math.max(1e-3, copying.toMillis() / 1000.0);
        return rowsPerSecond <= 0
                ? Duration.ofSeconds(-1)
                : Duration.ofMillis((long) (1000 * (total - copied) / rowsPerSecond));
    }
}
