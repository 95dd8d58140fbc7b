package io.crossfade.migrator.run;

import io.crossfade.state.ClientRow;

/**
 * Decides about a client whose lease has run out while it still has sessions on the server: paused, cut off, or dying.
 * One thread at a time.
 */
@FunctionalInterface
public interface Fencer {

    /** Waits for whoever has sessions: the safe choice, since a paused process may go on at any moment. */
    Fencer WAITING = client -> false;

    /**
     * Makes sure that the client can do no harm any more.
     *
     * @return whether that is certain now, so that the fence may pass over it
     */
    boolean fence(ClientRow client);
}
