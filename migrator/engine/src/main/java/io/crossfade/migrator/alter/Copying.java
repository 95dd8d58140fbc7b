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

    /** As gh-ost bounds its own. */
    private static final int CHUNK_ROWS_MAX = 100_000;

    private final Site site;
    private final TableRun table;
    private final Lane lane;
    private int firstRows;
    private ChunkSize size;

    /**
     * @param lane a session in autocommit mode, in the zone of the conversion
     */
    Copying(Site site, TableRun table, Lane lane) {
        this.site = site;
        this.table = table;
        this.lane = lane;
        this.firstRows = site.controls().chunkRows();
        this.size = fresh();
    }

    private ChunkSize fresh() {
        return new ChunkSize(site.request().bounds().copy().chunkTarget(), firstRows, CHUNK_ROWS_MIN, CHUNK_ROWS_MAX);
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
        if (site.controls().chunkRows() != firstRows) {
            firstRows = site.controls().chunkRows();
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
