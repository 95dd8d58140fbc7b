package io.crossfade.model;

/** Which way a change is going through its stages. */
public enum Direction {
    /** From off towards contract. */
    FORWARD,
    /** Back to off: from complete on the old side is stale until it has been refilled. */
    BACK
}
