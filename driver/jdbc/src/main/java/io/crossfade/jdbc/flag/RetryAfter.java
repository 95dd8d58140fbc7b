package io.crossfade.jdbc.flag;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Retry-After}: {@code 120}, {@code Fri, 20 Nov 2026 12:00:00 GMT} (RFC 9110, 10.2.3), or
 * {@code 2026-11-20T12:00:00Z} as OFREP's own examples have it.
 */
final class RetryAfter {

    /** Longer than this no flag service keeps us away; whoever wants that takes the URL out. Judged, not measured. */
    static final Duration WAIT_MAX = Duration.ofHours(1);

    private RetryAfter() {}

    /** How long to wait, from 0 to {@link #WAIT_MAX}; null where the header says nothing that can be read. */
    static @Nullable Duration parse(String header, Clock clock) {
        Duration asked = asked(header.trim(), clock.instant());
        if (asked == null || asked.isNegative()) {
            return asked == null ? null : Duration.ZERO;
        }
        return asked.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : asked;
    }

    private static @Nullable Duration asked(String header, Instant now) {
        if (header.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(header));
        }
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            // The other spelling, then.
        }
        try {
            return Duration.between(now, OffsetDateTime.parse(header).toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
