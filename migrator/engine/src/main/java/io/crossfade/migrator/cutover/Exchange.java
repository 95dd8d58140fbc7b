package io.crossfade.migrator.cutover;

import io.crossfade.migrator.gate.Gate;
import java.sql.SQLException;
import java.util.List;

/** A way to exchange tables' names while writers wait. One thread at a time. */
interface Exchange {

    /**
     * Tries once. However it ends, it leaves no lock, no waiting session and no table of its own.
     *
     * @param gate held once all sessions are there, and open again when no table is locked any more
     * @throws SQLException where the server refuses what a further attempt would not change
     */
    Attempt run(List<Swap> swaps, Drain drain, Gate gate) throws SQLException;
}
