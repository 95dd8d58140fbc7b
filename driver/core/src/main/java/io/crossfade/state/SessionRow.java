package io.crossfade.state;

import java.util.UUID;

/**
 * A physical connection as its client has written it down. Immutable.
 *
 * @param peer the other end as {@code host:port}; empty where that is not known
 */
public record SessionRow(UUID client, long connectionId, String peer) {}
