package io.crossfade.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as people write it: {@code 45s}, {@code 90m}, {@code 24h}, {@code 7d}, or 0. */
final class TimeSpan {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smhd])");

    private TimeSpan() {}

    static Duration parse(String option, String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher m = TIME.matcher(text);
        if (!m.matches()) {
            throw new UsageException(
                    option + " cannot be read; it says \"" + text + "\"; write a number with s, m, h or d, or 0");
        }
        long number = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
