package io.crossfade.state;

import java.time.Instant;

/** One move of a change: who, when, from, to, why. Stages by their words; {@code from} is empty where it was opened. */
public record EventRow(
        long id, Instant at, String changeId, long epoch, String who, String from, String to, String why) {}
