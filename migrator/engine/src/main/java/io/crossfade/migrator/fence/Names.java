package io.crossfade.migrator.fence;

import io.crossfade.state.ClientState;

/** How messages name a client. */
final class Names {

    private Names() {}

    static String of(ClientState state) {
        return state.application() + " on " + state.host() + " (process " + state.pid() + ")";
    }
}
