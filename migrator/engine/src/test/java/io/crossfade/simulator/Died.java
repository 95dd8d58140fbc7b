package io.crossfade.simulator;

/** A simulated process is no more: what it was doing ends here. Nobody catches an Error on the way. */
final class Died extends Error {
    private static final long serialVersionUID = 1;

    Died() {
        super("the process died", null, false, false);
    }
}
