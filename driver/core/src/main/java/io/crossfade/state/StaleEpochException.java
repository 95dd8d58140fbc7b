package io.crossfade.state;

/** A compare-and-set on the control state found that somebody else had moved it. Nothing was written. */
public final class StaleEpochException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StaleEpochException(String message) {
        super(message);
    }
}
