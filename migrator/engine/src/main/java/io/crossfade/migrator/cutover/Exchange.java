package io.crossfade.migrator.cutover;

import java.sql.SQLException;
import java.util.List;

/** A way to exchange tables' names while writers wait. One thread at a time. */
interface Exchange {

    /**
     * Tries once. However it ends, it leaves no lock, no waiting session and no table of its own.
     *
     * @throws SQLException where the server refuses what a further attempt would not change
     */
    Attempt run(List<Swap> swaps, Drain drain) throws SQLException;
}
