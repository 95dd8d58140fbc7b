package io.crossfade.state;

import java.time.Duration;
import java.util.UUID;

/**
 * What a client whose lease runs has measured between its last two reports. Immutable.
 *
 * @param client its id
 * @param application as in {@link ClientState}
 * @param host as in {@link ClientState}
 * @param pid as in {@link ClientState}
 * @param turn the turn of the watch that it has measured by
 * @param statements how many statements that may name the tables came back, or were under way for longer than the limit
 * @param slower how many of these took longer than the limit
 * @param slowest the longest of them so far
 * @param age how long ago it was told
 */
public record WatchReport(
        UUID client,
        String application,
        String host,
        long pid,
        long turn,
        long statements,
        long slower,
        Duration slowest,
        Duration age) {}
