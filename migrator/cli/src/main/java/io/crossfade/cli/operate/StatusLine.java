package io.crossfade.cli.operate;

import io.crossfade.migrator.alter.Status;
import java.time.Duration;
import java.util.Locale;

/** The status in one line, as gh-ost prints it. Immutable. */
public final class StatusLine {

    private StatusLine() {}

    /**
     * {@code Copy: 500/1000 50.0%; Applied: 7; Backlog: 0/1000; Time: 1m3s(total), 1m0s(copy); streamer: binlog.000003:1234;
     * Lag: 0.01s, HeartbeatLag: 0.01s, State: migrating; ETA: 12s}
     */
    public static String of(Status s, long replicaLagMillis) {
        return String.format(
                Locale.ROOT,
                "Copy: %d/%d %.1f%%; Applied: %d; Backlog: %d/%d; Time: %s(total), %s(copy); streamer: %s; Lag: %.2fs,"
                        + " HeartbeatLag: %.2fs, State: %s; ETA: %s",
                s.rowsCopied(),
                s.rowsTotal(),
                percent(s),
                s.rowsApplied(),
                s.backlog(),
                s.backlogMax(),
                duration(s.elapsed()),
                duration(s.elapsedCopy()),
                s.position(),
                Math.max(replicaLagMillis, s.lagMillis()) / 1000.0,
                s.lagMillis() / 1000.0,
                state(s),
                eta(s));
    }

    /** How much of the copy is done, 0 to 100; an estimate of the rows may be too low. */
    public static double percent(Status s) {
        return s.rowsTotal() <= 0 ? 0 : Math.min(100, 100.0 * s.rowsCopied() / s.rowsTotal());
    }

    /** gh-ost's words where it has one for the state. */
    static String state(Status s) {
        if (!s.throttledBy().isEmpty()) {
            return "throttled, " + s.throttledBy();
        }
        return switch (s.state()) {
            case "copying" -> "migrating";
            case "postponed" -> "postponing cut-over";
            default -> s.state();
        };
    }

    static String eta(Status s) {
        if (s.left().isNegative()) {
            return "N/A";
        }
        return s.left().isZero() && s.rowsTotal() > 0 ? "due" : duration(s.left());
    }

    /** To the second, as Go writes it: {@code 1h2m3s}. */
    static String duration(Duration d) {
        String seconds = d.toSecondsPart() + "s";
        if (d.toHours() > 0) {
            return d.toHours() + "h" + d.toMinutesPart() + "m" + seconds;
        }
        return d.toMinutes() > 0 ? d.toMinutes() + "m" + seconds : seconds;
    }
}
