package io.crossfade.state;

import java.time.Instant;

/**
 * A gate as it stands in the control tables, for whoever wants to see it; one of several tables is there once for each. Immutable.
 *
 * @param announcement its table, phase and turn
 * @param who announced it
 * @param announcedAt when, by the server's clock
 * @param isLeft whether its migrator has not moved it for so long that clients pass it over
 */
public record GateRow(Announcement announcement, String who, Instant announcedAt, boolean isLeft) {}
