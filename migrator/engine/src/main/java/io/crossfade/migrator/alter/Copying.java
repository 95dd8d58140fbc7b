package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Frontier;
import io.crossfade.migrator.chunk.ChunkSize;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** One of the threads that copy a table chunk by chunk. {@link #run} is one thread's. */
final class Copying {
    private static final int CHUNK_ROWS_MIN = 50;

    private final Site site;
    private final TableRun table;
    private final Lane lane;
    private int firstRows;
    private int rowsMax;
    private ChunkSize size;

    /**
     * @param lane a session in autocommit mode, in the zone of the conversion
     */
    Copying(Site site, TableRun table, Lane lane) {
        this.site = site;
        this.table = table;
        this.lane = lane;
        this.firstRows = site.controls().chunkRows();
        this.rowsMax = site.controls().chunkRowsMax();
        this.size = fresh();
    }

    private ChunkSize fresh() {
        return new ChunkSize(
                site.request().bounds().copy().chunkTarget(), firstRows, Math.min(CHUNK_ROWS_MIN, rowsMax), rowsMax);
    }

    /** Copies until no chunk is left. */
    void run() throws SQLException {
        try {
            while (copyOne()) {
                site.stop().check();
            }
        } catch (MigrationException e) {
            if (!site.stop().isRequested()) {
                throw e;
            }
        }
    }

    private boolean copyOne() throws SQLException {
        site.throttles().awaitUnless(site.stop());
        Controls controls = site.controls();
        if (controls.chunkRows() != firstRows || controls.chunkRowsMax() != rowsMax) {
            firstRows = controls.chunkRows();
            rowsMax = controls.chunkRowsMax();
            size = fresh();
        }
        int rows = size.rows();
        long beganNanos = System.nanoTime();
        Optional<Frontier.Ticket> next = lane.run((c, isAgain) -> table.chunks.next(c, rows));
        if (next.isEmpty()) {
            return false;
        }
        Frontier.Ticket ticket = next.get();
        long copied = lane.run((c, isAgain) -> table.copy.copy(c, ticket.range(), rows, isAgain));
        table.frontier.arrived(ticket);
        table.chunks.held(ticket.range(), copied);
        table.rowsCopied.addAndGet(copied);
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        size.took(took);
        double nice = site.controls().niceRatio();
        if (nice > 0) {
            site.stop().pause(Duration.ofNanos((long) (took.toNanos() * nice)));
        }
        return true;
    }

    /** Rows in the next chunk. */
    int rows() {
        return size.rows();
    }
}
