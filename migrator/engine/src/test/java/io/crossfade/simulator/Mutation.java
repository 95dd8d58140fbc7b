package io.crossfade.simulator;

/** A fault that is put into the protocol on its way to the server or in a process, to see that the simulation finds it. */
enum Mutation {
    NONE,
    /** A client acknowledges an epoch at once, whatever transactions it has left. */
    NO_TRANSACTION_FENCE,
    /** An expired client is passed over although its sessions live. */
    NO_SESSION_KILL,
    /** Backfill and verification look for rows whose new side is NULL. */
    ONLY_NULLS,
    /** A client goes on although its lease has run out. */
    NO_LEASE,
    /** A move goes one stage further than it should. */
    SKIPPED_STAGE,
    /** Coming back from complete, the old side is not filled. */
    NO_REFILL,
    /** A transaction decides anew at each statement which side it reads. */
    SIDE_PER_STATEMENT,
    /** A client that nothing is open for does not write its sessions down although the server shows none of them. */
    NO_SESSION_ROWS,
    /** A new connection that looks at the epoch is told the one that its client knows. */
    NO_SECOND_LOOK
}
