package io.crossfade.state;

/**
 * A client as the migrator sees it.
 *
 * @param state what the client said of itself when it last renewed
 * @param leaseMillisLeft how long its lease still runs by the server's clock; negative once it has run out
 */
public record ClientRow(ClientState state, long leaseMillisLeft) {

    public boolean isExpired() {
        return leaseMillisLeft < 0;
    }
}
