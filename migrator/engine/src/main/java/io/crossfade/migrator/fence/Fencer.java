package io.crossfade.migrator.fence;

import io.crossfade.state.ClientRow;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The server as the fence deals with it, beside the control tables: sessions that are left of a silent client, clients that
 * only show themselves in their sessions, and transactions that outlived theirs. One thread at a time.
 */
public interface Fencer {

    /**
     * Makes sure that a client whose lease has run out can do no harm any more: ends its sessions, sees them gone, and
     * forgets it. Does not wait; it is asked again until nothing is left.
     *
     * @return empty once that is certain; else what is left, for the operator
     */
    Optional<String> end(ClientRow client) throws SQLException;

    /**
     * Sessions that were told to end and have not ended yet, whosoever they are of: a client that comes back while it is
     * fenced may acknowledge an epoch before what its killed sessions had under way is over. Named for the operator.
     */
    Set<String> ending() throws SQLException;

    /**
     * Clients of this database that have sessions and no row in the control tables, by their ids, each with what is known of
     * it; empty where the server does not show that.
     */
    Map<String, String> strangers() throws SQLException;

    /** Prepared XA transactions, which no session may hold any more; named for the operator. */
    Set<String> branches() throws SQLException;
}
