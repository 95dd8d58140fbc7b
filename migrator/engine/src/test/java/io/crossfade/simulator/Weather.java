package io.crossfade.simulator;

/** How much goes wrong in a part of a schedule. */
enum Weather {
    /** Nothing yet: the change is on its way to where the schedule begins in earnest. */
    CALM,
    /** Anything may. */
    ROUGH,
    /** Nothing any more: whoever waits must come to an end. */
    HEALED
}
