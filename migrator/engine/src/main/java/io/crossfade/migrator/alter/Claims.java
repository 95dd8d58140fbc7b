package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The claims of a run on all its tables. Safe for many threads. */
final class Claims implements AutoCloseable {

    /** Where a claim was lost, another run may work beside this one for so long at most; the cut-over looks once more. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final List<Claim> claims = new ArrayList<>();

    /** Takes all of them, or none. Where names are forced upon the ghosts, on these too: two tables could be given the same. */
    static Claims take(Connections connections, AlterRequest request) throws SQLException {
        Claims taken = new Claims();
        try {
            for (TableAlter table : request.tables()) {
                taken.claims.add(Claim.take(connections.open(), table.table()));
                if (request.rules().forcedNames() != null) {
                    TableName ghost =
                            GhostNames.of(table, request.rules(), Instant.now()).ghost();
                    taken.claims.add(Claim.take(connections.open(), ghost));
                }
            }
            return taken;
        } catch (SQLException | RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    /** Ends the run where one is lost. */
    synchronized void check() {
        for (Claim claim : claims) {
            claim.check();
        }
    }

    /** Checks again and again until the run ends; ends it where one is lost. */
    void watch(Cancel stop) {
        try {
            while (!stop.isRequested()) {
                check();
                stop.pause(EVERY);
            }
        } catch (MigrationException e) {
            if (!stop.isRequested()) {
                // Others may be waiting for a server that is gone, and would not hear of it.
                stop.request(String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }

    @Override
    public synchronized void close() {
        claims.forEach(Claim::close);
    }
}
