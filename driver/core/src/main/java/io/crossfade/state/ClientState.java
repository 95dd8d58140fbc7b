package io.crossfade.state;

import io.crossfade.model.Side;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one client tells of itself each time it renews its lease. Immutable.
 *
 * @param id made anew at every start of the client
 * @param application the name that the application gives itself, property {@code crossfade.application}
 * @param host the machine's name
 * @param pid the operating system's process id
 * @param version the driver's version
 * @param view which version of the table the application was written for
 * @param epochSeen the newest epoch that it has loaded
 * @param epochAcknowledged the newest epoch that it has loaded with no transaction left from an older one
 * @param sessionsOpen how many physical connections it holds
 * @param oldestTransactionAt when its oldest transaction of an older epoch than {@code epochSeen} began, if one is left
 * @param oldestTransactionConnection that transaction's connection id
 * @param counters what was refused or kept on the old side and why, as JSON; null where nothing was
 */
public record ClientState(
        UUID id,
        String application,
        String host,
        long pid,
        String version,
        Side view,
        long epochSeen,
        long epochAcknowledged,
        int sessionsOpen,
        @Nullable Instant oldestTransactionAt,
        @Nullable Long oldestTransactionConnection,
        @Nullable String counters) {}
